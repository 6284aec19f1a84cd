import test from 'ava';
import fc from 'fast-check';
import {createLoneJobs} from '../../src/store/lone-jobs.ts';

/** Many share a place of the table, and some stand at its end, so that searches run around it. */
const lanes = [...Array(40).keys()].map(index => (index % 8) + 1020 + Math.floor(index / 8) * 2 ** 32);
const step = fc.record({lane: fc.nat(lanes.length - 1), id: fc.nat(3), reserved: fc.constantFrom(0, 0, 0, 600, 3000)});

test('every lane is told the job it was given last', t => {
  fc.assert(
    fc.property(fc.array(step, {maxLength: 500}), steps => {
      const known = createLoneJobs();
      const truth = new Map<number, number>();
      return steps.every(({lane: index, id, reserved}) => {
        const lane = lanes[index] ?? 0;
        if (reserved > 0) known.reserve(reserved);
        known.set(lane, id);
        truth.set(lane, id);
        return lanes.every(each => known.get(each) === (truth.get(each) ?? 0));
      });
    }),
  );
  t.pass();
});

test('it grows and shrinks with the jobs, and forgets none', t => {
  const known = createLoneJobs();
  const toLane = (index: number) => (index * 2_654_435_761) % 2 ** 48;
  for (let index = 1; index <= 20_000; index += 1) known.set(toLane(index), index);
  for (let index = 1; index <= 20_000; index += 1) if (known.get(toLane(index)) !== index) t.fail(`${index} is lost`);
  for (let index = 1; index <= 19_990; index += 1) known.set(toLane(index), 0);
  for (let index = 1; index <= 20_000; index += 1) {
    if (known.get(toLane(index)) !== (index > 19_990 ? index : 0)) t.fail(`${index} is wrong`);
  }
  t.pass();
});
