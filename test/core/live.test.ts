import test from 'ava';
import {createLive, derive} from '../../src/core/live.ts';

test('what is derived is worked out once for each value', t => {
  const live = createLive([1, 2]);
  let times = 0;
  const sum = derive(live.current, numbers => {
    times += 1;
    return numbers.reduce((all, number) => all + number, 0);
  });
  t.is(times, 0);
  t.deepEqual([sum(), sum()], [3, 3]);
  live.swap([3, 4]);
  t.deepEqual([sum(), sum()], [7, 7]);
  t.is(times, 2);
});
