import type {OutboundState} from './message.ts';

/**
 * A state never goes back. The first final carrier state wins; only `unknown` and a failure by our own policy yield to later evidence.
 *
 * A segment is `started` before its first byte leaves; then `taken`, `refused`, `unknown`, or `idle` again when it certainly did not leave.
 * Receipts move it on to `delivered`, `failed` or `expired`.
 */
export type SegmentState = 'idle' | 'started' | 'unknown' | 'taken' | 'refused' | 'delivered' | 'failed' | 'expired';

const finals: readonly SegmentState[] = ['refused', 'delivered', 'failed', 'expired'];

export function isFinalSegment(state: SegmentState): boolean {
  return finals.includes(state);
}

export type ReceiptState = 'sent' | 'delivered' | 'failed' | 'expired';

/** What a receipt makes of a segment. `conflict`: another final state stood first and stays. */
export function applyReceipt(
  current: SegmentState,
  receipt: ReceiptState,
): {state: SegmentState; effect: 'changed' | 'same' | 'conflict'} {
  if (receipt === 'sent') {
    return current === 'idle' || current === 'started' || current === 'unknown'
      ? {state: 'taken', effect: 'changed'}
      : {state: current, effect: 'same'};
  }
  if (current === receipt) return {state: current, effect: 'same'};
  if (isFinalSegment(current)) return {state: current, effect: 'conflict'};
  return {state: receipt, effect: 'changed'};
}

/**
 * The message's state from its segments' (`count` of them in all, those never tried may be absent): delivered when all are,
 * ended badly when one is, `unknown` when one is, `sent` when all were taken.
 */
export function foldSegments(states: readonly SegmentState[], count: number): OutboundState {
  if (states.some(state => state === 'failed' || state === 'refused')) return 'failed';
  if (states.includes('expired')) return 'expired';
  if (states.includes('unknown')) return 'unknown';
  const taken = states.filter(state => state === 'taken' || state === 'delivered').length;
  if (taken < count) return taken > 0 || states.includes('started') ? 'sending' : 'accepted';
  return states.every(state => state === 'delivered') ? 'delivered' : 'sent';
}

export function isFinalState(state: OutboundState): boolean {
  return state === 'delivered' || state === 'failed' || state === 'expired';
}

/** Who ended the message: a failure by our own `policy` (a time limit, an unknown outcome given up) yields to a carrier's word. */
export type EndedBy = 'carrier' | 'policy';

/** Whether a message in `current` may become `next`. */
export function mayBecome(
  current: OutboundState,
  endedBy: EndedBy | undefined,
  next: OutboundState,
): 'yes' | 'same' | 'conflict' | 'no' {
  if (current === next) return 'same';
  if (!isFinalState(current)) return 'yes';
  if (endedBy === 'policy') return isFinalState(next) || next === 'sent' ? 'yes' : 'no';
  return isFinalState(next) ? 'conflict' : 'no';
}
