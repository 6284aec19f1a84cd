import {createPace, jitterMs, type Pace} from './pace.ts';

/** Times at which segments may leave: by the giver's clock when the first is and what time it was when it was asked. */
export interface PaceBlock {
  at: number;
  now: number;
  everyMs: number;
}

/** It always has a rate. Times that were given under another one before are used up. */
export interface SharedPace extends Omit<Pace, 'change'> {
  change(ratePerSecond: number): void;
}

export interface SharedPaceOptions {
  /** Segments a second, over all replicas. */
  ratePerSecond: number;
  /** Times that no other replica is given, none sooner than `leadMs` from now. */
  ask(wanted: {count: number; ratePerSecond: number; longerMs: number; leadMs: number}): Promise<PaceBlock>;
  now(): number;
  /** Times to leave have come in. */
  onRoom(): void;
}

/**
 * A segment may leave at the time it was given, or this much later, and not after: times are as far apart as the rate asks of a second that is longer by
 * this, and by what sends are seen late, so that no sliding second at the far side ever sees more than the rate, whoever sends. With a far giver, whose
 * clock is known less well, it is more.
 */
const leastToleranceMs = 20;
const mostToleranceMs = 1000;
/** What is left of the tolerance for the segment when the doubt about the clock is taken off. */
const leastUseMs = 15;
/** So many are taken on ahead of their times; beside them one of agents' texts, which leave first. */
const mostBlocks = 2;
const againMs = 200;
const lookMs = 5;
const mostLeadMs = 1000;
/** What `createPace` takes for the rate of an account without one. */
const unlimited = createPace(undefined).rate(0);

/**
 * The pace of an account that several replicas share: permission comes from outside, in blocks of clamp(rate/10, 1, 50), and only for what is about
 * to leave. What is not used in its time is lost.
 */
export function createSharedPace({ratePerSecond: first, ask, now, onRoom}: SharedPaceOptions): SharedPace {
  const throttling = createPace(undefined);
  const clock = createClock();
  let ratePerSecond = first;
  let block = toBlock(ratePerSecond);
  /** By the giver's clock. */
  let times: Array<{from: number; until: number}> = [];
  /** Times that may still be used so late, or were within a second: others must be as far apart. */
  let held: Array<{toleranceMs: number; until: number}> = [];
  let taken = 0;
  let debt = 0;
  let leadMs = 0;
  let isAsking = false;
  let quietUntil = Number.NEGATIVE_INFINITY;

  function rate(at: number): number {
    return (ratePerSecond * throttling.rate(at)) / unlimited;
  }

  function drop(at: number): void {
    times = times.filter(({until}) => clock.latest(until) >= at);
    const paid = times.splice(0, debt);
    debt -= paid.length;
  }

  function refill(at: number): void {
    drop(at);
    if (isAsking || at < quietUntil || times.length >= taken + debt) return;
    isAsking = true;
    const toleranceMs = Math.min(mostToleranceMs, Math.max(leastToleranceMs, clock.doubtMs() + leastUseMs));
    const count = block;
    held = held.filter(({until}) => until > at);
    const longerMs = Math.max(toleranceMs, ...held.map(each => each.toleranceMs)) + jitterMs;
    const wanted = {count, ratePerSecond: rate(at), longerMs, leadMs};
    ask(wanted).then(given => take(given, {askedAt: at, toleranceMs, count}), refuse);
  }

  function take(
    {at, now: toldAt, everyMs}: PaceBlock,
    {askedAt, toleranceMs, count}: {askedAt: number; toleranceMs: number; count: number},
  ): void {
    const heardAt = now();
    isAsking = false;
    leadMs = Math.min(mostLeadMs, heardAt - askedAt);
    clock.learn({toldAt, askedAt, heardAt});
    held.push({toleranceMs, until: heardAt + at - toldAt + count * everyMs + toleranceMs + 1000});
    for (let index = 0; index < count; index += 1) {
      const from = at + index * everyMs;
      times.push({from, until: from + toleranceMs});
    }
    onRoom();
  }

  function refuse(): void {
    isAsking = false;
    quietUntil = now() + againMs;
  }

  function waitMs(at: number): number {
    const pausedMs = throttling.waitMs(at);
    if (pausedMs > 0 || taken < mostBlocks * block) return pausedMs;
    return Math.ceil(1000 / rate(at));
  }

  return {
    rate,
    waitMs,
    room(at, priority) {
      const blocks = priority === 'interactive' ? mostBlocks + 1 : mostBlocks;
      return throttling.waitMs(at) > 0 ? 0 : Math.max(0, blocks * block - taken);
    },
    take(at) {
      taken += 1;
      refill(at);
    },
    giveBack() {
      taken -= 1;
    },
    leaveMs(at) {
      refill(at);
      const [next] = times;
      return next === undefined ? lookMs : Math.max(0, Math.ceil(clock.earliest(next.from) - at));
    },
    leave(at) {
      taken -= 1;
      drop(at);
      if (times.shift() === undefined) debt += 1;
    },
    throttled: throttling.throttled,
    succeeded: throttling.succeeded,
    change(next) {
      ratePerSecond = next;
      block = toBlock(next);
    },
  };
}

function toBlock(ratePerSecond: number): number {
  return Math.min(50, Math.max(1, Math.floor(ratePerSecond / 10)));
}

const sureForMs = 60_000;
const spanMs = 10_000;

/**
 * What a time by another clock is by ours, at the earliest and at the latest: each answer narrows it down, and what a minute has made old is
 * forgotten by and by, so that one slow answer makes nothing less certain.
 */
function createClock() {
  let spans: Array<{from: number; lower: number; upper: number}> = [];
  let lower = Number.NEGATIVE_INFINITY;
  let upper = Number.POSITIVE_INFINITY;

  return {
    /** How far apart the two may be; 0 while nothing is known. */
    doubtMs: () => (Number.isFinite(upper - lower) ? upper - lower : 0),
    learn({toldAt, askedAt, heardAt}: {toldAt: number; askedAt: number; heardAt: number}): void {
      const isMoved = askedAt - toldAt > upper || heardAt - toldAt < lower;
      spans = isMoved ? [] : spans.filter(({from}) => heardAt - from <= sureForMs);
      let last = spans.at(-1);
      if (last === undefined || heardAt - last.from > spanMs) {
        last = {from: heardAt, lower: askedAt - toldAt, upper: heardAt - toldAt};
        spans.push(last);
      }
      last.lower = Math.max(last.lower, askedAt - toldAt);
      last.upper = Math.min(last.upper, heardAt - toldAt);
      lower = Math.max(...spans.map(span => span.lower));
      upper = Math.min(...spans.map(span => span.upper));
    },
    /** Its beginning, when it is certain to have come. */
    earliest: (time: number) => time + upper,
    /** Its end, before it may have passed. */
    latest: (time: number) => time + lower,
  };
}
