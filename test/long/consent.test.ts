import test from 'ava';
import {floodAndStop} from '../helpers/stop-flood.ts';

test('STOP with 50,000 bulk texts queued: none leaves from one second on, exactly one confirmation', async t => {
  t.timeout(900_000);
  await floodAndStop(t, 50_000, 600_000);
});
