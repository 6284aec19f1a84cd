import test from 'ava';
import type {Log} from '../../src/core/log.ts';
import {createPump, type Pump} from '../../src/relay/pump.ts';
import type {Claim} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';

const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};

interface Bench {
  pump: Pump;
  waiting: Map<string, number>;
  /** Queue names of the jobs begun, in order. */
  begun: string[];
  mostInFlight: () => number;
  asked: string[][];
  finishOne(): void;
}

/** A pump over counters: each queue holds so many jobs; those begun end when the test says so, or at once. */
function createBench(waiting: Record<string, number>, room: number, byHand = false, urgentRoom = room): Bench {
  const left = new Map(Object.entries(waiting));
  const begun: string[] = [];
  const asked: string[][] = [];
  const finishers: Array<() => void> = [];
  let inFlight = 0;
  let most = 0;
  const pump = createPump({
    queues: () => ({
      interactive: [...left.keys()].filter(name => name.startsWith('i')),
      bulk: [...left.keys()].filter(name => name.startsWith('b')),
    }),
    room: priority => (priority === 'interactive' ? urgentRoom : room) - inFlight,
    waitMs: () => 0,
    async claim(queues, limit) {
      asked.push(queues);
      const claims: Claim[] = [];
      for (const queue of queues) {
        for (; claims.length < limit && (left.get(queue) ?? 0) > 0; left.set(queue, (left.get(queue) ?? 0) - 1)) {
          claims.push({queue} as Claim);
        }
      }
      inFlight += claims.length;
      most = Math.max(most, inFlight);
      return {claims, more: claims.length >= limit ? queues : []};
    },
    async run({queue}) {
      begun.push(queue);
      if (byHand) await new Promise<void>(resolve => finishers.push(resolve));
      else await Promise.resolve();
      inFlight -= 1;
    },
    async giveBack({queue}) {
      inFlight -= 1;
      left.set(queue, (left.get(queue) ?? 0) + 1);
    },
    log: silent,
  });
  return {pump, waiting: left, begun, asked, mostInFlight: () => most, finishOne: () => finishers.shift()?.()};
}

test('never has more in flight than there is room for, and ends with nothing waiting', async t => {
  const bench = createBench({i1: 30, b1: 50}, 7);
  t.teardown(bench.pump.stop);
  bench.pump.wakeAll();
  await until('all jobs', () => bench.begun.length === 80);
  t.true(bench.mostInFlight() <= 7);
});

test('interactive goes before bulk, and bulk keeps one place in ten', async t => {
  const bench = createBench({b1: 100, i1: 100}, 1);
  t.teardown(bench.pump.stop);
  bench.pump.wakeAll();
  await until('all jobs', () => bench.begun.length === 200);
  const whileBoth = bench.begun.slice(0, bench.begun.lastIndexOf('i1'));
  const bulk = whileBoth.filter(name => name === 'b1').length;
  t.true(bulk >= 9 && bulk <= 11, `${bulk} bulk jobs among the first ${whileBoth.length}`);
});

test('so it does where agents’ texts fill the places that are theirs alone', async t => {
  const bench = createBench({b1: 100, i1: 100}, 2, true, 3);
  t.teardown(() => {
    const stopping = bench.pump.stop();
    for (let left = 3; left > 0; left -= 1) bench.finishOne();
    return stopping;
  });
  bench.pump.wakeAll();
  for (let begun = 3; begun < 53; begun += 1) {
    await until(`${begun} jobs`, () => bench.begun.length === begun);
    bench.finishOne();
  }
  const bulk = bench.begun.filter(name => name === 'b1').length;
  t.true(bulk >= 4 && bulk <= 6, `${bulk} bulk jobs among the first ${bench.begun.length}`);
});

test('channels of one class take turns', async t => {
  const bench = createBench({b1: 100, b2: 100, b3: 100}, 1);
  t.teardown(bench.pump.stop);
  bench.pump.wakeAll();
  await until('the first thirty', () => bench.begun.length >= 30);
  const first = bench.begun.slice(0, 30);
  for (const name of ['b1', 'b2', 'b3']) t.true(first.filter(begun => begun === name).length >= 9, name);
});

test('an emptied queue is not asked for again until something wakes it', async t => {
  const bench = createBench({i1: 1, i2: 0}, 10);
  t.teardown(bench.pump.stop);
  bench.pump.wake(['i1']);
  await until('the job', () => bench.begun.length === 1);
  bench.waiting.set('i2', 1);
  bench.pump.wake(['i2']);
  await until('the second job', () => bench.begun.length === 2);
  t.deepEqual(bench.asked.slice(0, 2), [['i1'], ['i2']]);
});

test('stops taking at once and waits for what is in flight', async t => {
  const bench = createBench({i1: 5}, 2, true);
  bench.pump.wakeAll();
  await until('two in flight', () => bench.begun.length === 2);
  let stopped = false;
  const stopping = bench.pump.stop().then(() => {
    stopped = true;
  });
  bench.finishOne();
  await new Promise(resolve => setImmediate(resolve));
  t.false(stopped);
  bench.finishOne();
  await stopping;
  t.is(bench.begun.length, 2);
});

test('a claim that comes after the stop is given back and not begun', async t => {
  const bench = createBench({i1: 3}, 2);
  bench.pump.wakeAll();
  await bench.pump.stop();
  t.deepEqual(bench.begun, []);
  t.is(bench.waiting.get('i1'), 3);
});
