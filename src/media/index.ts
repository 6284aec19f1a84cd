import type {Channel} from '../core/channel.ts';
import {derive} from '../core/live.ts';
import type {MediaLoad} from '../core/media.ts';
import type {Media, Outbound} from '../core/message.ts';
import {createMediaLinks} from './links.ts';
import {createMediaRouter} from './router.ts';

/** What is kept of a text that has files. */
export interface StoredText {
  platform: string;
  channel: string;
  traceId: string;
  /** What was captured of its webhook. */
  headers?: Readonly<Record<string, string>> | undefined;
  acceptedAt: number;
  /** Those that have left, in its present cycle. */
  segments: ReadonlyArray<{startedAt?: number}>;
  media?: Media[];
}

export interface MediaServiceOptions {
  publicUrl: string;
  /** As they are at present. */
  channels(): readonly Channel[];
  /** Undefined: there is no such text of a platform. */
  find(messageId: string): Promise<StoredText | undefined>;
  /** The bytes behind a reference of that platform. */
  load(
    platform: string,
    wanted: Pick<StoredText, 'channel' | 'traceId' | 'headers'> & {media: Media; maxBytes: number},
  ): Promise<MediaLoad>;
  now(): number;
}

/** What a link leads to. */
interface LinkedFile {
  text: StoredText;
  /** Among its files, from 0. */
  index: number;
}

/** What carriers fetch from us at most: the most any of them takes in one message. */
const maxBytes = 5_242_880;
/** Longer than any carrier keeps a text before it fetches its files, and long enough for a person to follow a link. */
const lifeMs = 86_400_000;

/** Files of outbound texts on our own public port: what only their platform can give, for carriers and phones to fetch. */
export function createMediaService({publicUrl, channels, find, load, now}: MediaServiceOptions) {
  const links = derive(channels, all => createMediaLinks({publicUrl, channels: all}));
  const linked = derive(channels, toLinkedNames);

  async function read(token: string): Promise<LinkedFile | undefined> {
    const reference = links().read(token);
    const text = reference && (await find(reference.messageId));
    if (reference === undefined || text === undefined || !reference.isFor(text.platform, text.channel))
      return undefined;
    return {text, index: reference.index};
  }

  async function loadLinked({text, index}: LinkedFile): Promise<MediaLoad | 'unknown' | 'expired'> {
    if (now() - leftAt(text) > lifeMs || text.media === undefined) return 'expired';
    const media = text.media[index];
    if (media === undefined) return 'unknown';
    const {platform, channel, traceId, headers} = text;
    return load(platform, {media, channel, traceId, headers, maxBytes});
  }

  /** What is on the web can be fetched where it is; other references only we can resolve. */
  function toMediaLink(media: Media, {messageId, platform, channel, media: all}: Outbound): string {
    if (/^https?:\/\//i.test(media.url)) return media.url;
    return links().toLink(messageId, all.indexOf(media), {platform, id: channel});
  }

  return {
    toMediaLink,
    /** For channels whose files go as links: the text with a line for each file, and no files. */
    toLinked(outbound: Outbound): Outbound {
      const {platform, channel, media, text} = outbound;
      if (media.length === 0 || !linked().has(`${platform} ${channel}`)) return outbound;
      const lines = [text, ...media.map(one => toMediaLink(one, outbound))].filter(line => line !== '');
      return {...outbound, text: lines.join('\n'), media: []};
    },
    router: createMediaRouter({links: {read}, load: loadLinked}),
  };
}

/** When it left last: a replay sends it, and makes its links, long after it came. */
function leftAt({acceptedAt, segments}: StoredText): number {
  return Math.max(acceptedAt, ...segments.map(({startedAt = 0}) => startedAt));
}

function toLinkedNames(channels: readonly Channel[]): Set<string> {
  return new Set(channels.filter(({media}) => media === 'link').map(({platform, id}) => `${platform} ${id}`));
}

export type MediaService = ReturnType<typeof createMediaService>;
