import test from 'ava';
import fc from 'fast-check';
import type {Pace} from '../../src/core/pace.ts';
import {createSharedPace, type PaceBlock} from '../../src/core/shared-pace.ts';

/** What a segment's way to the far side takes more in slow times, and how seldom a busy replica then looks. */
const [mostLateMs, seldomMs] = [20, 19];

/** Replicas at one giver of times, all by one clock that a case moves; each replica's own clock is off by some. */
function createWorld(ratePerSecond: number, offsets: readonly number[], wayMs: (dice: number, at: number) => number) {
  let time = 1_000_000;
  let freeAt = 0;
  let dice = 1;
  /** As the far side sees them. */
  const left: number[] = [];
  const under: Array<{at: number; run(): void}> = [];

  function later(ms: number, run: () => void): void {
    under.push({at: time + ms, run});
  }

  function toss(): number {
    dice = (dice * 48_271) % 2_147_483_647;
    return dice / 2_147_483_647;
  }

  const paces = offsets.map(offset =>
    createSharedPace({
      ratePerSecond,
      now: () => time + offset,
      onRoom() {},
      ask: ({count, ratePerSecond: rate, longerMs, leadMs}) =>
        new Promise<PaceBlock>(resolve => {
          later(wayMs(toss(), time), () => {
            const everyMs = (1000 + longerMs) / rate;
            const at = Math.max(freeAt, time + leadMs);
            freeAt = at + count * everyMs;
            const told = {at, now: time, everyMs};
            later(wayMs(toss(), time), () => resolve(told));
          });
        }),
    }),
  );

  /** Takes on whatever there is room for and lets it leave as soon as it may. */
  function step(pace: Pace, now: number, isBusy: boolean, lateMs: number, waiting: {count: number}): void {
    for (let room = isBusy ? pace.room(now) : 0; room >= 1; room -= 1) {
      pace.take(now);
      waiting.count += 1;
    }
    while (waiting.count > 0 && pace.leaveMs(now) === 0) {
      pace.leave(now);
      left.push(time + lateMs);
      waiting.count -= 1;
    }
  }

  async function run(
    ms: number,
    isBusy: (replica: number, at: number) => boolean,
    isSlow: (at: number) => boolean = () => false,
  ): Promise<number[]> {
    const waiting = paces.map(() => ({count: 0}));
    for (const end = time + ms; time < end; time += 1) {
      for (const due of under.splice(0)) {
        if (due.at <= time) due.run();
        else under.push(due);
      }
      await Promise.resolve();
      const lateMs = isSlow(time) ? mostLateMs : 0;
      if (lateMs > 0 && time % seldomMs > 0) continue;
      for (const [index, pace] of paces.entries()) {
        step(pace, time + (offsets[index] ?? 0), isBusy(index, time), lateMs, waiting[index] ?? {count: 0});
      }
    }
    return left.sort((one, other) => one - other);
  }

  return {run};
}

/** The most in any sliding second. */
function mostInASecond(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [index, at] of times.entries()) {
    while (at - (times[first] ?? at) >= 1000) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

const keeps = test.macro({
  async exec(t, ratePerSecond: number, replicas: number) {
    const offsets = Array.from({length: replicas}, (_, index) => (index - 1) * 3_600_000);
    const {run} = createWorld(ratePerSecond, offsets, dice => 1 + dice * 5);
    const left = await run(10_000, () => true);
    t.true(mostInASecond(left) <= ratePerSecond, `${mostInASecond(left)} in a second`);
    t.true(left.length >= ratePerSecond * 8, `${left.length} in ten seconds`);
  },
  title: (_, rate, replicas) => `${replicas} replicas send no more than ${rate} in any second, and hardly less`,
});

test(keeps, 1, 1);
test(keeps, 1, 3);
test(keeps, 5, 3);
test(keeps, 20, 1);
test(keeps, 20, 3);
test(keeps, 100, 5);
test(keeps, 500, 3);

test('whatever the way to the giver takes and whoever is busy when, no second sees more than the rate', async t => {
  const ways = fc.record({
    least: fc.integer({min: 1, max: 80}),
    more: fc.integer({min: 0, max: 200}),
    rate: fc.constantFrom(1, 7, 20, 90),
  });
  await fc.assert(
    fc.asyncProperty(ways, fc.integer({min: 1, max: 900}), async ({least, more, rate}, rhythm) => {
      const {run} = createWorld(rate, [0, 50, -70], dice => least + dice * more);
      const left = await run(4000, (replica, at) => Math.floor(at / rhythm) % 3 !== replica);
      return mostInASecond(left) <= rate;
    }),
    {numRuns: 40, interruptAfterTimeLimit: 30_000},
  );
  t.pass();
});

for (const ratePerSecond of [20, 150, 500]) {
  test(`what leaves and arrives late for a while, and then at once, is no more than ${ratePerSecond} in any second`, async t => {
    for (const rhythm of [150, 400, 1000, 1500]) {
      const {run} = createWorld(ratePerSecond, [0, 50, -70], dice => 1 + dice * 3);
      const isSlow = (at: number) => Math.floor(at / rhythm) % 2 === 0;
      const seen = await run(6000, () => true, isSlow);
      t.true(
        mostInASecond(seen) <= ratePerSecond,
        `${mostInASecond(seen)} in a second, slow for ${rhythm} ms at a time`,
      );
    }
  });
}

test('what was given while less was known of the giver’s clock counts with what is given when more is', async t => {
  const {run} = createWorld(20, [0, 50, -70], dice => 1 + dice * 189);
  const left = await run(4000, (replica, at) => Math.floor(at / 454) % 3 !== replica);
  t.true(mostInASecond(left) <= 20, `${mostInASecond(left)} in a second`);
});

test('what was known of the giver’s clock is not forgotten at once, so that a few slow answers cost nothing', async t => {
  const slowFrom = 1_059_900;
  const {run} = createWorld(100, [0], (_, at) => (at < slowFrom ? 1 : 30));
  const left = await run(65_000, () => true);
  const meanwhile = left.filter(at => at >= slowFrom && at < slowFrom + 3000).length;
  t.true(mostInASecond(left) <= 100, `${mostInASecond(left)} in a second`);
  t.true(meanwhile >= 284, `${meanwhile} in three seconds`);
});

test('gets on although each answer takes longer than its times are good for', async t => {
  const {run} = createWorld(20, [0], () => 60);
  const left = await run(5000, () => true);
  t.true(left.length > 20, `${left.length} in five seconds`);
});

test('slows down when it is told to', async t => {
  const pace = createSharedPace({
    ratePerSecond: 100,
    ask: () => new Promise(() => {}),
    now: () => 0,
    onRoom() {},
  });
  t.is(pace.rate(0), 100);
  pace.throttled(0, 0.5);
  t.is(pace.rate(0), 50);
  t.is(pace.room(0), 0);
  t.true(pace.waitMs(0) > 0);
});

test('when a campaign has taken all it may, agents’ texts have a block of their own', t => {
  const pace = createSharedPace({ratePerSecond: 100, ask: () => new Promise(() => {}), now: () => 0, onRoom() {}});
  t.is(pace.room(0, 'bulk'), 20);
  for (let taken = 0; taken < 20; taken += 1) pace.take(0);
  t.is(pace.room(0, 'bulk'), 0);
  t.is(pace.room(0, 'interactive'), 10);
  for (let taken = 0; taken < 10; taken += 1) pace.take(0);
  t.is(pace.room(0, 'interactive'), 0);
});
