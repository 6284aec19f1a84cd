import test from 'ava';
import {checkStorm, summarize} from '../helpers/crash/check-storm.ts';
import {runStorm, toSeed} from '../helpers/crash/storm.ts';

test('stopped by SIGTERM under load, the gateway loses nothing and leaves nothing unknown', async t => {
  t.timeout(300_000);
  const seed = toSeed();
  const signal = 'SIGTERM';
  t.log(`CRASH_SEED=${seed}`);
  const storm = await runStorm(t, {seed, signal, times: 2, mostProgress: 200, whileStarting: 0, quietWithinMs: 90_000});
  t.log(summarize(storm));
  t.is(summarize(storm).interrupted, 0);
  t.deepEqual(checkStorm(storm, {signal}), [], `CRASH_SEED=${seed}`);
});
