import test from 'ava';
import type {Settlement, Store} from '../../../src/store/store.ts';
import type * as kit from './kit.ts';
import {
  bulk,
  claimOne,
  everyOutbound,
  interactive,
  phone,
  settleRetry,
  settleTaken,
  settleUnknown,
  startSegment,
  stateOf,
  toInbound,
  toOutbound,
} from './kit.ts';

const aside = {dueInMs: 60_000, counts: false, aside: true} satisfies Partial<Settlement & {to: 'retry'}>;
const day = {platform: 'acme', channel: 'c1', day: '2026-11-21'};

async function claimed(store: Store, queues: string[] = everyOutbound): Promise<string[]> {
  const claims = await store.claim(queues, 100);
  return claims.map(({work}) => (work.kind === 'outbound' ? work.outbound.messageId : work.kind));
}

export function guardCases(openFresh: kit.OpenFresh): void {
  test('what stands aside holds up nothing of its lane, and comes back when it is due', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptOutbound(toOutbound('m2', {priority: 'interactive'}));
    const first = await claimOne(store);
    t.true(await settleRetry(store, first, aside));
    t.is(await stateOf(store, 'm1'), 'accepted');
    const second = await claimOne(store);
    t.is(second.work.kind === 'outbound' && second.work.outbound.messageId, 'm2');
    await startSegment(store, second);
    await settleTaken(store, second, 'id2');
    t.deepEqual(await claimed(store), []);
    clock.now += 60_000;
    t.deepEqual(await claimed(store), ['m1']);
  });

  test('those aside keep their order, also across a restart', async t => {
    const {store, clock, reopen} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) {
      await store.acceptOutbound(toOutbound(id));
      await settleRetry(store, await claimOne(store), aside);
    }
    clock.now += 60_000;
    const again = await reopen();
    for (const id of ['m1', 'm2', 'm3']) {
      const claim = await claimOne(again);
      t.is(claim.work.kind === 'outbound' && claim.work.outbound.messageId, id);
      t.deepEqual(await claimed(again), []);
      await startSegment(again, claim);
      await settleTaken(again, claim, `id ${id}`);
    }
  });

  test('an older text that comes aside later stands before the others there', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptOutbound(toOutbound('m2'));
    const first = await claimOne(store);
    await startSegment(store, first);
    await settleUnknown(store, first);
    await settleRetry(store, await claimOne(store), aside);
    await store.resolve({messageId: 'm1', to: 'requeue', events: []});
    await settleRetry(store, await claimOne(store), aside);
    clock.now += 60_000;
    t.deepEqual(await claimed(store), ['m1']);
  });

  test('what a hurried text lifted is a campaign’s again when it stands aside', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptOutbound(toOutbound('m2', {priority: 'interactive'}));
    const lifted = await claimOne(store, [interactive]);
    t.like(lifted.work, {priority: 'interactive', acceptedAs: 'bulk'});
    await settleRetry(store, lifted, aside);
    t.deepEqual(await claimed(store, [interactive]), ['m2']);
    clock.now += 60_000;
    t.deepEqual(await claimed(store, [interactive]), []);
    t.deepEqual(await claimed(store, [bulk]), ['m1']);
  });

  test('what stands aside expires, can be purged, and ends when its phone opts out', async t => {
    const {store, clock} = await openFresh(t);
    const reason = {code: 'MessageNotAllowed', message: 'so it is'} as const;
    for (const id of ['m1', 'm2', 'm3']) {
      await store.acceptOutbound(toOutbound(id, {expiresInMs: id === 'm1' ? 1000 : 3_600_000}));
      await settleRetry(store, await claimOne(store), aside);
    }
    t.is((await store.depths()).find(({queue}) => queue === bulk)?.waiting, 3);
    clock.now += 2000;
    const [overdue] = await store.claimOverdue(everyOutbound, 10);
    t.is(overdue?.work.kind === 'outbound' && overdue.work.outbound.messageId, 'm1');
    if (overdue === undefined) return t.fail('nothing is overdue');
    const {job, fence} = overdue;
    await store.settle({job, fence, events: [], to: 'ended', state: 'expired', by: 'policy', reason});
    t.is(await store.purge({queues: [bulk], reason, limit: 1}), 1);
    const channels = [{platform: 'acme', channel: 'c1'}];
    t.is(await store.purgePhone({channels, phone, reason, limit: 10}), 1);
    t.deepEqual([await stateOf(store, 'm2'), await stateOf(store, 'm3')], ['failed', 'failed']);
    t.deepEqual(
      await store.depths(),
      [...(await store.depths())].filter(({queue}) => queue !== bulk),
    );
  });

  test('what waits for its hours makes its queue no older', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await settleRetry(store, await claimOne(store), {...aside, dueInMs: 40_000_000});
    clock.now += 10_000_000;
    await store.acceptOutbound(toOutbound('m2', {to: '+14155550199'}));
    const acceptedAt = clock.now;
    clock.now += 5000;
    const depth = (await store.depths()).find(({queue}) => queue === bulk);
    t.deepEqual(depth, {queue: bulk, waiting: 2, oldestAt: acceptedAt});
  });

  test('a claim tells when its phone last wrote to the channel', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const [before] = await store.claim(everyOutbound, 1);
    t.is(before?.work.kind === 'outbound' ? before.work.heardAt : 0, undefined);
    clock.now += 1000;
    await store.acceptInbound(toInbound('mo1'));
    await store.acceptOutbound(toOutbound('m2', {to: '+14155550199'}));
    await store.acceptOutbound(toOutbound('m3', {channel: 'c2'}));
    if (before !== undefined) await settleRetry(store, before);
    const claims = await store.claim([...everyOutbound, interactive.replace('c1', 'c2'), bulk.replace('c1', 'c2')], 10);
    const heard = claims.map(({work}) => work.kind === 'outbound' && [work.outbound.messageId, work.heardAt]);
    t.deepEqual(heard.sort(), [
      ['m1', clock.now],
      ['m2', undefined],
      ['m3', undefined],
    ]);
  });

  test('tells what went between a channel and a phone, the latest first, up to the text that is asked about', async t => {
    const {store, clock} = await openFresh(t);
    const times: number[] = [];
    for (const id of ['m1', 'mo2', 'm3', 'mo4']) {
      clock.now += 1000;
      times.push(clock.now);
      if (id.startsWith('mo')) await store.acceptInbound(toInbound(id));
      else await store.acceptOutbound(toOutbound(id));
      await store.acceptOutbound(toOutbound(`other ${id}`, {to: '+14155550199'}));
      await store.acceptOutbound(toOutbound(`elsewhere ${id}`, {channel: 'c2'}));
    }
    const [first, second, third] = times;
    t.deepEqual(await store.exchange('m3', 10), [
      {direction: 'outbound', at: third},
      {direction: 'inbound', at: second},
      {direction: 'outbound', at: first},
    ]);
    t.is((await store.exchange('m3', 2)).length, 2);
    t.deepEqual(await store.exchange('nobody', 10), []);
  });

  test('counts a day’s segments up to its cap and no further, also across a restart', async t => {
    const {store, reopen} = await openFresh(t);
    t.deepEqual(await store.spend({...day, segments: 6, cap: 10}), {granted: true, total: 6});
    t.deepEqual(await store.spend({...day, segments: 5, cap: 10}), {granted: false, total: 6});
    t.deepEqual(await store.spend({...day, channel: 'c2', segments: 5, cap: 10}), {granted: true, total: 5});
    t.deepEqual(await store.spend({...day, day: '2026-11-22', segments: 11, cap: 10}), {granted: false, total: 0});
    const again = await reopen();
    t.deepEqual(await again.spend({...day, segments: 4, cap: 10}), {granted: true, total: 10});
    t.deepEqual(await again.spend({...day, segments: 1, cap: 10}), {granted: false, total: 10});
  });

  test('of many who count at once none counts what another did', async t => {
    const {store} = await openFresh(t);
    const all = await Promise.all(Array.from({length: 30}, () => store.spend({...day, segments: 1, cap: 20})));
    const granted = all.filter(spent => spent.granted).map(({total}) => total);
    t.deepEqual(
      granted.sort((one, other) => one - other),
      Array.from({length: 20}, (_, index) => index + 1),
    );
  });

  test('a day that is long past is forgotten', async t => {
    const {store, clock} = await openFresh(t);
    await store.spend({...day, segments: 10, cap: 10});
    clock.now += 40_000;
    const rules = {textMs: 10_000, allMs: 30_000, auditMs: 30_000, parkedReceiptMs: 1000, limit: 100};
    while (await store.prune(rules));
    t.deepEqual(await store.spend({...day, segments: 10, cap: 10}), {granted: true, total: 10});
  });
}
