import test from 'ava';
import {createSteadyClock} from '../../src/core/steady-clock.ts';

test('goes on from where it was when its clock is put back, and goes forward with it', t => {
  let at = 1000;
  const steady = createSteadyClock(() => at);
  t.is(steady(), 1000);
  at = 1500;
  t.is(steady(), 1500);
  at = 200;
  t.is(steady(), 1500);
  at = 300;
  t.is(steady(), 1600);
  at = 100;
  t.is(steady(), 1600);
  at = 5000;
  t.is(steady(), 6500);
});
