import type {Log} from '../../core/log.ts';
import type {Outcome} from '../../core/outcome.ts';
import {numberField} from './codec.ts';
import type {Reply} from './session/in-flight.ts';
import {isNearlyCongested} from './timers.ts';

/** What the SMSC says of our pace. Told once that it slows us down, and once that it no longer does: not a line for each segment. */
export interface Throttling {
  learn(outcome: Outcome, bind: string): void;
  /** The outcome with what the answer says of the SMSC's load. Once a second at most: what is in flight together says it together. */
  learnLoad(outcome: Outcome, reply: Reply, bind: string): Outcome;
}

const quietMs = 30_000;
const againMs = 1000;

export function createThrottling(log: Log): Throttling {
  let slowed = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let congestedAt = Number.NEGATIVE_INFINITY;

  return {
    learn(outcome, bind) {
      if (outcome.kind === 'unavailable' && outcome.scope === 'throttled') note(outcome.reason.message, bind);
      else if (slowed > 0 && performance.now() - lastAt > quietMs) {
        log.info('smpp.throttled_no_more', {bind, refused: slowed});
        slowed = 0;
      }
    },
    learnLoad(outcome, reply, bind) {
      if (outcome.kind !== 'taken' || reply.kind !== 'response') return outcome;
      const congestion = numberField(reply.pdu.fields, 'congestion_state');
      if (!isNearlyCongested(congestion) || performance.now() - congestedAt < againMs) return outcome;
      congestedAt = performance.now();
      note(`congestion_state ${congestion}`, bind);
      return {...outcome, isCongested: true};
    },
  };

  function note(why: string, bind: string): void {
    if (slowed === 0) log.warn('smpp.throttled', {bind, why, effect: 'the account slows down'});
    slowed += 1;
    lastAt = performance.now();
  }
}
