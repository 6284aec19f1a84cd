import type {Log} from '../core/log.ts';
import type {Priority, Reason} from '../core/message.ts';
import {outboundQueue, parseQueueName} from '../core/queue.ts';
import {createSteadyClock} from '../core/steady-clock.ts';
import {fitsQueue, fitsText, isClosing, isOfTexts, type StopFilter, toFilterKey} from '../core/stop.ts';
import type {Gate, NewAudit, NewGate, Store} from '../store/store.ts';

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
  /** By a person, whatever it is besides. */
  isPaused(queue: string): boolean;
  /** Paused, though its queue is not: by phone or by the time it was accepted. */
  holdsBack(queue: string, text: {phone: string; acceptedAt: number}): boolean;
  /** Drained away from its carrier: what waits goes to the channel's next one, where it may. */
  isLeaving(queue: string): boolean;
  /** The drain because of which this text is not taken. */
  refusing(text: NewText): Gate | undefined;
  /** Nothing of this queue passes until somebody mends a setting, or before `retryAfterMs` are over: kept in order, probed. Never rejects. */
  park(queue: string, reason: Reason, retryAfterMs?: number): Promise<void>;
  parkedSince(queue: string): number | undefined;
  /** Parked queues whose turn to be tried has come; each is given once per probing time. */
  toProbe(now: number): string[];
  /** The probe went through. */
  unpark(queue: string): Promise<void>;
  /** Pauses or drains. */
  close(gate: NewGate, audit: NewAudit): Promise<void>;
  /** Ends the pause and the drain of this very filter; what is parked below it until a certain time is tried at once. False: there was none of it. */
  resume(filter: StopFilter, audit: NewAudit): Promise<boolean>;
}

/** A text a platform hands in. */
export interface NewText {
  platform: string;
  channel: string;
  priority: Priority;
  /** Undefined of what could not be read. */
  phone: string | undefined;
}

/** What is closed: paused by a person, or parked because the far side takes nothing of it. The store remembers, every replica obeys. */
export function createGates(options: {store: Store; log: Log; now(): number; onOpened(): void}): Gates {
  const {store, log, now} = options;
  const steady = createSteadyClock(now);
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
    const isFree = !gates.some(gate => isClosing(gate) && fitsQueue(gate.filter, parsed));
    open.set(queue, isFree);
    return isFree;
  }

  function isTurnOf(queue: string): boolean {
    return steady() - (probedAt.get(queue) ?? Number.NEGATIVE_INFINITY) >= probeEveryMs;
  }

  return {
    isOpen,
    list: () => gates,
    isPaused: queue => isPaused(gates, queue),
    parkedSince(queue) {
      const parsed = parseQueueName(queue);
      return gates.find(({kind, filter}) => kind === 'parked' && fitsQueue(filter, parsed))?.since;
    },
    async start() {
      await refresh();
      timer = setInterval(() => void refreshSurely(), refreshMs);
    },
    stop: () => clearInterval(timer),
    async park(queue, reason, retryAfterMs) {
      probedAt.set(queue, steady());
      if (!isOpen(queue) && retryAfterMs === undefined) return;
      log.error('queue.parked', {queue, why: reason.message, retryAfterMs});
      // Here at once, everywhere when it is stored.
      open.set(queue, false);
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
        .filter(queue => isTurnOf(queue) && !isPaused(gates, queue));
      for (const queue of due) probedAt.set(queue, steady());
      return due;
    },
    async unpark(queue) {
      if (await store.clearGate('parked', parseQueueName(queue))) log.info('queue.unparked', {queue});
      await refresh();
    },
    holdsBack(queue, text) {
      const own = gates.filter(({kind, filter}) => kind === 'paused' && isOfTexts(filter) && fitsText(filter, text));
      return own.some(({filter}) => fitsQueue(filter, parseQueueName(queue)));
    },
    isLeaving(queue) {
      const parsed = parseQueueName(queue);
      const closing = gates.filter(gate => isClosing(gate) && fitsQueue(gate.filter, parsed));
      return closing.some(({kind}) => kind === 'draining') && closing.every(({kind}) => kind !== 'paused');
    },
    refusing: text => gates.find(gate => isRefusing(gate, text)),
    async close(gate, audit) {
      await store.setGate(gate, audit);
      await refresh();
    },
    async resume(filter, audit) {
      await refresh();
      const waiting = isOfTexts(filter) ? [] : gates.filter(gate => isWaitingBelow(filter, gate));
      let resumed = waiting.length > 0;
      for (const {kind} of gates.filter(gate => isSame(gate, filter))) {
        const target = {...audit.target, was: kind};
        if (await store.clearGate(kind, filter, {...audit, target})) resumed = true;
      }
      for (const {kind, filter: parked, reason, by} of waiting) {
        await store.setGate({kind, filter: parked, reason, by}, {...audit, target: {...parked, was: kind}});
        probedAt.delete(toName(parked));
      }
      await refresh();
      return resumed;
    },
  };
}

function isRefusing({kind, filter}: Gate, {platform, channel, priority, phone}: NewText): boolean {
  if (kind !== 'draining' || filter.carrier !== undefined) return false;
  if (filter.phone !== undefined && filter.phone !== phone) return false;
  return fitsQueue(filter, parseQueueName(outboundQueue(platform, channel, '', priority)));
}

function isSame({kind, filter}: Gate, wanted: StopFilter): boolean {
  return kind !== 'parked' && toFilterKey(filter) === toFilterKey(wanted);
}

function isWaitingBelow(filter: StopFilter, gate: Gate): boolean {
  return gate.until !== undefined && fitsQueue(filter, parseQueueName(toName(gate.filter)));
}

function isPaused(gates: readonly Gate[], queue: string): boolean {
  const parsed = parseQueueName(queue);
  return gates.some(gate => gate.kind !== 'parked' && isClosing(gate) && fitsQueue(gate.filter, parsed));
}

function toName({kind, platform, channel, carrier, priority}: StopFilter): string {
  return [kind, platform, channel, carrier, priority].join('|');
}
