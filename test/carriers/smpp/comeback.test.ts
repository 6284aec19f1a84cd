import test from 'ava';
import {createComeback} from '../../../src/carriers/smpp/session/comeback.ts';

const rules = {firstMs: 1000, maxMs: 60_000, refusedMs: 300_000};
const hosts = ['a', 'b', 'c'].map(host => ({host, port: 2775}));
const hour = 3_600_000;

/** What became of a try, and then: where the next one goes, after how long. */
type Step = [end: number | 'mute' | undefined, boundMs: number, host: string, delayMs: number];

const comesBack = test.macro({
  exec(t, count: number, steps: readonly Step[]) {
    const comeback = createComeback({hosts: hosts.slice(0, count), rules: () => rules, noise: () => 1});
    t.is(comeback.host()?.host, 'a');
    for (const [index, [end, boundMs, host, delayMs]] of steps.entries()) {
      const refusal = end === 'mute' ? undefined : end;
      t.is(comeback.toDelayMs({refusal, wasMute: end === 'mute'}, boundMs), delayMs, `step ${index + 1}`);
      t.is(comeback.host()?.host, host, `step ${index + 1}`);
    }
  },
  title: (what = '') => `comes back: ${what}`,
});

const failed = undefined;
test('one host, later each time', comesBack, 1, [
  [failed, 0, 'a', 1000],
  [failed, 0, 'a', 2000],
  [0x0d, 0, 'a', 4000],
]);
test('to the host that was lost, soon', comesBack, 2, [
  [failed, hour, 'a', 1000],
  [failed, hour, 'a', 1000],
]);
test('every host at once before the wait grows', comesBack, 3, [
  [failed, 0, 'b', 100],
  [failed, 0, 'c', 100],
  [failed, 0, 'a', 1000],
  [failed, 0, 'b', 100],
  [failed, 0, 'c', 100],
  [failed, 0, 'a', 2000],
]);
test('every host at once after a loss too', comesBack, 3, [
  [failed, hour, 'a', 1000],
  [failed, 0, 'b', 100],
  [failed, 0, 'c', 100],
  [failed, 0, 'a', 2000],
]);
test('wrong credentials wait, at another host', comesBack, 2, [[0x0e, 0, 'b', 330_000]]);
test('a bind that is taken and dropped at once is one that failed (facts 2.3, requeue storms)', comesBack, 1, [
  [failed, 50, 'a', 1000],
  [failed, 9999, 'a', 2000],
  [failed, 50, 'a', 4000],
  [failed, 50, 'a', 8000],
  [failed, 50, 'a', 10_000],
  [failed, 50, 'a', 10_000],
  [failed, 10_000, 'a', 1000],
]);
test('a host that drops its binds at once is left for the next', comesBack, 2, [
  [failed, 50, 'b', 100],
  [failed, hour, 'b', 1000],
]);
test('a host that answers no submission is left for the next, however long it was bound', comesBack, 2, [
  ['mute', hour, 'b', 100],
  ['mute', hour, 'a', 1000],
  [failed, hour, 'a', 1000],
]);
test('a mute host that is the only one, within 10 s', comesBack, 1, [
  ['mute', hour, 'a', 1000],
  ['mute', hour, 'a', 2000],
  ['mute', hour, 'a', 4000],
  ['mute', hour, 'a', 8000],
  ['mute', hour, 'a', 10_000],
]);
