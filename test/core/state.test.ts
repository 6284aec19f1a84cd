import test from 'ava';
import type {OutboundState} from '../../src/core/message.ts';
import {applyReceipt, type EndedBy, foldSegments, mayBecome, type SegmentState} from '../../src/core/state.ts';

const folds = test.macro<[states: SegmentState[], count: number, expected: OutboundState]>({
  exec: (t, states: SegmentState[], count: number, expected: OutboundState) =>
    t.is(foldSegments(states, count), expected),
  title: (_, states, count, expected) => `${states.join(', ') || 'nothing'} of ${count} is ${expected}`,
});

test(folds, [], 1, 'accepted');
test(folds, ['idle'], 1, 'accepted');
test(folds, ['started'], 1, 'sending');
test(folds, ['taken'], 2, 'sending');
test(folds, ['taken', 'idle', 'idle'], 3, 'sending');
test(folds, ['taken', 'taken'], 2, 'sent');
test(folds, ['delivered', 'taken'], 2, 'sent');
test(folds, ['delivered', 'delivered'], 2, 'delivered');
test(folds, ['delivered', 'failed'], 2, 'failed');
test(folds, ['taken', 'refused'], 3, 'failed');
test(folds, ['delivered', 'expired'], 2, 'expired');
test(folds, ['taken', 'unknown'], 2, 'unknown');
test(folds, ['unknown', 'failed'], 2, 'failed');

const applies = test.macro({
  exec(
    t,
    current: SegmentState,
    receipt: 'sent' | 'delivered' | 'failed' | 'expired',
    state: SegmentState,
    effect: string,
  ) {
    t.deepEqual(applyReceipt(current, receipt), {state, effect} as ReturnType<typeof applyReceipt>);
  },
  title: (_, current, receipt, state, effect) => `a receipt ${receipt} on ${current} gives ${state} (${effect})`,
});

test(applies, 'taken', 'delivered', 'delivered', 'changed');
test(applies, 'taken', 'sent', 'taken', 'same');
test(applies, 'started', 'delivered', 'delivered', 'changed');
test(applies, 'unknown', 'sent', 'taken', 'changed');
test(applies, 'unknown', 'delivered', 'delivered', 'changed');
test(applies, 'delivered', 'delivered', 'delivered', 'same');
test(applies, 'delivered', 'sent', 'delivered', 'same');
test(applies, 'delivered', 'failed', 'delivered', 'conflict');
test(applies, 'failed', 'delivered', 'failed', 'conflict');
test(applies, 'refused', 'delivered', 'refused', 'conflict');

const becomes = test.macro({
  exec(t, current: OutboundState, by: EndedBy | undefined, next: OutboundState, expected: string) {
    t.is(mayBecome(current, by, next), expected as ReturnType<typeof mayBecome>);
  },
  title: (_, current, by, next, expected) => `${current}${by ? ` by ${by}` : ''} to ${next}: ${expected}`,
});

test(becomes, 'accepted', undefined, 'sent', 'yes');
test(becomes, 'unknown', undefined, 'delivered', 'yes');
test(becomes, 'sent', undefined, 'sent', 'same');
test(becomes, 'failed', 'carrier', 'delivered', 'conflict');
test(becomes, 'failed', 'policy', 'delivered', 'yes');
test(becomes, 'expired', 'policy', 'sent', 'yes');
test(becomes, 'delivered', 'carrier', 'sent', 'no');
test(becomes, 'delivered', 'carrier', 'failed', 'conflict');
