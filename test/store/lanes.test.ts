import test from 'ava';
import fc from 'fast-check';
import {createLanes, type Lanes} from '../../src/store/lanes.ts';

const buckets = 2 ** 22;
interface Step {
  lane: number;
  leaves: boolean;
}

/** The last two share a bucket. */
const lanes = [7, 2 ** 40 + 1, 12, 12 + buckets];
const turn = fc.record({
  steps: fc.array(fc.record({lane: fc.nat(lanes.length - 1), leaves: fc.boolean()}), {maxLength: 400}),
  isKept: fc.boolean(),
});

test('a lane somebody is in is never taken for empty, whatever is rolled back', t => {
  fc.assert(fc.property(fc.array(turn, {maxLength: 20}), holdsOn));
  t.pass();
});

function holdsOn(turns: ReadonlyArray<{steps: Step[]; isKept: boolean}>): boolean {
  const known = createLanes();
  let truth = new Map<number, number>();
  for (const {steps, isKept} of turns) {
    const next = new Map(truth);
    for (const step of steps) take(known, next, step);
    if (isKept) known.commit();
    else known.rollback();
    if (isKept) truth = next;
    if ([...truth].some(([lane, count]) => count > 0 && !known.mayHold(lane))) return false;
  }
  return true;
}

/** Nobody leaves a lane that nobody is in. */
function take(known: Lanes, truth: Map<number, number>, {lane: index, leaves}: Step): void {
  const lane = lanes[index] ?? 0;
  const count = truth.get(lane) ?? 0;
  if (leaves && count === 0) return;
  if (leaves) known.leave(lane);
  else known.enter(lane);
  truth.set(lane, count + (leaves ? -1 : 1));
}

test('a lane that all have left is known to be empty; a bucket that was full is not', t => {
  const known = createLanes();
  for (let jobs = 0; jobs < 254; jobs += 1) known.enter(5);
  for (let jobs = 0; jobs < 254; jobs += 1) known.leave(5);
  t.false(known.mayHold(5));
  for (let jobs = 0; jobs < 300; jobs += 1) known.enter(6);
  for (let jobs = 0; jobs < 300; jobs += 1) known.leave(6);
  t.true(known.mayHold(6));
});

test('what a store is opened with is in its lanes, also when a transaction is rolled back', t => {
  const known = createLanes();
  known.load(5, 2);
  known.load(6, 1000);
  known.leave(5);
  known.rollback();
  known.leave(5);
  t.true(known.mayHold(5));
  known.leave(5);
  t.false(known.mayHold(5));
  for (let jobs = 0; jobs < 1000; jobs += 1) known.leave(6);
  t.true(known.mayHold(6));
});

test('who is alone in a lane is known, until it leaves or what it did is rolled back', t => {
  const known = createLanes();
  known.loadAlone(5, 20);
  known.enterAlone(6, 24);
  known.commit();
  known.leaveAlone(5);
  known.enterAlone(5, 28);
  known.leaveAlone(6);
  known.enterAlone(7, 32);
  t.deepEqual([5, 6, 7].map(known.loneJob), [28, undefined, 32]);
  known.rollback();
  t.deepEqual([5, 6, 7].map(known.loneJob), [20, 24, undefined]);
  t.deepEqual([5, 6, 7].map(known.mayHold), [true, true, false]);
});

test('lanes of one bucket stand for each other', t => {
  const known = createLanes();
  known.enter(12);
  t.true(known.mayHold(12 + buckets));
  t.false(known.mayHold(13));
});
