import type {Log} from '../core/log.ts';
import type {Reason} from '../core/message.ts';
import {parseQueueName, type Queue} from '../core/queue.ts';
import type {Gate, NewGate, QueueFilter, Store} from '../store/store.ts';

/** What another replica paused is closed here no later than this. */
const refreshMs = 500;
const probeEveryMs = 30_000;
/** A day, and what clocks and time zones add to it: no far side keeps a queue shut for longer by one word. */
const longestParkMs = 90_000_000;

export interface Gates {
  start(): Promise<void>;
  stop(): void;
  list(): readonly Gate[];
  isOpen(queue: string): boolean;
  /** Nothing of this queue passes until somebody mends a setting, or before `retryAfterMs` are over: kept in order, probed. Never rejects. */
  park(queue: string, reason: Reason, retryAfterMs?: number): Promise<void>;
  parkedSince(queue: string): number | undefined;
  /** Parked queues whose turn to be tried has come; each is given once per probing time. */
  toProbe(now: number): string[];
  /** The probe went through. */
  unpark(queue: string): Promise<void>;
  pause(gate: Omit<NewGate, 'kind'>): Promise<void>;
  /** Ends the pause of this very filter; what is parked below it until a certain time is tried at once. False: there was neither. */
  resume(filter: QueueFilter): Promise<boolean>;
}

/** What is closed: paused by a person, or parked because the far side takes nothing of it. The store remembers, every replica obeys. */
export function createGates(options: {store: Store; log: Log; now(): number; onOpened(): void}): Gates {
  const {store, log, now} = options;
  let gates: readonly Gate[] = [];
  let open = new Map<string, boolean>();
  const probedAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  async function refresh(): Promise<void> {
    const before = gates.length;
    gates = await store.gates();
    open = new Map();
    if (gates.length < before) options.onOpened();
  }

  async function refreshSurely(): Promise<void> {
    try {
      await refresh();
    } catch (error) {
      log.warn('gates.refresh_failed', {why: String(error)});
    }
  }

  function isOpen(queue: string): boolean {
    const known = open.get(queue);
    if (known !== undefined) return known;
    const parsed = parseQueueName(queue);
    const isFree = !gates.some(({filter}) => matches(filter, parsed));
    open.set(queue, isFree);
    return isFree;
  }

  return {
    isOpen,
    list: () => gates,
    parkedSince(queue) {
      const parsed = parseQueueName(queue);
      return gates.find(({kind, filter}) => kind === 'parked' && matches(filter, parsed))?.since;
    },
    async start() {
      await refresh();
      timer = setInterval(() => void refreshSurely(), refreshMs);
    },
    stop: () => clearInterval(timer),
    async park(queue, reason, retryAfterMs) {
      probedAt.set(queue, now());
      if (!isOpen(queue) && retryAfterMs === undefined) return;
      log.error('queue.parked', {queue, why: reason.message, retryAfterMs});
      const forMs = retryAfterMs === undefined ? undefined : Math.min(retryAfterMs, longestParkMs);
      try {
        await store.setGate({
          kind: 'parked',
          filter: parseQueueName(queue),
          reason: reason.message,
          by: 'gateway',
          forMs,
        });
        await refresh();
      } catch (error) {
        log.error('queue.park_failed', {queue, why: String(error)});
      }
    },
    toProbe(at) {
      const due = gates
        .filter(gate => gate.kind === 'parked' && at >= (gate.until ?? 0))
        .map(({filter}) => toName(filter))
        .filter(queue => at - (probedAt.get(queue) ?? 0) >= probeEveryMs && !isPaused(gates, queue));
      for (const queue of due) probedAt.set(queue, at);
      return due;
    },
    async unpark(queue) {
      if (await store.clearGate('parked', parseQueueName(queue))) log.info('queue.unparked', {queue});
      await refresh();
    },
    async pause(gate) {
      await store.setGate({...gate, kind: 'paused'});
      await refresh();
    },
    async resume(filter) {
      const cleared = await store.clearGate('paused', filter);
      const waiting = gates.filter(
        gate => gate.until !== undefined && matches(filter, parseQueueName(toName(gate.filter))),
      );
      for (const {kind, filter: parked, reason, by} of waiting) {
        await store.setGate({kind, filter: parked, reason, by});
        probedAt.delete(toName(parked));
      }
      await refresh();
      return cleared || waiting.length > 0;
    },
  };
}

export function matches(filter: QueueFilter, queue: Queue): boolean {
  return (
    (filter.kind ?? queue.kind) === queue.kind &&
    (filter.platform ?? queue.platform) === queue.platform &&
    (filter.channel ?? queue.channel) === queue.channel &&
    (filter.carrier ?? queue.carrier) === queue.carrier &&
    (filter.priority ?? queue.priority) === queue.priority
  );
}

function isPaused(gates: readonly Gate[], queue: string): boolean {
  const parsed = parseQueueName(queue);
  return gates.some(({kind, filter}) => kind === 'paused' && matches(filter, parsed));
}

function toName({kind, platform, channel, carrier, priority}: QueueFilter): string {
  return [kind, platform, channel, carrier, priority].join('|');
}
