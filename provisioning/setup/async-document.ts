import {isDeepStrictEqual} from 'node:util';
import {z} from 'zod';
import {type Change, mask} from './target.ts';

/** A channel as the service `Async` should have it. */
export interface WantedChannel {
  channelId: string;
  url: string;
  webhookSecret: string;
  apiSecret: string;
}

const dataChannel = z.looseObject({
  channelId: z.coerce.string(),
  webhook: z.looseObject({url: z.string().optional()}).optional(),
});
const secretChannel = z.looseObject({
  channelId: z.coerce.string(),
  webhook: z.looseObject({secret: z.unknown()}).optional(),
  api: z.looseObject({secret: z.unknown()}).optional(),
});
export const asyncDocument = z.looseObject({
  data: z.looseObject({channels: z.array(dataChannel).default([])}).prefault({}),
  secret: z
    .looseObject({channels: z.array(secretChannel).catch([]).default([])})
    .nullish()
    .transform(secret => secret ?? {channels: []}),
});

export type AsyncDocument = z.output<typeof asyncDocument>;
type SecretChannel = z.output<typeof secretChannel>;

/** Undefined where it has a form that is not known here: channels stand in it where none are looked for. */
export function readAsync(document: unknown): AsyncDocument | undefined {
  const read = asyncDocument.safeParse(document);
  const hasChannels = JSON.stringify(document).includes('"channelId"');
  return read.success && (read.data.data.channels.length > 0 || !hasChannels) ? read.data : undefined;
}

export interface Merged {
  document: AsyncDocument;
  changes: Change[];
  /** Foreign channels whose secrets the system does not show: writing the document would drop them. */
  lost: string[];
  /** Our channels whose secrets can't be compared. */
  unseen: string[];
}

export interface MergeOptions {
  wanted: readonly WantedChannel[];
  /** Channels to leave out, whosever they are. */
  drop?: readonly string[];
}

/** The document with our channels as they should be; everything else stays as it is and where it is. */
export function mergeAsync(present: AsyncDocument, {wanted, drop = []}: MergeOptions): Merged {
  const ours = new Map(wanted.map(channel => [channel.channelId, channel]));
  const kept = present.data.channels.filter(({channelId}) => !drop.includes(channelId));
  const isAgain = ({channelId}: {channelId: string}, index: number) =>
    ours.has(channelId) && kept.findIndex(other => other.channelId === channelId) < index;
  const standing = kept.filter((channel, index) => !isAgain(channel, index));
  const secrets = new Map(present.secret.channels.map(channel => [channel.channelId, channel]));
  const foreign = standing.filter(({channelId}) => !ours.has(channelId));
  const lost = foreign.filter(({channelId}) => !isTold(secrets.get(channelId))).map(({channelId}) => channelId);
  const added = wanted.filter(({channelId}) => standing.every(other => other.channelId !== channelId));

  const data = [
    ...standing.map(channel => toData(channel, ours.get(channel.channelId))),
    ...added.map(channel => toData({channelId: channel.channelId}, channel)),
  ];
  const secret = data.flatMap(({channelId}) => {
    const own = ours.get(channelId);
    const kept = secrets.get(channelId);
    if (own !== undefined) return [toSecret(kept ?? {channelId}, own)];
    return kept === undefined ? [] : [kept];
  });
  return {
    document: {
      ...present,
      data: {...present.data, channels: data},
      secret: {...present.secret, channels: secret},
    },
    changes: [
      ...present.data.channels.filter(({channelId}) => drop.includes(channelId)).map(toDropped),
      ...kept.filter(isAgain).map(toSecond),
      ...standing.flatMap(channel => compare(channel, secrets.get(channel.channelId), ours.get(channel.channelId))),
      ...added.map(toAdded),
    ],
    lost,
    unseen: standing
      .filter(({channelId}) => ours.has(channelId) && !isTold(secrets.get(channelId)))
      .map(({channelId}) => channelId),
  };
}

/** Whether a secret is there and not masked: systems show stars, dots or nothing in its place. */
export function isTold(channel: SecretChannel | undefined): boolean {
  const values = [channel?.webhook?.secret, channel?.api?.secret];
  return values.every(value => typeof value === 'string' && !/^[*.•x]*$/.test(value));
}

function toData(present: z.output<typeof dataChannel>, wanted: WantedChannel | undefined) {
  return wanted === undefined ? present : {...present, webhook: {...present.webhook, url: wanted.url}};
}

function toSecret(present: SecretChannel, {webhookSecret, apiSecret}: WantedChannel): SecretChannel {
  return {
    ...present,
    webhook: {...present.webhook, secret: webhookSecret},
    api: {...present.api, secret: apiSecret},
  };
}

function compare(
  {channelId, webhook}: z.output<typeof dataChannel>,
  present: SecretChannel | undefined,
  wanted: WantedChannel | undefined,
): Change[] {
  if (wanted === undefined) return [];
  const changes: Change[] = [];
  if (webhook?.url !== wanted.url) {
    changes.push({sign: '~', text: `channel ${channelId}: webhook ${webhook?.url ?? 'none'} -> ${wanted.url}`});
  }
  if (!isTold(present)) return changes;
  const same = [present?.webhook?.secret, present?.api?.secret];
  if (!isDeepStrictEqual(same, [wanted.webhookSecret, wanted.apiSecret])) {
    changes.push({sign: '~', text: `channel ${channelId}: secrets ${mask} -> ${mask} (others)`});
  }
  return changes;
}

function toDropped({channelId}: {channelId: string}): Change {
  return {sign: '-', text: `channel ${channelId}`};
}

function toSecond({channelId}: {channelId: string}): Change {
  return {sign: '-', text: `channel ${channelId}, which stands there twice: the later one`};
}

function toAdded({channelId, url}: WantedChannel): Change {
  return {sign: '+', text: `channel ${channelId}: webhook ${url}, secrets ${mask}`};
}
