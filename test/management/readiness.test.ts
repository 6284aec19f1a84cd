import test from 'ava';
import {createReadiness, type Phase} from '../../src/management/index.ts';
import {StoreUnavailable} from '../../src/store/store.ts';

const tells = test.macro({
  async exec(t, phase: Phase, why: string | undefined, ready: boolean, checks: Record<string, string>) {
    const probe = async () => {
      if (why !== undefined) throw new StoreUnavailable(why);
    };
    t.deepEqual(await createReadiness({phase: () => phase, probe, carriers: () => []})(), {ready, checks});
  },
  title: (_, phase, why) => `${phase}${why === undefined ? '' : ` and the store can't write`}`,
});

test(tells, 'starting', undefined, false, {store: 'ok', starting: 'yes', stopping: 'no'});
test(tells, 'serving', undefined, true, {store: 'ok', starting: 'no', stopping: 'no'});
test(tells, 'serving', 'disk full', false, {store: 'disk full', starting: 'no', stopping: 'no'});
test(tells, 'stopping', undefined, false, {store: 'ok', starting: 'no', stopping: 'yes'});

test('is not ready while nothing is heard of the store', async t => {
  const probe = () => new Promise<never>(() => {});
  const {ready, checks} = await createReadiness({phase: () => 'serving', probe, carriers: () => [], waitMs: 1})();
  t.false(ready);
  t.is(checks.store, 'it has not answered for 0.001 s');
});
