import {isSenderName} from '../core/address.ts';
import type {ReadChannel} from './channels.ts';
import type {Mistake} from './mistakes.ts';

/** What is wrong between channels: one id twice in a platform, one sender of one carrier for two channels. */
export function checkAcross(channels: readonly ReadChannel[], mistakes: Mistake[]): void {
  const ids = new Map<string, ReadChannel>();
  const senders = new Map<string, ReadChannel>();
  for (const read of channels) {
    const {channel, part} = read;
    const id = `${channel.platform}|${channel.id}`;
    const twin = ids.get(id);
    if (twin !== undefined) {
      const message = `is there twice in the platform ${channel.platform} (also ${placeOf(twin)}): leave one out.`;
      mistakes.push(part.document.mistake([...part.path, 'id'], message));
      continue;
    }
    ids.set(id, read);
    channel.carriers.forEach((entry, index) => {
      // Nobody can write to a name, so that texts from phones never have to be told apart by it.
      if (isSenderName(entry.address)) return;
      const sender = `${entry.carrier}|${entry.address}`;
      const other = senders.get(sender);
      if (other === undefined) senders.set(sender, read);
      else {
        const message = `serves a sender that ${placeOf(other)} has of the same carrier: texts from phones could not be told apart.`;
        mistakes.push(part.document.mistake([...part.path, 'carriers', index], message));
      }
    });
  }
}

function placeOf({part}: ReadChannel): string {
  const {file, line, path} = part.document.mistake(part.path, '');
  return `${path || 'the channel'} in ${line === undefined ? file : `${file}:${line}`}`;
}
