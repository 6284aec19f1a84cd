import type {Log} from '../core/log.ts';
import type {Reason} from '../core/message.ts';
import {parseQueueName, type Queue} from '../core/queue.ts';
import type {Gate, NewGate, QueueFilter, Store} from '../store/store.ts';

/** What another replica paused is closed here no later than this. */
const refreshMs = 500;
const probeEveryMs = 30_000;

export interface Gates {
  start(): Promise<void>;
  stop(): void;
  list(): readonly Gate[];
  isOpen(queue: string): boolean;
  /** Nothing of this queue passes until somebody mends a setting: kept in order, probed. Never rejects. */
  park(queue: string, reason: Reason): Promise<void>;
  parkedSince(queue: string): number | undefined;
  /** Parked queues whose turn to be tried has come; each is given once per probing time. */
  toProbe(now: number): string[];
  /** The probe went through. */
  unpark(queue: string): Promise<void>;
  pause(gate: Omit<NewGate, 'kind'>): Promise<void>;
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
    async park(queue, reason) {
      probedAt.set(queue, now());
      if (!isOpen(queue)) return;
      log.error('queue.parked', {queue, why: reason.message});
      try {
        await store.setGate({kind: 'parked', filter: parseQueueName(queue), reason: reason.message, by: 'gateway'});
        await refresh();
      } catch (error) {
        log.error('queue.park_failed', {queue, why: String(error)});
      }
    },
    toProbe(at) {
      const due = gates
        .filter(gate => gate.kind === 'parked')
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
      await refresh();
      return cleared;
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
