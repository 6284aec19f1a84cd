import type {Carrier} from '../carriers/carrier.ts';
import {entriesTo} from '../core/by-prefix.ts';
import {type CarrierEntry, type Channel, entriesOf, entryOf} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {Priority} from '../core/message.ts';
import {outboundQueue} from '../core/queue.ts';
import {createSteadyClock} from '../core/steady-clock.ts';
import type {Claim, Store} from '../store/store.ts';
import type {Gates} from './gates.ts';
import {isBound} from './prepare.ts';
import {settleSurely} from './settle.ts';

const batch = 100;
const mostBatches = 10;
/** A text of which a part has left, or that no other may carry, stays with its carrier; it is looked at again after this. */
const stayMs = 5000;

export interface FailoverOptions {
  store: Store;
  channels(): readonly Channel[];
  carriers(): ReadonlyMap<string, Carrier>;
  /** Whether its breaker is not closed. */
  rests(carrier: string): boolean;
  gates: Gates;
  /** No text is taken from its queue any more. */
  isStopping(): boolean;
  log: Log;
  now(): number;
}

/** What may be carried by another one: `priority` is of the queue it stands in. */
export interface Moving {
  channel: Channel;
  priority: Priority;
  to: string;
}

/**
 * Design rule 6: after `failoverAfter` without a usable link what waits moves to the channel's next carrier; never from `unknown`, also
 * when it is tried again, never the rest of a text, and only to an entry that names the same sender or says `senderMayChange`.
 */
export function createFailover(options: FailoverOptions) {
  const {store, channels, carriers, rests, gates, isStopping, log, now} = options;
  const steady = createSteadyClock(now);
  const downSince = new Map<string, number>();

  /** The first carrier in the order for this number, other than this one, that may take over and can. */
  function nextCarrier({channel, priority, to}: Moving, from: string): string | undefined {
    return entriesTo(channel, to).find(entry => mayTakeOver(channel, priority, from, entry))?.carrier;
  }

  /**
   * The same for what this one refuses. One that was tried before may have refused it too: then only those that come later are asked. At its first
   * refusal a text waits in the queue of one that can't at the moment, rather than fail, unless that queue is closed: nobody knows until when.
   */
  function afterRefusal({channel, priority, to}: Moving, from: string, isFirstTry: boolean): string | undefined {
    const entries = entriesTo(channel, to);
    const own = isFirstTry ? -1 : entries.findIndex(({carrier}) => carrier === from);
    const others = entries.slice(own + 1).filter(entry => isAllowed(channel, from, entry));
    const waited = isFirstTry ? others.filter(({carrier}) => isOpen(channel, priority, carrier)) : [];
    const next = others.find(({carrier}) => isUsable(channel, priority, carrier)) ?? waited[0];
    return next?.carrier;
  }

  function mayTakeOver(channel: Channel, priority: Priority, from: string, entry: CarrierEntry): boolean {
    return isAllowed(channel, from, entry) && isUsable(channel, priority, entry.carrier);
  }

  function isAllowed(channel: Channel, from: string, {carrier, address, senderMayChange}: CarrierEntry): boolean {
    return carrier !== from && (senderMayChange || address === entryOf(channel, from)?.address);
  }

  function isUsable(channel: Channel, priority: Priority, carrier: string): boolean {
    return (carriers().get(carrier)?.window() ?? 0) > 0 && !rests(carrier) && isOpen(channel, priority, carrier);
  }

  function isOpen({platform, id}: Channel, priority: Priority, carrier: string): boolean {
    return gates.isOpen(outboundQueue(platform, id, carrier, priority));
  }

  function watchLinks(): void {
    for (const [name, carrier] of carriers()) {
      const isUp = carrier.window() > 0 && !rests(name);
      if (isUp || carrier.status().standby === true) downSince.delete(name);
      else if (!downSince.has(name)) downSince.set(name, steady());
    }
  }

  async function sweep(): Promise<void> {
    watchLinks();
    for (const channel of channels()) {
      const entries = entriesOf(channel);
      if (entries.length < 2) continue;
      for (const {carrier} of entries) await sweepChannel(channel, carrier);
    }
  }

  async function sweepChannel(channel: Channel, carrier: string): Promise<void> {
    const queues = (['interactive', 'bulk'] as const)
      .map(priority => ({priority, queue: outboundQueue(channel.platform, channel.id, carrier, priority)}))
      .filter(({queue}) => isOverdue(channel, carrier, queue))
      .filter(({priority}) => channel.carriers.some(entry => mayTakeOver(channel, priority, carrier, entry)))
      .map(({queue}) => queue);
    if (queues.length === 0) return;
    for (let count = batch, some = 0; count === batch && some < mostBatches && !isStopping(); some += 1) {
      const claims = await store.claim(queues, batch);
      await Promise.all(claims.map(claim => move(channel, claim, carrier)));
      count = claims.length;
    }
  }

  function isOverdue(channel: Channel, carrier: string, queue: string): boolean {
    if (gates.isLeaving(queue)) return true;
    const down = downSince.get(carrier);
    const parked = gates.parkedSince(queue);
    const forMs = down === undefined ? now() - (parked ?? Number.POSITIVE_INFINITY) : steady() - down;
    return forMs >= channel.failoverAfterMs && !gates.isPaused(queue);
  }

  async function move(channel: Channel, {job, fence, queue, work}: Claim, from: string): Promise<void> {
    const held = {job, fence, to: 'retry' as const, counts: false};
    const isFree = work.kind === 'outbound' && !isBound(work);
    const to = isFree ? nextCarrier({channel, priority: work.priority, to: work.outbound.to}, from) : undefined;
    if (to === undefined) {
      await settleSurely(store, {...held, dueInMs: stayMs, events: []}, log);
      return;
    }
    const events = [{event: 'failover', detail: {from, to}}];
    await settleSurely(store, {...held, dueInMs: 0, carrier: to, events}, log);
    log.warn('delivery.failover', {job, queue, carrier: to});
  }

  return {afterRefusal, sweep};
}
