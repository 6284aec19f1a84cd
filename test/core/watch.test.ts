import test from 'ava';
import {decideWatch, type WatchCase, type WatchDecision} from '../../src/core/watch.ts';

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

const waits = test.macro({
  exec(
    t,
    looked: 'busy' | 'unanswered',
    watch: Pick<WatchCase, 'state' | 'ageMs'>,
    settings: object,
    expected: object,
  ) {
    const decision = decideWatch({...watch, channel: {...channel, ...settings}, evidenceWaitMs: 60_000, looked});
    t.like(decision, expected);
  },
  title: (_, looked, {state, ageMs}, settings, expected) =>
    `${state} for ${ageMs} ms with ${JSON.stringify(settings)}, ${looked}: ${JSON.stringify(expected)}`,
});

const minuteMs = 60_000;
const hourMs = 3_600_000;
for (const unknown of ['retry', 'fail']) {
  test(waits, 'unanswered', {state: 'unknown', ageMs: minuteMs}, {unknown}, {to: 'hold', watchInMs: minuteMs});
  test(waits, 'busy', {state: 'unknown', ageMs: hourMs}, {unknown}, {to: 'hold', watchInMs: 15 * minuteMs});
  test(waits, 'unanswered', {state: 'unknown', ageMs: 25 * hourMs - 1}, {unknown}, {to: 'hold', watchInMs: hourMs});
}
test(waits, 'unanswered', {state: 'unknown', ageMs: 25 * hourMs}, {unknown: 'retry'}, {to: 'requeue'});
test(waits, 'unanswered', {state: 'unknown', ageMs: 25 * hourMs}, {unknown: 'fail'}, {to: 'failed'});
test(waits, 'unanswered', {state: 'unknown', ageMs: minuteMs}, {}, {to: 'hold', watchInMs: minuteMs});
test(waits, 'unanswered', {state: 'unknown', ageMs: 24 * hourMs}, {}, {to: 'hold', watchInMs: hourMs});
test(waits, 'unanswered', {state: 'unknown', ageMs: 25 * hourMs}, {}, {to: 'quiet', deadLetter: 'unknown'});
test(waits, 'busy', {state: 'sent', ageMs: 48 * hourMs - 500}, {}, {to: 'hold', watchInMs: 500});
test(waits, 'busy', {state: 'sent', ageMs: 49 * hourMs - 1}, {withoutReceipt: 'failed'}, {to: 'hold'});
test(waits, 'busy', {state: 'sent', ageMs: 49 * hourMs}, {withoutReceipt: 'failed'}, {to: 'quiet', tell: 'failed'});
