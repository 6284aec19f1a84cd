import test from 'ava';
import {toSeed} from '../helpers/crash/storm.ts';
import {checkReplicaStorm, summarize} from '../helpers/replicas/check-storm.ts';
import type {Deaf} from '../helpers/replicas/deafen.ts';
import {runReplicaStorm} from '../helpers/replicas/storm.ts';

const common = {replicas: 3, quietWithinMs: 240_000};
const longLives = {livesMs: [20_000, 60_000], stormMs: 120_000, restarts: 0} as const;
const silences = {everyMs: [2000, 15_000], forMs: [500, 16_000]} as const;

test('replicas on one database, killed, cut off and without it for a while, keep together what one would', async t => {
  t.timeout(900_000);
  const seed = toSeed();
  t.log(`CRASH_SEED=${seed}`);
  const livesMs = [1000, 12_000] as const;
  const storm = await runReplicaStorm(t, {...common, seed, livesMs, stormMs: 60_000, restarts: 2});
  t.log(summarize(storm));
  t.true(storm.runs.length > 4, 'hardly anything was killed: nothing was tested');
  t.deepEqual(checkReplicaStorm(storm), [], `CRASH_SEED=${seed}`);
});

const inTrouble = test.macro(async (t, ...troubles: Deaf['troubles']) => {
  t.timeout(900_000);
  const seed = toSeed();
  t.log(`CRASH_SEED=${seed}`);
  const storm = await runReplicaStorm(t, {...common, ...longLives, seed, deaf: {...silences, troubles}});
  t.log(summarize(storm));
  t.true(storm.silences.length > 10, 'hardly anything was silent or late: nothing was tested');
  t.deepEqual(checkReplicaStorm(storm), [], `CRASH_SEED=${seed}`);
});

test(
  'and so do replicas that do not hear of their commits until others have taken over, or just not yet',
  inTrouble,
  'commits',
);
test('and those of whose connections some are dead, or to whom their database answers late', inTrouble, 'some', 'late');
