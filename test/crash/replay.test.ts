import {join} from 'node:path';
import test from 'ava';
import {runReplay} from '../helpers/crash/replay-run.ts';

test('dead letters replayed, with gateway and command killed halfway and two operators afterwards, are sent once each', async t => {
  t.timeout(300_000);
  const letters = 240;
  const run = await runReplay(t, {
    store: folder => `sqlite:${join(folder, 'gateway.db')}`,
    letters,
    perSecond: 40,
    killAt: 20,
    withinMs: 120_000,
  });
  t.log({...run, arrivals: run.arrivals.size});
  t.true(run.leftHalfway > 0 && run.leftHalfway < letters);
  t.deepEqual(
    run.exits.map(({code}) => code),
    [0, 0],
  );
  t.is(run.arrivals.size, letters);
  t.deepEqual(
    [...run.arrivals].filter(([, times]) => times !== 1),
    [],
  );
  t.is(run.deadLetters, 0);
});
