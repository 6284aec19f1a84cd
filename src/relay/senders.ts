import type {Carrier} from '../carriers/carrier.ts';
import {createPace, type Pace} from '../core/pace.ts';
import {parseQueueName} from '../core/queue.ts';
import type {OpenPace} from './paces.ts';
import type {Routes} from './routes.ts';

/** The pace of each sender, where a carrier limits senders beside the account. */
export interface Senders {
  /** Undefined: this queue's sender has no limit of its own. */
  ofQueue(queue: string): Pace | undefined;
  /** The same; one without a limit gets a pace that can be throttled. */
  toThrottle(queue: string): Pace;
  /** Ms until one that is at its limit has room again; 0 when none is. */
  waitMs(now: number): number;
}

export function createSenders(carrier: Carrier, routes: Routes, openPace: OpenPace): Senders {
  const paces = new Map<string, Pace>();
  const known = new Map<string, Pace | undefined>();

  function findPace(queue: string): Pace | undefined {
    const {platform, channel} = parseQueueName(queue);
    const entry = routes.find(platform, channel)?.carriers.find(candidate => candidate.carrier === carrier.name);
    const limit = entry && carrier.senderPace?.(entry);
    if (limit === undefined) return undefined;
    const pace = paces.get(limit.key) ?? openPace(`${carrier.name} ${limit.key}`, limit.messagesPerSecond);
    paces.set(limit.key, pace);
    return pace;
  }

  function ofQueue(queue: string): Pace | undefined {
    if (!known.has(queue)) known.set(queue, findPace(queue));
    return known.get(queue);
  }

  return {
    ofQueue,
    toThrottle(queue) {
      const pace = ofQueue(queue) ?? createPace(undefined);
      known.set(queue, pace);
      return pace;
    },
    waitMs(now) {
      const waits = [...known.values()].map(pace => pace?.waitMs(now) ?? 0).filter(ms => ms > 0);
      return waits.length === 0 ? 0 : Math.min(...waits);
    },
  };
}
