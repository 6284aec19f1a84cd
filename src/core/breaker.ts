import type {Outcome} from './outcome.ts';

/**
 * Keeps a dead destination from being called over and over. It opens by rate and by count, so that one lost answer in a quiet hour stops nobody;
 * after a rest one try at a time is let through, and the first that works closes it. Throttling never opens it.
 */
export interface Breaker {
  /** Of the last tries: whether each failed. */
  results: readonly boolean[];
  /** Undefined: it is closed. */
  openUntil: number | undefined;
  /** In a row, without a try that worked between them. */
  openings: number;
}

/** `open`: no try; `half-open`: one at a time; `closed`: as many as may be. */
export type Phase = 'closed' | 'open' | 'half-open';

/** How well one destination is, as this process found it. */
export interface HealthStatus {
  /** A carrier account, or the URL of one channel's posts of one kind. */
  kind: 'carrier' | 'inbound' | 'receipt';
  /** The carrier's or the platform's. */
  name: string;
  /** Of posts. */
  channel?: string;
  breaker: Phase;
  /** Unix ms. */
  since: number;
  /** Why it is not closed. */
  why?: string;
}

export interface BreakerRules {
  remembered: number;
  failures: number;
  share: number;
  firstOpenMs: number;
  longestOpenMs: number;
}

export const breakerRules: BreakerRules = {
  remembered: 20,
  failures: 5,
  share: 0.5,
  firstOpenMs: 5000,
  longestOpenMs: 60_000,
};

export const closedBreaker: Breaker = {results: [], openUntil: undefined, openings: 0};

export function phaseOf({openUntil}: Breaker, now: number): Phase {
  if (openUntil === undefined) return 'closed';
  return now < openUntil ? 'open' : 'half-open';
}

/**
 * After a try.
 * @param dice 0 to 1: replicas do not come back as one
 */
export function afterTry(breaker: Breaker, failed: boolean, now: number, dice: number, rules = breakerRules): Breaker {
  const phase = phaseOf(breaker, now);
  if (phase === 'open') return breaker;
  if (phase === 'half-open') return failed ? toOpen(breaker, now, dice, rules) : closedBreaker;
  if (!failed && breaker.results.length >= rules.remembered && !breaker.results.includes(true)) return breaker;
  const results = [...breaker.results.slice(1 - rules.remembered), failed];
  const failures = results.filter(Boolean).length;
  const isDead = failures >= rules.failures && failures >= results.length * rules.share;
  return isDead ? toOpen(breaker, now, dice, rules) : {...breaker, results};
}

/** Something speaks for it that is no try (a link stands again): it may be tried at once. */
export function tryNow(breaker: Breaker, now: number): Breaker {
  return phaseOf(breaker, now) === 'open' ? {...breaker, openUntil: now} : breaker;
}

/** Refusals, throttling and parked queues are answers: they show that the destination works. */
export function isFailure(outcome: Outcome): outcome is Exclude<Outcome, {kind: 'taken'}> {
  if (outcome.kind === 'unknown') return true;
  return outcome.kind === 'unavailable' && outcome.scope === 'message' && outcome.isWell !== true;
}

/** How many more tries may begin. */
export function toRoom(phase: Phase, places: number, inUse: number): number {
  if (phase === 'open') return 0;
  return Math.max(0, (phase === 'closed' ? places : Math.min(places, 1)) - inUse);
}

function toOpen({openings}: Breaker, now: number, dice: number, {firstOpenMs, longestOpenMs}: BreakerRules): Breaker {
  const longest = Math.min(firstOpenMs * 2 ** Math.min(openings, 30), longestOpenMs);
  return {results: [], openUntil: now + Math.round(longest * (0.5 + dice / 2)), openings: openings + 1};
}
