import {randomBytes} from 'node:crypto';

const bytes = 32;

/**
 * Strong secrets as lines of an environment file, 256 random bits each: those of the channels' signatures, with the channel's id in their names where
 * channels are given, else for one channel and the caller of the API as the README's file has them. Kept nowhere.
 */
export function toNewSecrets(channels: readonly string[]): string {
  const endings = channels.map(id => `_${id.replaceAll(/\W/g, '_')}`);
  const names =
    endings.length === 0
      ? ['ASYNC_WEBHOOK_SIGNATURE_KEY', 'ASYNC_API_SIGNATURE_KEY', 'OPS_TOKEN']
      : endings.flatMap(ending => [`ASYNC_WEBHOOK_SIGNATURE_KEY${ending}`, `ASYNC_API_SIGNATURE_KEY${ending}`]);
  return names.map(name => `${name}=${randomBytes(bytes).toString('hex')}\n`).join('');
}
