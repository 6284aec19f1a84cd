import test from 'ava';
import {toSeed} from '../helpers/crash/storm.ts';
import {checkReplicaStorm, summarize} from '../helpers/replicas/check-storm.ts';
import {runReplicaStorm} from '../helpers/replicas/storm.ts';

test('replicas on one database, killed, cut off and without it for a while, keep together what one would', async t => {
  t.timeout(900_000);
  const seed = toSeed();
  t.log(`CRASH_SEED=${seed}`);
  const storm = await runReplicaStorm(t, {seed, replicas: 3, stormMs: 60_000, restarts: 2, quietWithinMs: 240_000});
  t.log(summarize(storm));
  t.true(storm.runs.length > 4, 'hardly anything was killed: nothing was tested');
  t.deepEqual(checkReplicaStorm(storm), [], `CRASH_SEED=${seed}`);
});
