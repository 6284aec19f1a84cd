import {type Leaving, listLeaving} from './config/leaving.ts';
import type {Config} from './config.ts';
import {type Channel, entriesOf} from './core/channel.ts';
import type {Log} from './core/log.ts';
import type {MessageState} from './core/message.ts';
import {outboundQueue, postQueue} from './core/queue.ts';
import type {Delivery} from './relay/deliver.ts';
import type {Store} from './store/store.ts';

export interface LeavingOptions {
  store: Pick<Store, 'depths' | 'find' | 'underWay'>;
  delivery: Pick<Delivery, 'holds'>;
  config(): Config;
  /** These owe nothing any more. */
  onLeft(left: readonly Leaving[]): Promise<void>;
  log: Log;
  now(): number;
}

/** Something that is leaving, and how many jobs wait for it still. */
export interface LeavingStatus extends Leaving {
  waiting: number;
}

/** Webhooks that came before, and other replicas that have not read the file yet, have ended by then. */
const leastMs = 5000;
const soonestMs = 1000;
const latestMs = 60_000;
/** A text in one of these may still be told of. */
const unfinished: readonly MessageState[] = ['accepted', 'sending', 'sent', 'unknown'];

/** Looks when what is leaving has nothing left to do: its queues are empty, and no text of it can still get a receipt. */
export function createLeaving({store, delivery, config, onLeft, log, now}: LeavingOptions) {
  const since = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  async function list(): Promise<LeavingStatus[]> {
    const leaving = listLeaving(config()).map(item => ({item, queues: queuesOf(item)}));
    if (leaving.length === 0) return [];
    const depths = new Map((await store.depths()).map(({queue, waiting}) => [queue, waiting]));
    return leaving.map(({item, queues}) => {
      const waiting = queues.map(queue => depths.get(queue) ?? 0);
      return {...item, waiting: waiting.reduce((sum, count) => sum + count, 0)};
    });
  }

  function queuesOf({platform, channel, carrier}: Leaving): string[] {
    const own = findChannel({platform, channel});
    const names = carrier === undefined ? entriesOf(own).map(entry => entry.carrier) : [carrier];
    const outbound = names.flatMap(name => [
      outboundQueue(platform, channel, name, 'interactive'),
      outboundQueue(platform, channel, name, 'bulk'),
    ]);
    if (carrier !== undefined) return outbound;
    return [...outbound, postQueue('inbound', platform, channel), postQueue('receipt', platform, channel)];
  }

  function findChannel({platform, channel}: Pick<Leaving, 'platform' | 'channel'>): Channel {
    const found = config().channels.find(own => own.platform === platform && own.id === channel);
    if (found === undefined) throw new Error(`${channel} of ${platform} has left already`);
    return found;
  }

  async function look(): Promise<void> {
    // Before and after: what is claimed or given back meanwhile is seen by one of the three.
    const before = await store.underWay();
    const all = await list();
    const claimed = new Set([...before, ...(await store.underWay())].map(({queue}) => queue));
    const left: Leaving[] = [];
    for (const item of all) if (await isDone(item, claimed)) left.push(item);
    const present = new Set(all.map(toName));
    for (const name of since.keys()) if (!present.has(name)) since.delete(name);
    if (left.length > 0) await onLeft(left);
  }

  /** @param claimed queues of which something is under way, by whomever: it may come back */
  async function isDone(item: LeavingStatus, claimed: ReadonlySet<string>): Promise<boolean> {
    const name = toName(item);
    const began = since.get(name) ?? now();
    since.set(name, began);
    const isHeld = (queue: string) => claimed.has(queue) || delivery.holds(queue);
    if (now() - began < leastMs || item.waiting > 0 || queuesOf(item).some(isHeld)) return false;
    return !(await isOwed(item));
  }

  async function isOwed(item: Leaving): Promise<boolean> {
    const {platform, channel, carrier} = item;
    const {sendWithinMs, receiptWithinMs, unknownAfterMs} = findChannel(item);
    const from = now() - sendWithinMs - Math.max(receiptWithinMs, unknownAfterMs);
    for (const state of unfinished) {
      let before: string | undefined;
      do {
        const filter = {platform, channel, state, since: from, limit: 1, ...(carrier !== undefined && {carrier})};
        const found = await store.find({...filter, ...(before !== undefined && {before})});
        if (found.messages.length > 0) return true;
        before = found.next;
      } while (before !== undefined);
    }
    return false;
  }

  /** The longer it takes, the rarer it is looked at: a look at what is owed reads many messages. */
  function schedule(): void {
    clearTimeout(timer);
    const oldest = Math.min(now(), ...since.values());
    const inMs = Math.min(latestMs, Math.max(soonestMs, (now() - oldest) / 2));
    if (!stopped) timer = setTimeout(next, inMs);
  }

  function next(): void {
    running = look()
      .catch(error => log.error('upkeep.failed', {task: 'leaving', why: String(error)}))
      .finally(() => {
        if (listLeaving(config()).length > 0) schedule();
      });
  }

  return {
    list,
    /** To be called when something has begun to leave. */
    watch: schedule,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** For people. */
export function describeLeaving({platform, channel, carrier}: Leaving): string {
  return carrier === undefined
    ? `channel ${channel} of ${platform}`
    : `channel ${channel} of ${platform} by ${carrier}`;
}

function toName({platform, channel, carrier}: Leaving): string {
  return [platform, channel, carrier].join('|');
}
