import {
  afterTry,
  type BreakerRules,
  breakerRules,
  closedBreaker,
  type HealthStatus,
  isFailure,
  type Phase,
  phaseOf,
  toRoom,
  tryNow,
} from '../core/breaker.ts';
import type {Log} from '../core/log.ts';
import type {Outcome} from '../core/outcome.ts';
import {earnRetries, fullBudget, spendRetry} from '../core/retry-budget.ts';
import {createSteadyClock} from '../core/steady-clock.ts';

export interface HealthOptions {
  /** Whose it is. */
  of: Pick<HealthStatus, 'kind' | 'name' | 'channel'>;
  rules?: BreakerRules;
  log: Log;
  now(): number;
  /** 0 to 1. */
  noise(): number;
}

/** How well one destination is, as this replica found it: its breaker and its budget of retries. */
export interface Health {
  phase(): Phase;
  /** How many more tries may begin, of so many places of which some are in use. */
  room(places: number, inUse: number): number;
  /** Ms until one may be tried; 0 unless it is open. */
  waitMs(): number;
  /** After each try. Answers whether a retry has to be a slow one. */
  learn(outcome: Outcome): boolean;
  /** A link stands again. */
  reconsider(): void;
  status(): HealthStatus;
}

export function createHealth({of, rules = breakerRules, log, now, noise}: HealthOptions): Health {
  const steady = createSteadyClock(now);
  let breaker = closedBreaker;
  let budget = fullBudget;
  let since = now();
  let why = '';
  const destination = [of.kind, of.name, of.channel].filter(part => part !== undefined).join(' ');

  function learnPhase(outcome: Outcome): void {
    if (outcome.kind === 'unavailable' && outcome.isUntried === true) return;
    const failed = isFailure(outcome);
    const before = breaker;
    breaker = afterTry(breaker, failed, steady(), noise(), rules);
    if (before.openings === breaker.openings) return;
    if (failed) why = outcome.reason.message;
    if (before.openings > 0 && breaker.openings > 0) return;
    since = now();
    if (breaker.openings > 0) log.error('breaker.open', {destination, why});
    else log.warn('breaker.closed', {destination});
  }

  return {
    phase: () => phaseOf(breaker, steady()),
    room: (places, inUse) => toRoom(phaseOf(breaker, steady()), places, inUse),
    waitMs: () => Math.max(0, (breaker.openUntil ?? 0) - steady()),
    learn(outcome) {
      learnPhase(outcome);
      if (outcome.kind === 'taken') budget = earnRetries(budget, steady());
      const isRetried = outcome.kind === 'unknown' || (outcome.kind === 'unavailable' && outcome.scope === 'message');
      if (!isRetried) return false;
      const spent = spendRetry(budget, steady());
      budget = spent.budget;
      return spent.isOver;
    },
    reconsider() {
      breaker = tryNow(breaker, steady());
    },
    status() {
      const phase = phaseOf(breaker, steady());
      return {...of, breaker: phase, since, ...(phase !== 'closed' && {why})};
    },
  };
}
