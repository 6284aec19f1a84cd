import type {Actor} from '../core/audit.ts';
import type {Channel} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {OutboundEvent, Platform} from '../platforms/platform.ts';
import type {QueueFilter, Resolution, Store} from '../store/store.ts';
import type {Gates} from './gates.ts';
import {toNewOutbound} from './take-outbound.ts';

const purgeBatch = 500;

export interface OperationsOptions {
  store: Store;
  channels(): readonly Channel[];
  platforms(): ReadonlyMap<string, Platform>;
  gates: Gates;
  log: Log;
  now(): number;
}

/** What a person may do to what is under way; `by` stands in the history of each message touched. */
export function createOperations({store, channels, platforms, gates, log, now}: OperationsOptions) {
  function findChannel(platform: string, channel: string): Channel | undefined {
    return channels().find(candidate => candidate.platform === platform && candidate.id === channel);
  }

  async function replay(messageId: string, by: Actor): Promise<'replayed' | 'not_found' | 'not_ended' | 'unreadable'> {
    const record = await store.get(messageId, false);
    if (record === undefined) return 'not_found';
    // Whether an unknown text was sent is for a person to say; all else the store knows.
    if (record.state === 'unknown') return 'not_ended';
    const unreadable = await store.raw(messageId);
    const done =
      unreadable === undefined
        ? await store.replay(messageId, findChannel(record.platform, record.channel)?.sendWithinMs ?? 0)
        : await readAgain(messageId, {...unreadable, traceId: record.traceId});
    if (!done) return unreadable === undefined ? 'not_ended' : 'unreadable';
    await store.note(messageId, 'replayed', {by: by.name});
    log.info('message.replayed', {messageId, by: by.name});
    return 'replayed';
  }

  /** The platform was promised this `messageId` for the body's first text. */
  async function readAgain(messageId: string, body: Omit<OutboundEvent, 'reading'>): Promise<boolean> {
    const channel = findChannel(body.platform, body.channel);
    const reading = platforms().get(body.platform)?.read(body.raw, body.channel);
    if (channel === undefined || reading?.readable !== true) return false;
    const [first, ...more] = reading.texts.map((text, position) =>
      toNewOutbound({event: {...body, reading}, text, position, channel}, now()),
    );
    if (first === undefined) return false;
    for (const other of more) await store.acceptOutbound(other);
    return store.replaceUnreadable({...first, outbound: {...first.outbound, messageId}});
  }

  async function settle(
    messageId: string,
    as: 'sent' | 'failed' | 'retry',
    by: Actor,
  ): Promise<'settled' | 'not_found' | 'not_unknown'> {
    const record = await store.get(messageId, false);
    if (record === undefined) return 'not_found';
    if (record.state !== 'unknown') return 'not_unknown';
    const channel = findChannel(record.platform, record.channel);
    const events = [{event: 'settled', detail: {by: by.name, as}}];
    const resolution = toResolution(messageId, as, channel?.receiptWithinMs ?? 0, events);
    const applied = await store.resolve(resolution, {by, action: 'settle', target: {messageId, as}});
    log.info('message.settled', {messageId, by: by.name, as, applied});
    return applied ? 'settled' : 'not_unknown';
  }

  async function purge(queues: readonly string[], reason: string, by: Actor): Promise<number> {
    const why = {code: 'MessageNotAllowed', message: `purged by ${by.name}: ${reason}`} as const;
    let count = 0;
    for (;;) {
      const some = await store.purge([...queues], why, purgeBatch);
      count += some;
      if (some === 0) break;
    }
    log.warn('queue.purged', {by: by.name, reason, count, queues: queues.length});
    return count;
  }

  async function pause(filter: QueueFilter, reason: string, by: Actor): Promise<void> {
    await gates.pause({filter, reason, by: by.name});
    log.warn('queue.paused', {by: by.name, reason, filter: JSON.stringify(filter)});
  }

  async function resume(filter: QueueFilter, by: Actor): Promise<boolean> {
    const resumed = await gates.resume(filter);
    log.warn('queue.resumed', {by: by.name, filter: JSON.stringify(filter), resumed});
    return resumed;
  }

  return {replay, settle, purge, pause, resume};
}

function toResolution(
  messageId: string,
  as: 'sent' | 'failed' | 'retry',
  receiptWithinMs: number,
  events: Resolution['events'],
): Resolution {
  switch (as) {
    case 'sent':
      return {messageId, to: 'sent', receiptWithinMs, events};
    case 'retry':
      return {messageId, to: 'requeue', events};
    case 'failed':
      return {messageId, to: 'failed', reason: {code: 'GeneralError', message: 'given up by an operator'}, events};
  }
}
