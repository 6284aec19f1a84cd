import test from 'ava';
import fc from 'fast-check';
import {createPace} from '../../src/core/pace.ts';

/** Sends whatever the pace allows for `forMs`, looking every `stepMs`; writing each down takes `delayMs` between taking on and leaving. */
function run(rate: number, forMs: number, stepMs: number, delayMs = 0): number[] {
  const pace = createPace(rate);
  const left: number[] = [];
  const pending: number[] = [];
  for (let now = 1000; now < 1000 + forMs; now += stepMs) {
    for (let room = pace.room(now); room > 0; room -= 1) {
      pace.take(now);
      pending.push(now + delayMs);
    }
    while ((pending[0] ?? Number.POSITIVE_INFINITY) <= now && pace.leaveMs(now) === 0) {
      pending.shift();
      pace.leave(now);
      left.push(now);
    }
  }
  return left;
}

function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((from, index) => times.slice(index).filter(at => at < from + 1000).length));
}

test('no sliding second ever holds more than the rate, whatever the rate, the looks and the delays', t => {
  const rates = fc.integer({min: 1, max: 300});
  fc.assert(
    fc.property(rates, fc.integer({min: 1, max: 40}), fc.integer({min: 0, max: 200}), (rate, stepMs, delayMs) => {
      t.true(mostInASecond(run(rate, 4000, stepMs, delayMs)) <= rate);
    }),
    {numRuns: 60},
  );
});

test('a steady demand gets close to the whole rate', t => {
  for (const rate of [1, 20, 100, 1000]) t.true(run(rate, 20_000, 1).length >= rate * 20 * 0.95, `rate ${rate}`);
});

test('less than one a second is kept too', t => {
  const times = run(0.5, 20_000, 10);
  t.true(times.length >= 9 && times.length <= 11);
  t.true(times.every((at, index) => index === 0 || at - (times[index - 1] ?? 0) >= 2000));
});

test('throttling pauses everything, longer each time, and halves the rate', t => {
  const pace = createPace(100);
  t.is(pace.rate(0), 100);
  pace.throttled(0, 1);
  t.is(pace.room(0), 0);
  t.is(pace.waitMs(0), 250);
  t.is(pace.rate(0), 50);
  pace.throttled(0, 1);
  t.is(pace.waitMs(0), 500);
  t.is(pace.rate(0), 25);
});

test('one success makes the next pause a short one, quiet seconds give the rate back', t => {
  const pace = createPace(100);
  for (let again = 0; again < 6; again += 1) pace.throttled(0, 1);
  t.is(pace.waitMs(0), 8000);
  pace.succeeded();
  pace.throttled(10_000, 1);
  t.is(pace.waitMs(10_000), 250);
  t.true(pace.rate(12_000) > pace.rate(10_000));
  t.is(pace.rate(60_000), 100);
});

test('a far side that says how long is obeyed, within five minutes', t => {
  const pace = createPace(undefined);
  pace.throttled(0, 0, 2000);
  t.is(pace.waitMs(0), 2000);
  pace.throttled(0, 0, 86_400_000);
  t.is(pace.waitMs(0), 300_000);
});

test('a place that was given back is there again', t => {
  const pace = createPace(1);
  t.is(pace.room(0), 1);
  pace.take(0);
  t.is(pace.room(0), 0);
  pace.giveBack();
  t.is(pace.room(0), 1);
});

test('while everything the second holds is taken on, the wait is a second, not for ever', t => {
  const pace = createPace(1);
  pace.take(0);
  t.is(pace.waitMs(0), 1000);
});

test('a rate that changes in between never lets a second hold more than the greater of the two, nor later more than the new one', t => {
  const rate = fc.integer({min: 1, max: 200});
  fc.assert(
    fc.property(rate, rate, fc.integer({min: 1, max: 25}), (first, second, stepMs) => {
      const pace = createPace(first);
      const left: number[] = [];
      for (let now = 1000; now < 6000; now += stepMs) {
        if (now >= 3000 && now < 3000 + stepMs) pace.change(second);
        for (let room = pace.room(now); room > 0; room -= 1) {
          pace.take(now);
          pace.leave(now);
          left.push(now);
        }
      }
      t.true(mostInASecond(left) <= Math.max(first, second));
      t.true(mostInASecond(left.filter(at => at >= 3000)) <= second);
    }),
    {numRuns: 40},
  );
});

test('what is taken on when the rate changes is still held against it', t => {
  const pace = createPace(50);
  for (let count = 0; count < 5; count += 1) pace.take(1000);
  pace.change(2);
  t.is(pace.room(1000), 0);
  for (let count = 0; count < 5; count += 1) pace.giveBack();
  t.is(pace.room(2000), 1);
});
