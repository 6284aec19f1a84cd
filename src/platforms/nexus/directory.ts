import {toAddress} from '../../core/address.ts';
import type {Channel} from '../../core/channel.ts';
import {Refusal} from '../../core/refusal.ts';
import type {NexusOptions} from './options.ts';
import {findSecret, toSignatureFault} from './signature.ts';

/** A signature as the webhook's headers carry it. */
export interface Signed {
  raw: Buffer;
  /** `X-Hub-Signature`, empty when absent. */
  sha1: string;
  /** `X-Hub-Signature-256`, empty when absent. */
  sha256: string;
}

/** Whose webhook it is: channels by path, by secret, by what the body says. Throws `Refusal` for each "no". */
export interface Directory {
  /** The channel of a path; without `platform` its id must be unique. */
  byPath(channel: string, platform?: string): Channel;
  verify(channel: Channel, signed: Signed): void;
  /** Without a channel in the path: those whose secret made the signature, at least one. */
  bySignature(signed: Signed): Channel[];
  /** The one of `channels` that the body names; when it names none, the only one. */
  byBody(channels: readonly Channel[], senders: readonly string[]): Channel;
}

export interface DirectoryOptions {
  platforms: ReadonlyMap<string, NexusOptions>;
  channels: readonly Channel[];
  now(): number;
}

/** Each costs an HMAC over a body nobody has vouched for yet. */
export const maxSecretsTried = 64;

export function createDirectory({platforms, channels, now}: DirectoryOptions): Directory {
  const known = channels.filter(channel => platforms.has(channel.platform));
  const byId = Map.groupBy(known, channel => channel.id);
  const secrets = [...new Set(known.flatMap(channel => channel.webhookSecrets))].slice(0, maxSecretsTried);
  const unknownStatus = (options: NexusOptions | undefined) =>
    statusOf(options?.contract.unknownChannelStatus, 404, now());
  const badStatus = (options: NexusOptions | undefined) => statusOf(options?.contract.badSignatureStatus, 401, now());
  const anyOf = (status: typeof badStatus) => Math.max(...[...platforms.values()].map(status), status(undefined));

  return {
    byPath(id, platform) {
      const named = (byId.get(id) ?? []).filter(channel => platform === undefined || channel.platform === platform);
      const [channel, other] = named;
      if (channel === undefined) {
        const status = platform === undefined ? anyOf(unknownStatus) : unknownStatus(platforms.get(platform));
        throw new Refusal(status, 'unknown_channel', unknownChannel, retryAfter(status));
      }
      if (other !== undefined) throw new Refusal(404, 'ambiguous_channel', ambiguousChannel);
      return channel;
    },

    verify(channel, signed) {
      const options = platforms.get(channel.platform);
      if (isSigned(signed, channel.webhookSecrets, options)) return;
      throw badSignature(signed, badStatus(options));
    },

    bySignature(signed) {
      const secret = findSecret(signed.sha1, signed.raw, secrets);
      const fitting = known.filter(channel =>
        secret === undefined
          ? signed.sha1 === '' && isSigned(signed, channel.webhookSecrets, platforms.get(channel.platform))
          : channel.webhookSecrets.includes(secret),
      );
      if (fitting.length > 0) return fitting;
      throw badSignature(signed, anyOf(badStatus));
    },

    byBody(fitting, senders) {
      const named = senders.find(sender => known.some(channel => names(sender, channel)));
      const chosen = named === undefined ? fitting : fitting.filter(channel => names(named, channel));
      const [channel, other] = chosen;
      if (channel !== undefined && other === undefined) return channel;
      const status = anyOf(badStatus);
      throw new Refusal(status, 'channel_not_proven', channelNotProven, retryAfter(status));
    },
  };
}

const unknownChannel =
  'No such channel here: compare webhook.url of the Async service with the channels of the gateway’s configuration.';
const ambiguousChannel =
  'Several platforms have a channel of this id: let webhook.url end in /nexus/webhook/{platform}/{channelId}.';
const channelNotProven =
  'The secret that signed this belongs to another channel than the one named, or to several: let webhook.url end in /nexus/webhook/{platform}/{channelId}.';
const signatureFaults = {
  absent: 'X-Hub-Signature is absent: sign the body with the channel’s webhook secret, as sha1=<hex>.',
  malformed:
    'X-Hub-Signature does not read as sha1= and 40 hex digits: sign the body with the channel’s webhook secret.',
  wrong:
    'X-Hub-Signature is not that of this body: compare the Async service’s webhook secret with the channel’s webhookSecret.',
} as const;

function isSigned({raw, sha1, sha256}: Signed, secrets: readonly string[], options: NexusOptions | undefined): boolean {
  if (sha1 !== '') return findSecret(sha1, raw, secrets) !== undefined;
  return options?.contract.acceptSha256 === true && findSecret(sha256, raw, secrets, 'sha256') !== undefined;
}

function badSignature({sha1}: Signed, status: number): Refusal {
  const fault = toSignatureFault(sha1);
  return new Refusal(status, `signature_${fault}`, signatureFaults[fault], retryAfter(status));
}

/** A body's word for a channel: its id, or its number in any notation. */
function names(sender: string, channel: Channel): boolean {
  if (sender === channel.id) return true;
  const address = toAddress(sender);
  return address !== undefined && (address === channel.address || address === toAddress(channel.id));
}

function statusOf(setting: {status: number; until: string} | undefined, otherwise: number, now: number): number {
  return setting !== undefined && now < Date.parse(setting.until) ? setting.status : otherwise;
}

function retryAfter(status: number): number | undefined {
  return status === 503 ? 30 : undefined;
}
