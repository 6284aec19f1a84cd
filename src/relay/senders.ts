import type {Carrier} from '../carriers/carrier.ts';
import {entryOf} from '../core/channel.ts';
import {createPace, type Pace} from '../core/pace.ts';
import {parseQueueName} from '../core/queue.ts';
import type {OpenPace} from './paces.ts';
import type {Routes} from './routes.ts';

/** The pace of each sender, where a carrier limits senders beside the account. */
export interface Senders {
  /** Undefined: this queue's sender has no limit of its own. */
  ofQueue(queue: string): Pace | undefined;
  take(queue: string, now: number): void;
  giveBack(queue: string): void;
  leave(queue: string, now: number): void;
  /** The same; one without a limit gets a pace that can be throttled. */
  toThrottle(queue: string): Pace;
  /** Limits may be others now; what has left lately still counts, and what is taken on is so under the new ones. */
  renew(now: number): void;
  /** Ms until one that is at its limit has room again; 0 when none is. */
  waitMs(now: number): number;
}

export function createSenders(carrier: () => Carrier, routes: Routes, openPace: OpenPace): Senders {
  const paces = new Map<string, Pace>();
  const known = new Map<string, Pace | undefined>();
  /** Taken on and not yet left, by queue. */
  const held = new Map<string, number>();

  function findPace(queue: string): Pace | undefined {
    const {platform, channel} = parseQueueName(queue);
    const {name, senderPace} = carrier();
    const found = routes.find(platform, channel);
    const entry = found && entryOf(found, name);
    const limit = entry && senderPace?.(entry);
    if (limit === undefined) return undefined;
    const pace = paces.get(limit.key) ?? openPace(`${name} ${limit.key}`, limit.messagesPerSecond);
    pace.change(limit.messagesPerSecond);
    paces.set(limit.key, pace);
    return pace;
  }

  function ofQueue(queue: string): Pace | undefined {
    if (!known.has(queue)) known.set(queue, findPace(queue));
    return known.get(queue);
  }

  function hold(queue: string, more: 1 | -1): void {
    const count = (held.get(queue) ?? 0) + more;
    if (count > 0) held.set(queue, count);
    else held.delete(queue);
  }

  return {
    ofQueue,
    toThrottle(queue) {
      const pace = ofQueue(queue) ?? createPace(undefined);
      known.set(queue, pace);
      return pace;
    },
    take(queue, now) {
      hold(queue, 1);
      ofQueue(queue)?.take(now);
    },
    giveBack(queue) {
      hold(queue, -1);
      ofQueue(queue)?.giveBack();
    },
    leave(queue, now) {
      hold(queue, -1);
      ofQueue(queue)?.leave(now);
    },
    renew(now) {
      const all = [...known];
      known.clear();
      for (const [queue, before] of all) {
        const next = ofQueue(queue);
        if (next === before) continue;
        for (let left = held.get(queue) ?? 0; left > 0; left -= 1) {
          before?.giveBack();
          next?.take(now);
        }
      }
    },
    waitMs(now) {
      const waits = [...known.values()].map(pace => pace?.waitMs(now) ?? 0).filter(ms => ms > 0);
      return waits.length === 0 ? 0 : Math.min(...waits);
    },
  };
}
