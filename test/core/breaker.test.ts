import test from 'ava';
import {
  afterTry,
  type Breaker,
  closedBreaker,
  isFailure,
  type Phase,
  phaseOf,
  toRoom,
  tryNow,
} from '../../src/core/breaker.ts';
import type {Outcome} from '../../src/core/outcome.ts';

/** `x` a try that fails, `.` one that works, a number a pause of so many ms. */
function play(script: string, dice = 1): {breaker: Breaker; now: number} {
  let breaker = closedBreaker;
  let now = 0;
  for (const sign of script.match(/\d+|[x.]/g) ?? []) {
    if (/\d/.test(sign)) now += Number(sign);
    else breaker = afterTry(breaker, sign === 'x', now, dice);
  }
  return {breaker, now};
}

const ends = test.macro({
  exec(t, script: string, phase: Phase, waitMs?: number) {
    const {breaker, now} = play(script);
    t.is(phaseOf(breaker, now), phase);
    if (waitMs !== undefined) t.is((breaker.openUntil ?? 0) - now, waitMs);
  },
  title: title => title ?? '',
});

test('nothing known: closed', ends, '', 'closed');
test('four failures leave it closed', ends, 'xxxx', 'closed');
test('five open it for five seconds', ends, 'xxxxx', 'open', 5000);
test('five among more that worked leave it closed', ends, '......x.x.x.x.x', 'closed');
test('half of the last twenty open it', ends, `${'.'.repeat(30)}${'x.'.repeat(9)}x`, 'open');
test('what is long past is forgotten', ends, `xxxx${'.'.repeat(20)}xxxx`, 'closed');
test('it rests to the last ms', ends, 'xxxxx 4999', 'open');
test('then it lets one try', ends, 'xxxxx 5000', 'half-open');
test('a try that works closes it', ends, 'xxxxx 5000 .', 'closed');
test('and all is forgotten', ends, 'xxxxx 5000 . xxxx', 'closed');
test('a try that fails makes it rest twice as long', ends, 'xxxxx 5000 x', 'open', 10_000);
test('and so on', ends, 'xxxxx 5000 x 10000 x 20000 x', 'open', 40_000);
test('a minute at most', ends, 'xxxxx 5000 x 10000 x 20000 x 40000 x 60000 x', 'open', 60_000);
test('after a try that worked it begins with five seconds again', ends, 'xxxxx 5000 x 10000 . xxxxx', 'open', 5000);
test('it learns nothing from answers that come while it is open', ends, 'xxxxx .....', 'open', 5000);

test('the dice keep replicas apart: it rests for half of its time at least', t => {
  const rests = [0, 0.5, 1].map(dice => play('xxxxx', dice).breaker.openUntil);
  t.deepEqual(rests, [2500, 3750, 5000]);
});

test('what speaks for it lets one try at once, and closes nothing', t => {
  const {breaker, now} = play('xxxxx');
  t.is(phaseOf(tryNow(breaker, now), now), 'half-open');
  t.is(phaseOf(tryNow(closedBreaker, now), now), 'closed');
  const again = afterTry(tryNow(breaker, now), true, now, 1);
  t.is((again.openUntil ?? 0) - now, 10_000);
});

const has = test.macro({
  exec(t, phase: Phase, places: number, inUse: number, expected: number) {
    t.is(toRoom(phase, places, inUse), expected);
  },
  title: (_, phase, places, inUse, expected) =>
    `${phase}: of ${places} places with ${inUse} in use ${expected} are free`,
});
test(has, 'closed', 10, 3, 7);
test(has, 'closed', 10, 12, 0);
test(has, 'open', 10, 0, 0);
test(has, 'half-open', 10, 0, 1);
test(has, 'half-open', 10, 1, 0);
test(has, 'half-open', 0, 0, 0);

const reason = {code: 'ServerError', message: 'so it went'} as const;
const counts = test.macro({
  exec(t, outcome: Outcome, expected: boolean) {
    t.is(isFailure(outcome), expected);
  },
  title: title => title ?? '',
});
test('no answer is a failure', counts, {kind: 'unknown', reason}, true);
test('what could not be sent is a failure', counts, {kind: 'unavailable', scope: 'message', reason}, true);
test(
  'a temporary answer about one text is none',
  counts,
  {kind: 'unavailable', scope: 'message', isWell: true, reason},
  false,
);
test('throttling is none', counts, {kind: 'unavailable', scope: 'throttled', reason}, false);
test('a parked queue is none', counts, {kind: 'unavailable', scope: 'queue', reason}, false);
test('a refusal is none', counts, {kind: 'refused', scope: 'account', reason}, false);
test('taken is none', counts, {kind: 'taken'}, false);
