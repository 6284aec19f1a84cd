import test from 'ava';
import {checkStorm, summarize} from '../helpers/crash/check-storm.ts';
import {runStorm, toSeed} from '../helpers/crash/storm.ts';

test('killed fifty times at random moments under load, the gateway keeps what it promised', async t => {
  t.timeout(1_200_000);
  const seed = toSeed();
  const signal = 'SIGKILL';
  t.log(`CRASH_SEED=${seed}`);
  const storm = await runStorm(t, {
    seed,
    signal,
    times: 50,
    mostProgress: 300,
    whileStarting: 0.2,
    quietWithinMs: 400_000,
  });
  const summary = summarize(storm);
  t.log(summary);
  t.true((summary.interrupted ?? 0) > 0, 'no kill met a text in flight: nothing was tested');
  t.deepEqual(checkStorm(storm, {signal}), [], `CRASH_SEED=${seed}`);
});
