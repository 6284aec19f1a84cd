import {toAddress} from '../../core/address.ts';
import type {Channel} from '../../core/channel.ts';
import type {Log} from '../../core/log.ts';
import {Refusal} from '../../core/refusal.ts';
import type {Contract} from './contract.ts';
import type {NexusOptions} from './options.ts';
import {findFault, findSigner, type Signed} from './proof.ts';
import {toReportedUntil} from './report-only.ts';

/** Whose webhook it is: channels by path, by secret, by what the body says. Throws `Refusal` for each "no". */
export interface Directory {
  /** The channel of a path; without `platform` its id must be unique. */
  byPath(channel: string, platform?: string): Channel;
  /** That one of the channel's secrets signed it, unless the contract only asks for a report. */
  verify(channel: Channel, signed: Signed, traceId: string): void;
  /** Without a channel in the path: those whose secret made the signature, at least one. */
  bySignature(signed: Signed): Channel[];
  /** The one of `channels` that the body names; when it names none, the only one. */
  byBody(channels: readonly Channel[], senders: readonly string[]): Channel;
}

export interface DirectoryOptions {
  platforms: ReadonlyMap<string, NexusOptions>;
  channels: readonly Channel[];
  log: Log;
  now(): number;
}

/** Each costs an HMAC over a body nobody has vouched for yet. */
export const maxSecretsTried = 64;

export function createDirectory({platforms, channels, log, now}: DirectoryOptions): Directory {
  const known = channels.filter(channel => platforms.has(channel.platform));
  const byId = Map.groupBy(known, channel => channel.id);
  const byName = toNames(known);
  const signers = toSigners(known);
  const reportedUntil = new Map([...platforms].map(([name, {contract}]) => [name, toReportedUntil(contract, now())]));
  const contractOf = (platform: string) => platforms.get(platform)?.contract;
  const badStatus = (platform: string) => statusOf(contractOf(platform)?.badSignatureStatus, 401, now());
  const unknownStatus = (platform: string) => statusOf(contractOf(platform)?.unknownChannelStatus, 404, now());
  /** What is leaving is still known, and takes nothing new. */
  const here = (channel: Channel): Channel => {
    if (!channel.leaving) return channel;
    const status = unknownStatus(channel.platform);
    throw new Refusal(status, 'channel_removed', channelRemoved, retryAfter(status));
  };
  const anyOf = (status: typeof badStatus) => Math.max(status(''), ...[...platforms.keys()].map(status));

  return {
    byPath(id, platform) {
      const named = (byId.get(id) ?? []).filter(channel => platform === undefined || channel.platform === platform);
      const [channel, other] = named;
      if (channel !== undefined && other === undefined) return here(channel);
      const isKnown = platform !== undefined && platforms.has(platform);
      const status = isKnown ? unknownStatus(platform) : anyOf(unknownStatus);
      if (channel === undefined) throw new Refusal(status, 'unknown_channel', unknownChannel, retryAfter(status));
      throw new Refusal(status, 'ambiguous_channel', ambiguousChannel, retryAfter(status));
    },

    verify({id, platform, webhookSecrets}, signed, traceId) {
      const contract = contractOf(platform);
      if (findSigner(signed, webhookSecrets, contract) !== undefined) return;
      const refusal = badSignature(signed, badStatus(platform), contract);
      if (now() >= (reportedUntil.get(platform) ?? 0)) throw refusal;
      log.error('nexus.signature.reported', {platform, channel: id, traceId, code: refusal.code});
    },

    bySignature(signed) {
      const fitting = signers.flatMap(({platform, secrets, channels: own}) => {
        const secret = findSigner(signed, secrets, contractOf(platform));
        return secret === undefined ? [] : own.filter(({webhookSecrets}) => webhookSecrets.includes(secret));
      });
      if (fitting.length > 0) return fitting;
      throw badSignature(signed, anyOf(badStatus), contractOf(known[0]?.platform ?? ''));
    },

    byBody(fitting, senders) {
      const named = senders.map(sender => byName.get(toName(sender))).find(channels => channels !== undefined);
      const chosen = named === undefined ? fitting : fitting.filter(channel => named.has(channel));
      const staying = chosen.filter(({leaving}) => !leaving);
      const [channel, other] = staying.length > 0 ? staying : chosen;
      if (channel !== undefined && other === undefined) return here(channel);
      const status = anyOf(badStatus);
      throw new Refusal(status, 'channel_not_proven', channelNotProven, retryAfter(status));
    },
  };
}

const unknownChannel =
  'No such channel here: compare webhook.url of the Async service with the channels of the gateway’s configuration.';
const channelRemoved =
  'This channel was taken out of the gateway’s configuration: take it out of the Async service too, or put it back here.';
const ambiguousChannel =
  'Several platforms have a channel of this id: let webhook.url end in /nexus/webhook/{platform}/{channelId}.';
const channelNotProven =
  'The secret that signed this belongs to another channel than the one named, or to several: let webhook.url end in /nexus/webhook/{platform}/{channelId}.';
const signatureFaults = {
  absent: 'X-Hub-Signature is absent: sign the body with the channel’s webhook secret, as sha1=<hex>.',
  malformed:
    'X-Hub-Signature does not read as sha1= and a digest (40 hex digits unless contract.signatureEncoding says base64): sign the body with the channel’s webhook secret.',
  wrong:
    'X-Hub-Signature is not that of this body: compare the Async service’s webhook secret with the channel’s webhookSecret.',
} as const;

const sha256Faults = {
  malformed:
    'X-Hub-Signature-256 does not read as sha256= and a digest (64 hex digits, or base64): sign the body with the channel’s webhook secret.',
  wrong:
    'X-Hub-Signature-256 is not that of this body: compare the platform’s webhook secret with the channel’s webhookSecret.',
} as const;

/** The distinct secrets of each platform, no more than `maxSecretsTried` in all. */
function toSigners(known: readonly Channel[]) {
  const tried = new Set([...new Set(known.flatMap(({webhookSecrets}) => webhookSecrets))].slice(0, maxSecretsTried));
  return [...Map.groupBy(known, ({platform}) => platform)].map(([platform, channels]) => {
    const secrets = new Set(channels.flatMap(({webhookSecrets}) => webhookSecrets));
    return {platform, channels, secrets: [...secrets].filter(secret => tried.has(secret))};
  });
}

/** What a body may call a channel: its id, or its number in any notation. */
function toNames(known: readonly Channel[]): Map<string, Set<Channel>> {
  const byName = new Map<string, Set<Channel>>();
  for (const channel of known) {
    for (const name of new Set([toName(channel.id), channel.address])) {
      byName.set(name, (byName.get(name) ?? new Set()).add(channel));
    }
  }
  return byName;
}

function toName(sender: string): string {
  return toAddress(sender) ?? sender;
}

function badSignature(signed: Signed, status: number, contract: Contract | undefined): Refusal {
  const {fault, header} = findFault(signed, contract);
  const why = header === 'sha256' && fault !== 'absent' ? sha256Faults[fault] : signatureFaults[fault];
  return new Refusal(status, `signature_${fault}`, why, retryAfter(status));
}

function statusOf(setting: {status: number; until: string} | undefined, otherwise: number, now: number): number {
  return setting !== undefined && now < Date.parse(setting.until) ? setting.status : otherwise;
}

function retryAfter(status: number): number | undefined {
  return status === 503 ? 30 : undefined;
}
