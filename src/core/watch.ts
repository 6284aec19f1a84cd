import type {Channel} from './channel.ts';
import type {Reason} from './message.ts';

export type WatchDecision =
  | {to: 'hold'; watchInMs: number}
  | {to: 'requeue'}
  | {to: 'failed'; reason: Reason; deadLetter?: string}
  | {to: 'quiet'; tell?: 'delivered' | 'failed'; reason?: Reason; deadLetter?: string};

/** `found`: the carrier told what became of it. `busy`: it is to be asked a little later. `unanswered`: it could not be asked. */
export type LookedUp = 'found' | 'busy' | 'unanswered' | 'nothing';

export interface WatchCase {
  state: 'unknown' | 'sent';
  /** Ms since it became so. */
  ageMs: number;
  channel: Pick<Channel, 'unknown' | 'unknownAfterMs' | 'receiptWithinMs' | 'withoutReceipt'>;
  /** How long evidence is given before a policy other than `hold` acts. */
  evidenceWaitMs: number;
  /** When a `sent` one is looked up for the first time, where its carrier can be asked. */
  lookUpAfterMs?: number;
  looked?: LookedUp;
}

/** A held one is looked up this often, where its carrier can be asked. */
const lookAgainMs = 3_600_000;

const unanswered: Reason = {
  code: 'GeneralError',
  message: 'the carrier gave no answer: it may or may not have been sent',
};
const noReceipt: Reason = {code: 'GeneralError', message: 'the carrier sent no delivery receipt'};

/** Where the carrier could not be asked yet, what time alone decides waits for its word, for so long at most. */
const patienceMs = 3_600_000;
const leastAgainMs = 60_000;

/** Design rules 3 and 4: what becomes of a text whose fate is not known, and of one that no receipt has come for. */
export function decideWatch(watch: WatchCase): WatchDecision {
  const {state, ageMs, channel, looked} = watch;
  const decision = decideByTime(watch);
  if (looked !== 'busy' && looked !== 'unanswered') return decision;
  // Of many that wait none is looked at too often, however long it takes.
  const againMs = Math.min(Math.max(Math.floor(ageMs / 4), leastAgainMs), lookAgainMs);
  if (decision.to === 'hold') return {to: 'hold', watchInMs: Math.min(againMs, decision.watchInMs)};
  const endMs = state === 'sent' ? channel.receiptWithinMs : channel.unknownAfterMs;
  return ageMs < endMs + patienceMs ? {to: 'hold', watchInMs: againMs} : decision;
}

function decideByTime({state, ageMs, channel, evidenceWaitMs, lookUpAfterMs}: WatchCase): WatchDecision {
  if (state === 'sent') {
    const leftMs = channel.receiptWithinMs - ageMs;
    if (leftMs > 0) return {to: 'hold', watchInMs: Math.min(leftMs, toNextLookMs(ageMs, lookUpAfterMs))};
    return withoutReceipt(channel.withoutReceipt, noReceipt);
  }
  const leftMs = (channel.unknown === 'hold' ? channel.unknownAfterMs : evidenceWaitMs) - ageMs;
  if (leftMs > 0) return {to: 'hold', watchInMs: Math.min(leftMs, lookAgainMs)};
  if (channel.unknown === 'retry') return {to: 'requeue'};
  if (channel.unknown === 'fail') return {to: 'failed', reason: unanswered, deadLetter: 'unknown'};
  return {...withoutReceipt(channel.withoutReceipt, unanswered), deadLetter: 'unknown'};
}

/** Most receipts that are late at all come soon: each look is four times as late as the one before. */
function toNextLookMs(ageMs: number, firstMs = Number.POSITIVE_INFINITY): number {
  return ageMs < firstMs ? firstMs - ageMs : ageMs * 3;
}

function withoutReceipt(rule: Channel['withoutReceipt'], reason: Reason): WatchDecision & {to: 'quiet'} {
  switch (rule) {
    case 'silent':
      return {to: 'quiet'};
    case 'delivered':
      return {to: 'quiet', tell: 'delivered'};
    case 'failed':
      return {to: 'quiet', tell: 'failed', reason};
  }
}
