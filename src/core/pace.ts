import type {Priority} from './message.ts';

/**
 * Pace of one account, in segments. Two limits at once: a token bucket of small blocks (clamp(rate/10, 1, 50)) that spreads the sends, and a
 * record of the last sends that keeps every sliding second at the far side within the rate. Throttling halves the rate and pauses everything,
 * each time for longer until one succeeds; each quiet second gives a step of the rate back.
 */
export interface Pace {
  /** Segments of this class (of any, unless it is told) that may be taken on now. */
  room(now: number, priority?: Priority): number;
  /** Ms until there may be room for one, 0 when there is. */
  waitMs(now: number): number;
  /** One segment is taken on: it will `leave`, or not (`giveBack`). */
  take(now: number): void;
  giveBack(): void;
  /** Ms until one that was taken on may leave; nearly always 0, more when writing it down took long. */
  leaveMs(now: number): number;
  /** It leaves now. */
  leave(now: number): void;
  /** The far side said "slower" (0x58, 0x14, 429). `noise` 0 to 1; `retryAfterMs` when it said how long. */
  throttled(now: number, noise: number, retryAfterMs?: number): void;
  /** The next pause is a short one again. */
  succeeded(): void;
  /** Segments a second allowed at present. */
  rate(now: number): number;
  /** Another rate from now on. What has left lately counts under it too, so that no sliding second ever holds more than the rate of its time. */
  change(ratePerSecond: number | undefined): void;
}

/** Sends are seen later than made, and not all by the same delay: the sliding second is kept this much longer than a second. */
export const jitterMs = 20;
const mostWaitMs = 1000;
const firstWaitMs = 250;
const longestWaitMs = 8000;
const longestRetryAfterMs = 300_000;
const slowest = 1 / 16;
const stepPerSecond = 0.1;

/** @param ratePerSecond undefined: the carrier paces itself, only throttling counts */
export function createPace(ratePerSecond: number | undefined): Pace {
  let {limited, configured, block, size, windowMs} = toRules(ratePerSecond);
  let recent = createRecord(size);
  let tokens = block;
  let taken = 0;
  let refilledAt = Number.NEGATIVE_INFINITY;
  let factor = 1;
  let throttledAt = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let pauseMs = 0;

  function rate(now: number): number {
    const quietSeconds = Math.max(0, Math.floor((now - throttledAt) / 1000));
    return configured * Math.min(1, factor + (Number.isFinite(quietSeconds) ? quietSeconds * stepPerSecond : 1));
  }

  function refill(now: number): void {
    if (now <= refilledAt) return;
    tokens = Math.min(block, tokens + ((now - refilledAt) * rate(now)) / 1000);
    refilledAt = now;
  }

  function waitMs(now: number): number {
    refill(now);
    const untilToken = tokens >= 1 || !limited ? 0 : ((1 - tokens) * 1000) / rate(now);
    const untilSecond = limited ? recent.at(taken) + windowMs - now : 0;
    // While more are taken on than the second holds, nobody knows when the first of them leaves.
    const forPlace = untilSecond === Number.POSITIVE_INFINITY ? mostWaitMs : untilSecond;
    return Math.max(0, Math.ceil(Math.max(untilToken, forPlace, pausedUntil - now)));
  }

  function leaveMs(now: number): number {
    return limited ? Math.max(0, Math.ceil(recent.at(0) + windowMs - now)) : 0;
  }

  return {
    rate,
    waitMs,
    leaveMs,
    room(now) {
      if (waitMs(now) > 0) return 0;
      if (!limited) return Number.POSITIVE_INFINITY;
      return Math.max(0, Math.min(Math.floor(tokens), recent.free(now - windowMs, block + taken) - taken));
    },
    take(now) {
      refill(now);
      tokens -= 1;
      taken += 1;
    },
    giveBack() {
      tokens += 1;
      taken -= 1;
    },
    leave(now) {
      taken -= 1;
      recent.add(now);
    },
    throttled(now, noise, retryAfterMs = 0) {
      factor = Math.max(slowest, rate(now) / configured / 2);
      throttledAt = now;
      pauseMs = Math.min(longestWaitMs, Math.max(firstWaitMs, pauseMs * 2));
      const pause = Math.max(pauseMs * (0.5 + noise / 2), Math.min(retryAfterMs, longestRetryAfterMs));
      pausedUntil = Math.max(pausedUntil, now + pause);
    },
    succeeded() {
      pauseMs = 0;
    },
    change(next) {
      ({limited, configured, block, size, windowMs} = toRules(next));
      recent = createRecord(size, recent.all());
      tokens = Math.min(tokens, block);
    },
  };
}

function toRules(ratePerSecond: number | undefined) {
  const configured = ratePerSecond ?? 10_000;
  const size = Math.max(1, Math.floor(configured));
  return {
    limited: ratePerSecond !== undefined,
    configured,
    block: Math.min(50, Math.max(1, Math.floor(configured / 10))),
    size,
    windowMs: (size / configured) * 1000 + jitterMs,
  };
}

/** The times of the last `size` sends, a ring. */
function createRecord(size: number, before: readonly number[] = []) {
  const times = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  times.set(before.slice(-size), Math.max(0, size - before.length));
  let next = 0;
  return {
    /** From the earliest to the last. */
    all: () => [...times.subarray(next), ...times.subarray(0, next)],
    /** The time whose place the send after `ahead` others will get; one that is not yet free of its predecessors has none. */
    at: (ahead: number) => (ahead < size ? (times[(next + ahead) % size] ?? 0) : Number.POSITIVE_INFINITY),
    add(now: number) {
      times[next] = now;
      next = (next + 1) % size;
    },
    /** How many sends, at most `limit`, are at or before `before` and so free again. */
    free(before: number, limit: number) {
      let count = 0;
      while (count < Math.min(limit, size) && (times[(next + count) % size] ?? 0) <= before) count += 1;
      return count;
    },
  };
}
