import type {Reason} from './message.ts';
import type {Outcome} from './outcome.ts';
import {postRetry, sendRetry, slowestAttempt, toRetryDelayMs} from './retry.ts';
import type {EndedBy} from './state.ts';

/** What the relay does after a try: pure rules of (outcome, attempts, time left, dice). */
export type Decision =
  | {to: 'taken'}
  | {to: 'retry'; dueInMs: number; counts: boolean; also: 'nothing' | 'slow' | 'park' | 'failover'}
  | {to: 'unknown'; watchInMs: number}
  | {to: 'ended'; state: 'failed' | 'expired'; by: EndedBy; reason: Reason; deadLetter?: string};

/** How long evidence (a callback, a receipt, a late answer) is given before the carrier is asked, and a policy other than `hold` acts. */
export const evidenceWaitMs = 60_000;

export interface SendTry {
  outcome: Outcome;
  /** Tries that counted, this one included. */
  attempt: number;
  /** Ms until `sendWithin` is over. */
  leftMs: number;
  noise: number;
  /** Another carrier entry may take it: nothing of it has left yet. */
  canFailOver: boolean;
  /** The destination's budget of retries is spent. */
  isOverBudget?: boolean;
}

/** After one try for a segment. */
export function decideSend({outcome, attempt, leftMs, noise, canFailOver, isOverBudget}: SendTry): Decision {
  switch (outcome.kind) {
    case 'taken':
      return {to: 'taken'};
    case 'unknown':
      return {to: 'unknown', watchInMs: evidenceWaitMs};
    case 'refused':
      if (outcome.scope === 'account' && canFailOver) return {to: 'retry', dueInMs: 0, counts: true, also: 'failover'};
      return {to: 'ended', state: 'failed', by: 'carrier', reason: outcome.reason, deadLetter: 'refused'};
    case 'unavailable': {
      if (outcome.scope === 'throttled') return {to: 'retry', dueInMs: 0, counts: false, also: 'slow'};
      if (outcome.scope === 'queue') return {to: 'retry', dueInMs: 0, counts: false, also: 'park'};
      const pace = isOverBudget ? slowestAttempt : attempt;
      const dueInMs = Math.min(toRetryDelayMs(sendRetry, pace, noise, outcome.retryAfterMs), Math.max(0, leftMs));
      return {to: 'retry', dueInMs, counts: true, also: 'nothing'};
    }
  }
}

/** What is known to have left of a text that is not sent: nothing, a part of it, or nobody knows. */
export type Left = 'nothing' | 'part' | 'unsure';

const expiredWords = {
  nothing: 'sendWithin ended before the text could be sent',
  part: 'sendWithin ended before the rest of the text could be sent',
  unsure: 'it may have been sent, without an answer; sendWithin ended before it could be sent again',
} satisfies Record<Left, string>;

/** Past it a text that has not left is told as expired. */
export function expired(left: Left): Decision & {to: 'ended'} {
  const message = expiredWords[left];
  return {
    to: 'ended',
    state: 'expired',
    by: 'policy',
    reason: {code: 'MessageExpired', message},
    deadLetter: 'expired',
  };
}

/** A post that fails for this long is a dead letter: it would hold up its lane for ever. */
export const postWithinMs = 86_400_000;
/** What was parked for that long has not failed yet. */
const fewestPosts = 10;

export interface PostTry {
  outcome: Outcome;
  attempt: number;
  ageMs: number;
  noise: number;
  /** The destination's budget of retries is spent. */
  isOverBudget?: boolean;
}

/** After one post to a platform: one without an answer is posted again, with the same id. */
export function decidePost({outcome, attempt, ageMs, noise, isOverBudget}: PostTry): Decision {
  const pace = isOverBudget ? slowestAttempt : attempt;
  const isGivenUp = ageMs > postWithinMs && attempt >= fewestPosts;
  switch (outcome.kind) {
    case 'taken':
      return {to: 'taken'};
    case 'refused':
      return {to: 'ended', state: 'failed', by: 'policy', reason: outcome.reason, deadLetter: 'post_refused'};
    case 'unavailable':
      if (outcome.scope === 'queue') return {to: 'retry', dueInMs: 0, counts: false, also: 'park'};
      return retryPost(outcome.reason, pace, isGivenUp, noise, outcome.retryAfterMs);
    case 'unknown':
      return retryPost(outcome.reason, pace, isGivenUp, noise);
  }
}

function retryPost(
  reason: Reason,
  attempt: number,
  isGivenUp: boolean,
  noise: number,
  retryAfterMs?: number,
): Decision {
  if (isGivenUp) return {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_unanswered'};
  return {
    to: 'retry',
    dueInMs: toRetryDelayMs(postRetry, attempt, noise, retryAfterMs),
    counts: true,
    also: 'nothing',
  };
}
