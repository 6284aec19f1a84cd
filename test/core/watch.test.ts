import test from 'ava';
import {decideWatch, type WatchDecision} from '../../src/core/watch.ts';

const channel = {
  unknown: 'hold',
  unknownAfterMs: 86_400_000,
  receiptWithinMs: 172_800_000,
  withoutReceipt: 'silent',
} as const;

const decides = test.macro({
  exec(
    t,
    state: 'unknown' | 'sent',
    ageMs: number,
    settings: Partial<Parameters<typeof decideWatch>[0]['channel']>,
    expected: Partial<WatchDecision>,
  ) {
    t.like(decideWatch({state, ageMs, channel: {...channel, ...settings}, evidenceWaitMs: 60_000}), expected);
  },
  title: (_, state, ageMs, settings, expected) =>
    `${state} for ${ageMs} ms with ${JSON.stringify(settings)}: ${JSON.stringify(expected)}`,
});

test(decides, 'unknown', 0, {}, {to: 'hold', watchInMs: 3_600_000});
test(decides, 'unknown', 86_399_000, {}, {to: 'hold', watchInMs: 1000});
test(decides, 'unknown', 86_400_000, {}, {to: 'quiet', deadLetter: 'unknown'});
test(decides, 'unknown', 86_400_000, {withoutReceipt: 'failed'}, {to: 'quiet', tell: 'failed', deadLetter: 'unknown'});
test(decides, 'unknown', 86_400_000, {withoutReceipt: 'delivered'}, {to: 'quiet', tell: 'delivered'});
test(decides, 'unknown', 59_000, {unknown: 'retry'}, {to: 'hold', watchInMs: 1000});
test(decides, 'unknown', 60_000, {unknown: 'retry'}, {to: 'requeue'});
test(decides, 'unknown', 60_000, {unknown: 'fail'}, {to: 'failed', deadLetter: 'unknown'});
test(decides, 'sent', 0, {}, {to: 'hold', watchInMs: 172_800_000});
test(decides, 'sent', 172_800_000, {}, {to: 'quiet'});
test(decides, 'sent', 172_800_000, {withoutReceipt: 'delivered'}, {to: 'quiet', tell: 'delivered'});
test(decides, 'sent', 172_800_000, {withoutReceipt: 'failed'}, {to: 'quiet', tell: 'failed'});

const looks = test.macro({
  exec: (t, ageMs: number, expectedMs: number) => {
    const decision = decideWatch({state: 'sent', ageMs, channel, evidenceWaitMs: 60_000, lookUpAfterMs: 900_000});
    t.deepEqual(decision, {to: 'hold', watchInMs: expectedMs});
  },
  title: (_, ageMs, expectedMs) =>
    `a carrier that can be asked about one sent ${ageMs} ms ago is asked in ${expectedMs} ms`,
});
test(looks, 0, 900_000);
test(looks, 900_000, 2_700_000);
test(looks, 3_600_000, 10_800_000);
test(looks, 57_600_000, 115_200_000);
