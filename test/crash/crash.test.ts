import test from 'ava';
import {checkStorm, summarize} from '../helpers/crash/check-storm.ts';
import {runStorm, toSeed} from '../helpers/crash/storm.ts';

test('killed at random moments under load, the gateway keeps what it promised', async t => {
  t.timeout(300_000);
  const seed = toSeed();
  const signal = 'SIGKILL';
  t.log(`CRASH_SEED=${seed}`);
  const storm = await runStorm(t, {
    seed,
    signal,
    times: 5,
    mostProgress: 200,
    whileStarting: 0.2,
    quietWithinMs: 90_000,
  });
  t.log(summarize(storm));
  t.deepEqual(checkStorm(storm, {signal}), [], `CRASH_SEED=${seed}`);
});
