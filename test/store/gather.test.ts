import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {largeGroup, whenGathered} from '../../src/store/gather.ts';

function gather(count: () => number): Promise<number> {
  return new Promise(resolve => whenGathered(count, () => resolve(count())));
}

test('waits while each turn brings a call', async t => {
  let waiting = 1;
  const gathered = gather(() => waiting);
  for (; waiting < 10; waiting += 1) await turn();
  t.is(await gathered, 10);
});

test('who is answered has time for the next call', async t => {
  let waiting = 1;
  const gathered = gather(() => waiting);
  await turn();
  await Promise.resolve();
  waiting += 1;
  t.is(await gathered, 2);
});

test('waits for no more than make a large group', async t => {
  let waiting = largeGroup - 2;
  const gathered = gather(() => waiting++);
  t.true((await gathered) <= largeGroup + 1);
});

test('does not wait for calls that do not come', async t => {
  t.is(await gather(() => 1), 1);
  t.is(await gather(() => 0), 0);
});
