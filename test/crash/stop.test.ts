import test from 'ava';
import {checkStorm, summarize} from '../helpers/crash/check-storm.ts';
import {runStorm, toSeed} from '../helpers/crash/storm.ts';

test('stopped by SIGTERM under load, the gateway loses nothing and leaves nothing unknown', async t => {
  t.timeout(120_000);
  const seed = toSeed();
  const signal = 'SIGTERM';
  t.log(`CRASH_SEED=${seed}`);
  const storm = await runStorm(t, {seed, signal, times: 2, mostMs: 2000, whileStarting: 0, quietWithinMs: 30_000});
  t.log(summarize(storm));
  t.is(summarize(storm).interrupted, 0);
  t.deepEqual(checkStorm(storm, {signal}), [], `CRASH_SEED=${seed}`);
});
