import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type ReplayRunOptions, runReplay} from '../helpers/crash/replay-run.ts';
import {startServer} from '../store/open-postgres.ts';

async function expectOnce(t: ExecutionContext, options: Pick<ReplayRunOptions, 'store' | 'letters'>): Promise<void> {
  t.timeout(1_200_000);
  const {letters} = options;
  const run = await runReplay(t, {...options, perSecond: 500, killAt: letters / 5, withinMs: 600_000});
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
}

test('10,000 dead letters replayed, with gateway and command killed halfway, are sent once each', async t => {
  await expectOnce(t, {store: folder => `sqlite:${join(folder, 'gateway.db')}`, letters: 10_000});
});

test('so are 1,000 on PostgreSQL', async t => {
  const server = await startServer();
  t.teardown(() => server.stop());
  const url = server.newUrl();
  await expectOnce(t, {store: () => url, letters: 1_000});
});
