import test from 'ava';
import * as kit from './kit.ts';
import {bulk, claimOne, interactive, stateOf, toOutbound} from './kit.ts';

const reason = {code: 'MessageNotAllowed', message: 'purged by ops'} as const;

export function stopCases(openFresh: kit.OpenFresh): void {
  test('ends what waits in the queues named, in steps, with a receipt each, and leaves claimed ones alone', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3', 'm4']) await store.acceptOutbound(toOutbound(id));
    await store.acceptOutbound(toOutbound('i1', {priority: 'interactive', to: '+14155550199'}));
    const claim = await claimOne(store, [bulk]);
    t.is(await store.purge({queues: [bulk], reason, limit: 2}), 2);
    t.is(await store.purge({queues: [bulk], reason, limit: 2}), 1);
    t.is(await store.purge({queues: [bulk], reason, limit: 2}), 0);
    t.like(await kit.recordOf(store, 'm4'), {state: 'failed', reason});
    t.is(await stateOf(store, 'i1'), 'accepted');
    t.true(await kit.startSegment(store, claim));
    t.deepEqual(await kit.postReceipts(store), ['Failed', 'Failed', 'Failed']);
    t.deepEqual(
      (await store.depths()).map(({queue, waiting}) => [queue, waiting]),
      [[interactive, 1]],
    );
  });

  test('a gate is set once per kind and filter, whatever the order of its keys, and keeps its time', async t => {
    const {store, clock} = await openFresh(t);
    const filter = {platform: 'acme', channel: 'c1'};
    await store.setGate({kind: 'paused', filter, reason: 'wrong campaign', by: 'ops'});
    await store.setGate({kind: 'parked', filter, reason: '401', by: 'gateway'});
    clock.now += 1000;
    await store.setGate({kind: 'paused', filter: {channel: 'c1', platform: 'acme'}, reason: 'still wrong', by: 'ops'});
    t.deepEqual(
      (await store.gates()).map(({kind, reason: why, since}) => [kind, why, since]),
      [
        ['parked', '401', kit.startOfTime],
        ['paused', 'still wrong', kit.startOfTime],
      ],
    );
    t.true(await store.clearGate('paused', filter));
    t.false(await store.clearGate('paused', filter));
    t.deepEqual((await store.gates())[0]?.filter, filter);
  });

  test('a parked gate may say before when nothing is to be tried, until it is set again without', async t => {
    const {store} = await openFresh(t);
    const parked = {kind: 'parked', filter: {channel: 'c1'}, reason: 'daily cap', by: 'gateway'} as const;
    await store.setGate({...parked, forMs: 60_000});
    t.is((await store.gates())[0]?.until, kit.startOfTime + 60_000);
    await store.setGate(parked);
    t.is((await store.gates())[0]?.until, undefined);
  });

  test('gates survive a restart', async t => {
    const {store, reopen} = await openFresh(t);
    await store.setGate({kind: 'paused', filter: {}, reason: 'all', by: 'ops'});
    t.is((await (await reopen()).gates()).length, 1);
  });

  test('tells how deep each queue is and since when its oldest waits', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    clock.now += 500;
    for (const id of ['m2', 'm3']) await store.acceptOutbound(toOutbound(id, {to: '+14155550199'}));
    t.deepEqual(await store.depths(), [{queue: bulk, waiting: 3, oldestAt: kit.startOfTime}]);
    await claimOne(store);
    t.deepEqual(await store.depths(), [{queue: bulk, waiting: 2, oldestAt: kit.startOfTime + 500}]);
  });
}
