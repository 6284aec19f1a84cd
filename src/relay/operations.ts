import type {Actor, NewAudit} from '../core/audit.ts';
import {type Channel, entryOf} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {Platform} from '../platforms/platform.ts';
import type {Resolution, Store} from '../store/store.ts';
import type {OnList} from './consent.ts';
import {createPages, type Page} from './dead-letters.ts';
import type {Gates} from './gates.ts';
import {createReplay} from './replay.ts';
import {createStop} from './stop.ts';

type SettleAs = 'sent' | 'failed' | 'retry';
/** `no_carrier`: it can't be sent again by the carrier it had, and no other may do it. */
type Settled = 'settled' | 'not_found' | 'not_unknown' | 'no_carrier';

export interface OperationsOptions {
  store: Store;
  channels(): readonly Channel[];
  platforms(): ReadonlyMap<string, Platform>;
  gates: Gates;
  /** These phones are on these lists from now on. */
  onOptedOut(added: readonly OnList[]): void;
  log: Log;
  now(): number;
}

/** What a person may do to what is under way; `by` stands in the history of each message touched. */
export function createOperations({store, channels, platforms, gates, onOptedOut, log, now}: OperationsOptions) {
  function findChannel(platform: string, channel: string): Channel | undefined {
    return channels().find(candidate => candidate.platform === platform && candidate.id === channel);
  }

  const replay = createReplay({store, channels, platforms, onOptedOut, log, now});

  function settle(messageId: string, as: SettleAs, by: Actor): Promise<Settled> {
    return decide(messageId, as, by, {by, action: 'settle', target: {messageId, as}});
  }

  async function decide(messageId: string, as: SettleAs, by: Actor, audit?: NewAudit): Promise<Settled> {
    const record = await store.get(messageId, false);
    if (record === undefined) return 'not_found';
    if (record.state !== 'unknown') return 'not_unknown';
    const channel = findChannel(record.platform, record.channel);
    const entry = channel && entryOf(channel, record.carrier);
    if (as === 'retry' && entry === undefined) return 'no_carrier';
    const events = [{event: 'settled', detail: {by: by.name, as}}];
    const resolution = toResolution(messageId, as, channel?.receiptWithinMs ?? 0, events);
    const applied = await store.resolve(resolution, audit);
    log.info('message.settled', {messageId, traceId: record.traceId, by: by.name, as, applied});
    return applied ? 'settled' : 'not_unknown';
  }

  const replayPage = createPages(store, {action: 'replay'}, async ({messageId, at}, by) => {
    const result = await replay(messageId, by, at);
    return result === 'replayed' ? 'done' : result;
  });

  const settlePages = {sent: toSettlePage('sent'), failed: toSettlePage('failed'), retry: toSettlePage('retry')};

  function toSettlePage(as: SettleAs) {
    const page = createPages(store, {action: 'settle', as}, async ({messageId}, by) => {
      const result = await decide(messageId, as, by);
      return result === 'settled' ? 'done' : result;
    });
    return (asked: Page) => page({...asked, filter: {...asked.filter, state: 'unknown'}});
  }

  return {
    replay: (messageId: string, by: Actor) => replay(messageId, by),
    replayMany: replayPage,
    settle,
    settleMany: (as: SettleAs, asked: Page) => settlePages[as](asked),
    ...createStop({store, gates, log}),
  };
}

function toResolution(
  messageId: string,
  as: SettleAs,
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
