import {isIll} from '../status.ts';
import type {CodeMapping} from '../status-defaults.ts';
import type {Reply} from './in-flight.ts';

/**
 * Whether a bind's submissions come to anything: of several hosts, or of the nodes behind one, a single one may be broken. Several bad answers in a row
 * make it ill; then it rests, and is tried with one text after each rest, until that is answered as it should be.
 */
export interface Wellness {
  /** What became of a submission. @param codes what the account says they mean */
  learn(reply: Reply, codes: CodeMapping): 'ill' | 'well' | undefined;
  isIll(): boolean;
  /** Ill, and not to be tried yet. */
  isResting(): boolean;
}

const mostInRow = 3;
const firstRestMs = 5000;
/** After an outage of the whole SMSC the first that is well again leaves the others no longer behind than this. */
const longestRestMs = 20_000;

/** @param now monotonic, ms */
export function createWellness(now: () => number): Wellness {
  let bad = 0;
  let rests = 0;
  let restingUntil = Number.NEGATIVE_INFINITY;
  const ill = () => bad >= mostInRow;

  return {
    isIll: ill,
    isResting: () => ill() && now() < restingUntil,
    learn(reply, codes) {
      const before = ill();
      if (reply.kind === 'cut') return undefined;
      if (reply.kind === 'response' && !isIll(reply.pdu, codes)) {
        bad = 0;
        rests = 0;
        return before ? 'well' : undefined;
      }
      bad += 1;
      if (!ill()) return undefined;
      // Of what was in flight together when it fell ill the last answer says no more than the first.
      const at = now();
      if (at >= restingUntil) {
        restingUntil = at + Math.min(longestRestMs, firstRestMs * 2 ** rests);
        rests += 1;
      }
      return before ? undefined : 'ill';
    },
  };
}
