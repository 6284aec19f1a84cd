import {type Channel, entryOf} from '../core/channel.ts';
import {evidenceWaitMs, expired} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import {parseQueueName} from '../core/queue.ts';
import {decideWatch, type LookedUp} from '../core/watch.ts';
import type {Claim, OverdueGroup, Retention, Store, Watched} from '../store/store.ts';
import type {Rounds} from './every.ts';
import {toLeft} from './prepare.ts';
import type {Routes} from './routes.ts';
import {settleSurely} from './settle.ts';
import type {PartGroup} from './take-inbound.ts';

const roundMs = 1000;
const forsakenRoundMs = 30_000;
const pruneIdleMs = 60_000;
const pruneStepMs = 50;
const batch = 100;
/** A long text that stays incomplete is delivered as it is after this. */
const partsWaitMs = 300_000;

export interface UpkeepOptions {
  store: Store;
  routes: Routes;
  rounds: Rounds;
  takeGroup(carrier: string, group: PartGroup): Promise<unknown>;
  lookUp(watched: Watched): Promise<LookedUp>;
  /** When a carrier wants to be asked about a text without a receipt. */
  lookUpAfterMs(carrier: string): number | undefined;
  retention: Omit<Retention, 'limit'>;
  log: Log;
  meter: Meter;
  now(): number;
}

/** What time alone brings about: texts that expire, fates to be decided, long texts that stay incomplete, and what may be forgotten. */
export function startUpkeep(options: UpkeepOptions): void {
  const {store, routes, rounds, takeGroup, lookUp, retention, log, meter, now} = options;

  async function endOverdue(queues = routes.outbound()): Promise<void> {
    const claims = await store.claimOverdue([...queues], batch);
    await Promise.all(claims.map(end));
    if (claims.length === batch && !rounds.isStopping()) await endOverdue(queues);
  }

  /** A text may come back to a queue that nobody serves any more; its time ends all the same. */
  async function endForsaken(): Promise<void> {
    const served = new Set(routes.outbound());
    const names = (await store.depths()).map(({queue}) => queue);
    const forsaken = names.filter(name => parseQueueName(name).kind === 'outbound' && !served.has(name));
    if (forsaken.length > 0 && !rounds.isStopping()) await endOverdue(forsaken);
  }

  async function end({job, fence, queue, work}: Claim): Promise<void> {
    const {state, by, reason, deadLetter} = expired(work.kind === 'outbound' ? toLeft(work) : 'nothing');
    const events = [{event: state, detail: {reason: reason.code, message: reason.message}}];
    await settleSurely(store, {job, fence, to: 'ended', state, by, reason, deadLetter, events}, log);
    meter.ended({carrier: parseQueueName(queue).carrier, state});
    if (work.kind !== 'outbound') return;
    const {messageId, traceId} = work.outbound;
    log.warn('send.expired', {messageId, traceId});
  }

  async function decideWatched(): Promise<void> {
    const watched = await store.dueWatches(batch);
    await Promise.all(watched.map(decide));
    if (watched.length === batch && !rounds.isStopping()) await decideWatched();
  }

  async function decide(watched: Watched): Promise<void> {
    const {messageId, state, since} = watched;
    const channel = toRules(routes.find(watched.platform, watched.channel), watched.carrier);
    const ageMs = now() - since;
    const looked = ageMs >= evidenceWaitMs ? await lookUp(watched) : 'nothing';
    if (looked === 'found' && state === 'unknown') return;
    const lookUpAfterMs = options.lookUpAfterMs(watched.carrier);
    const decision = decideWatch({state, ageMs, channel, evidenceWaitMs, lookUpAfterMs, looked});
    const applied = await store.resolve({messageId, events: [], was: state, ...decision});
    if (decision.to === 'failed' && applied) meter.ended({carrier: watched.carrier, state: 'failed'});
    if (decision.to !== 'hold') log.warn(`watch.${decision.to}`, {messageId, state, applied});
  }

  async function joinOverdue(): Promise<void> {
    const groups = await store.overdueParts(partsWaitMs, batch);
    for (const group of groups) {
      if (rounds.isStopping()) return;
      await join(group);
    }
  }

  async function join(group: OverdueGroup): Promise<void> {
    log.warn('inbound.incomplete', {carrier: group.carrier, have: group.parts.length, of: group.parts[0]?.total});
    await takeGroup(group.carrier, group);
  }

  async function prune(): Promise<void> {
    while (!rounds.isStopping() && (await store.prune({...retention, limit: batch}))) {
      await new Promise(resolve => setTimeout(resolve, pruneStepMs));
    }
  }

  rounds.every(roundMs, 'overdue', () => endOverdue());
  rounds.every(forsakenRoundMs, 'forsaken', endForsaken);
  rounds.every(roundMs, 'watch', decideWatched);
  rounds.every(roundMs, 'parts', joinOverdue);
  rounds.every(pruneIdleMs, 'prune', prune);
}

type WatchRules = Pick<Channel, 'unknown' | 'unknownAfterMs' | 'receiptWithinMs' | 'withoutReceipt'>;

/** What may have left is tried again by its own carrier or not at all. */
function toRules(channel: Channel | undefined, carrier: string): WatchRules {
  if (channel === undefined) return leftConfiguration;
  if (channel.unknown !== 'retry' || entryOf(channel, carrier) !== undefined) return channel;
  return {...channel, unknown: 'hold'};
}

/** A channel that is no longer configured: what it left behind is held and told nobody. */
const leftConfiguration: WatchRules = {
  unknown: 'hold',
  unknownAfterMs: 86_400_000,
  receiptWithinMs: 172_800_000,
  withoutReceipt: 'silent',
};
