import type {Log} from '../../core/log.ts';
import type {Outcome} from '../../core/outcome.ts';

/** Tells once that the SMSC slows us down, and once that it no longer does: not a line for each segment. */
export interface Throttling {
  learn(outcome: Outcome, bind: string): void;
}

const quietMs = 30_000;

export function createThrottling(log: Log): Throttling {
  let refused = 0;
  let lastAt = 0;

  return {
    learn(outcome, bind) {
      if (outcome.kind === 'unavailable' && outcome.scope === 'throttled') {
        if (refused === 0)
          log.warn('smpp.throttled', {bind, why: outcome.reason.message, effect: 'the account slows down'});
        refused += 1;
        lastAt = performance.now();
      } else if (refused > 0 && performance.now() - lastAt > quietMs) {
        log.info('smpp.throttled_no_more', {bind, refused});
        refused = 0;
      }
    },
  };
}
