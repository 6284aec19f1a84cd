import type {Reason} from './message.ts';

/**
 * What became of one try at a destination (a segment at a carrier, a post at a platform). Outcomes are values; faults are exceptions.
 *
 * - `taken`: the destination has it. `isCongested`: and is nearly full: slow the whole destination down.
 * - `refused`: it never will. Scope `account`: refuses us, not this message: the next carrier may take it.
 * - `unavailable`: certainly not sent, may be tried again.
 *   Scope `message`: this one again later. Scope `throttled`: slow the whole destination down, put this one back at the head; it counts as no attempt.
 *   Scope `queue`: nothing of this channel and kind will pass until somebody mends a setting: park in order, probe.
 * - `unknown`: bytes left and no answer came: it may have been sent.
 */
export type Outcome = Taken | Refused | Unavailable | Unknown;

export interface Taken {
  kind: 'taken';
  /** The carrier's id of this segment, as the carrier wrote it. */
  carrierMessageId?: string;
  isCongested?: true;
  detail?: Detail;
}

export interface Refused {
  kind: 'refused';
  scope: 'message' | 'account';
  reason: Reason;
  detail?: Detail;
}

export interface Unavailable {
  kind: 'unavailable';
  scope: 'message' | 'throttled' | 'queue';
  /** Scope `message`: the answer is about this text or its recipient; the destination itself works. */
  isWell?: true;
  /** Scope `message`: it came to no try, so it says nothing of the destination. */
  isUntried?: true;
  /** Scope `throttled`: only this sender is too fast, not the account. */
  of?: 'sender';
  reason: Reason;
  /** What the far side asked for (`Retry-After`), not yet clamped. Scope `queue`: nothing is tried before, as with a cap that ends at midnight. */
  retryAfterMs?: number;
  detail?: Detail;
}

export interface Unknown {
  kind: 'unknown';
  reason: Reason;
  detail?: Detail;
}

/** For the message's history: codes and words of the far side. Never a text, a secret or an unmasked phone number. */
export type Detail = Record<string, string | number | boolean>;

/** How the destination, or one sender of it, is to be slowed down, if at all. */
export function toSlowdown(outcome: Outcome): Pick<Unavailable, 'of' | 'retryAfterMs'> | undefined {
  if (outcome.kind === 'taken') return outcome.isCongested ? {} : undefined;
  return outcome.kind === 'unavailable' && outcome.scope === 'throttled' ? outcome : undefined;
}
