import {
  type AsyncDocument,
  asyncDocument,
  isTold,
  mergeAsync,
  readAsync,
  type WantedChannel,
} from './async-document.ts';
import type {NexusAdmin, Present} from './nexus-admin.ts';
import {type Look, ProvisionError, type Target} from './target.ts';

export interface AsyncTargetOptions {
  name: string;
  admin: NexusAdmin;
  channels: readonly WantedChannel[];
  /** The tenant's other channels of the file: they stay as they stand, as far as the system shows it. */
  others: readonly WantedChannel[];
  /** Channels to leave out, whosever they are. */
  drop: readonly string[];
  /** Only takes out: ours that stay, stay as they are. */
  onlyDrop: boolean;
  /** Writes it although no difference can be seen: for secrets the system does not show. */
  rewrite: boolean;
}

const service = 'Async';
const empty: AsyncDocument = {data: {channels: []}, secret: {channels: []}};

/** The service `Async`: all channels of a tenant in one document, which writing replaces whole. */
export function createAsyncTarget(options: AsyncTargetOptions): Target {
  const {name, admin, channels, others, drop, onlyDrop, rewrite} = options;
  const staying = channels.filter(({channelId}) => !drop.includes(channelId));
  const besides = others.filter(({channelId}) => ![...drop, ...channels.map(one => one.channelId)].includes(channelId));

  function toWanted(before: AsyncDocument | undefined, isBlind: boolean): WantedChannel[] {
    if (before === undefined) return isBlind ? [...staying, ...besides] : staying;
    return [...(onlyDrop ? asTheyStand(before, staying) : staying), ...asTheyStand(before, besides)];
  }

  async function look(): Promise<Look> {
    const present = await admin.read(service);
    const before = readDocument(present, name);
    const isBlind = present.kind === 'hidden';
    const wanted = toWanted(before, isBlind);
    const {document, changes, lost, unseen} = mergeAsync(before ?? empty, {wanted, drop});
    return {
      before,
      changes: isBlind ? wanted.map(toBlind) : changes,
      notes: toNotes({isBlind, unseen, rewrite}),
      objections: toObjections(name, {isBlind, lost, isEmpty: wanted.length === 0}),
      readable: !isBlind,
      rewrite,
      apply: () => admin.write(service, document),
    };
  }

  async function restore(before: unknown): Promise<'put back'> {
    const isKept = before !== undefined && before !== null;
    if (!isKept && (await admin.read(service)).kind === 'hidden') {
      const message = `${name}: the backup holds nothing of it and the system does not show it: putting that back would take all its channels out of service. It stays as it is.`;
      throw new ProvisionError('held back', message);
    }
    const document = isKept ? asyncDocument.parse(before) : empty;
    await admin.write(service, withSecrets(document, [...channels, ...others], name));
    return 'put back';
  }

  return {name, look, restore};
}

function readDocument(present: Present, name: string): AsyncDocument | undefined {
  if (present.kind !== 'document') return undefined;
  const read = readAsync(present.document);
  if (read !== undefined) return read;
  const message = `${name} has a form that is not known here: nothing is written. Compare it with the set-up guide by hand.`;
  throw new ProvisionError('refused', message);
}

/** Those of ours that are in the document, with what it says of them, as far as it shows it. */
function asTheyStand({data, secret}: AsyncDocument, channels: readonly WantedChannel[]): WantedChannel[] {
  return channels.flatMap(channel => {
    const standing = data.channels.find(({channelId}) => channelId === channel.channelId);
    if (standing === undefined) return [];
    const told = secret.channels.find(other => other.channelId === channel.channelId && isTold(other));
    const secrets = told && {webhookSecret: String(told.webhook?.secret), apiSecret: String(told.api?.secret)};
    return [{...channel, ...secrets, url: standing.webhook?.url ?? channel.url}];
  });
}

function toBlind({channelId, url}: WantedChannel) {
  return {sign: '~' as const, text: `channel ${channelId}: webhook ${url} (what stands there can't be read)`};
}

function toNotes({
  isBlind,
  unseen,
  rewrite,
}: {
  isBlind: boolean;
  unseen: readonly string[];
  rewrite: boolean;
}): string[] {
  if (isBlind)
    return ['The system does not show the present document: any channel that is not listed here is gone after it.'];
  if (unseen.length === 0 || rewrite) return [];
  return [
    `The secrets of ${unseen.join(', ')} can't be read and so not compared: after a change of theirs, say --rewrite.`,
  ];
}

function toObjections(
  name: string,
  {isBlind, lost, isEmpty}: {isBlind: boolean; lost: readonly string[]; isEmpty: boolean},
): string[] {
  const objections = lost.map(
    channelId =>
      `${name} holds the channel ${channelId}, which is not in the file and whose secrets can't be read: writing would drop it. Put it into the file, or say --drop ${channelId}.`,
  );
  if (isBlind && isEmpty)
    objections.push(`${name} can't be read: without a channel of ours, writing it would take all out of service.`);
  return objections;
}

/** A backup of a system that masks secrets gets ours back from the file; others' can't be had again. */
function withSecrets(document: AsyncDocument, channels: readonly WantedChannel[], name: string): AsyncDocument {
  const told = document.secret.channels.filter(isTold);
  const ids = document.data.channels.map(({channelId}) => channelId);
  const wanted = channels.filter(
    ({channelId}) => ids.includes(channelId) && told.every(other => other.channelId !== channelId),
  );
  const secrets = wanted.map(({channelId, webhookSecret, apiSecret}) => ({
    channelId,
    webhook: {secret: webhookSecret},
    api: {secret: apiSecret},
  }));
  const all = [...told, ...secrets];
  const missing = ids.filter(id => all.every(({channelId}) => channelId !== id));
  if (missing.length > 0) {
    const message = `${name}: the backup has no secrets of ${missing.join(', ')}, and the file does not know them. Put them into the backup.`;
    throw new ProvisionError('held back', message);
  }
  const inOrder = ids.flatMap(id => all.find(({channelId}) => channelId === id) ?? []);
  return {...document, secret: {...document.secret, channels: inOrder}};
}
