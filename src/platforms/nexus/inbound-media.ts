import type {Channel} from '../../core/channel.ts';
import type {Log} from '../../core/log.ts';
import type {MediaLoad} from '../../core/media.ts';
import type {Inbound, Media} from '../../core/message.ts';
import {maxRetryAfterMs} from '../../core/retry.ts';
import type {Post} from '../platform.ts';
import type {Contract} from './contract.ts';
import {toSafeFilename} from './multipart.ts';
import type {Upload} from './upload.ts';

/** What goes with an inbound text: what was uploaded, and whether a file stayed behind. Or: not now. */
export type Carried =
  | {kind: 'ready'; media: Media[]; leftBehind: boolean}
  | {kind: 'unavailable'; why: string; retryAfterMs?: number};

export type CarryMedia = (channel: Channel, post: Post) => Promise<Carried>;

export interface InboundMediaOptions {
  contract: Contract;
  upload(
    channel: Channel,
    file: {bytes: Uint8Array; contentType: string; filename: string},
    traceId: string,
  ): Promise<Upload>;
  /** Absent: no file can be had, each is told by the notice. */
  loadMedia?(inbound: Inbound, media: Media, maxBytes: number): Promise<MediaLoad>;
  log: Log;
  now(): number;
}

const mostRemembered = 1000;

/**
 * Brings the files of an inbound text to Nexus before the text is posted. A file that is refused never holds the text back; one that can't be
 * had for the moment does, for `contract.media.retryFor` from the first time it was missed: what waited for another reason has not waited for it. What was uploaded is remembered, so that a text posted again uploads nothing twice.
 */
export function createInboundMedia(options: InboundMediaOptions): CarryMedia {
  const {contract, log, now} = options;
  const missed = createMissed(contract.media.retryFor, now);
  const uploaded = new Map<string, Media>();

  const remember = (key: string, media: Media): Media => {
    uploaded.set(key, media);
    const [oldest] = uploaded.keys();
    if (uploaded.size > mostRemembered && oldest !== undefined) uploaded.delete(oldest);
    return media;
  };

  return async (channel, post) => {
    if (post.kind === 'receipt' || post.inbound.media.length === 0)
      return {kind: 'ready', media: [], leftBehind: false};
    const {inbound} = post;
    const media: Media[] = [];
    for (const file of inbound.media) {
      const key = JSON.stringify([inbound.messageId, file.url]);
      const brought = uploaded.get(key) ?? (await bring(options, channel, inbound, file));
      if (!('kind' in brought)) {
        media.push(remember(key, brought));
        continue;
      }
      if (brought.kind === 'unavailable' && missed.forMs(inbound) < contract.media.retryFor) return brought;
      const {messageId, traceId} = inbound;
      log.warn('nexus.media.left_behind', {messageId, traceId, channel: channel.id, why: brought.why});
    }
    missed.forget(inbound);
    return {kind: 'ready', media, leftBehind: media.length < inbound.media.length};
  };
}

const mostMissed = 10_000;

/**
 * Since when a text has waited for its files, in this process. Where as many do as are remembered it is since the text came: if one took the place
 * of another that waits as well, the time of none of them would ever be over.
 */
function createMissed(retryForMs: number, now: () => number) {
  const since = new Map<string, number>();
  return {
    forMs({messageId, receivedAt}: Inbound): number {
      const first = since.get(messageId);
      if (first !== undefined) return now() - first;
      if (since.size >= mostMissed) {
        const [[oldest, oldestAt] = ['', 0]] = since;
        if (now() - oldestAt < retryForMs + maxRetryAfterMs) return now() - receivedAt;
        since.delete(oldest);
      }
      since.set(messageId, now());
      return 0;
    },
    forget: ({messageId}: Inbound) => void since.delete(messageId),
  };
}

async function bring(
  {contract, upload, loadMedia}: InboundMediaOptions,
  channel: Channel,
  inbound: Inbound,
  media: Media,
): Promise<Media | Exclude<Upload, {kind: 'uploaded'}>> {
  if (loadMedia === undefined) return {kind: 'refused', why: 'nothing here can fetch it'};
  const load = await loadMedia(inbound, media, contract.media.maxBytes);
  if (load.kind !== 'loaded') return load;
  const {bytes} = load;
  const contentType = load.contentType.toLowerCase().split(';')[0]?.trim() ?? '';
  if (bytes.length > contract.media.maxBytes)
    return {kind: 'refused', why: 'it is larger than contract.media.maxBytes'};
  if (!contract.media.types.some(type => isOfType(contentType, type))) {
    return {kind: 'refused', why: 'contract.media.types does not name its type'};
  }
  const filename = toSafeFilename(load.filename ?? media.filename ?? contentType.replace('/', '.'));
  const result = await upload(channel, {bytes, contentType, filename}, inbound.traceId);
  return result.kind === 'uploaded' ? {url: result.url, contentType, filename} : result;
}

function isOfType(contentType: string, type: string): boolean {
  return type.endsWith('/*') ? contentType.startsWith(type.slice(0, -1)) : contentType === type;
}
