import test from 'ava';
import type {Purge, Store, TextsStep} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {bulk, claimOne, interactive, stateOf, toOutbound} from './kit.ts';

const reason = {code: 'MessageNotAllowed', message: 'purged by ops'} as const;
const by = {name: 'ops', via: 'api'} as const;
const other = '+14155550199';
const minuteMs = 60_000;

/** Every step of it, as the relay takes them. */
async function purgeAll(store: Store, purge: Omit<Purge & TextsStep, 'reason'>): Promise<number> {
  let purged = 0;
  for (let before: string | undefined; ; ) {
    const step = await store.purgeTexts({...purge, reason, ...(before !== undefined && {before})});
    purged += step.purged;
    before = step.next;
    if (before === undefined) return purged;
  }
}

async function countAll(store: Store, step: TextsStep): Promise<{waiting: number; underWay: number}> {
  const sum = {waiting: 0, underWay: 0};
  for (let before: string | undefined; ; ) {
    const found = await store.countTexts({...step, ...(before !== undefined && {before})});
    sum.waiting += found.waiting;
    sum.underWay += found.underWay;
    before = found.next;
    if (before === undefined) return sum;
  }
}

export function stopTextsCases(openFresh: kit.OpenFresh): void {
  test('counts and purges what was accepted as of a class, whichever queue it stands in by now', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('hurried'));
    await store.acceptOutbound(toOutbound('reply', {priority: 'interactive'}));
    await store.acceptOutbound(toOutbound('quiet', {to: other}));
    const step: TextsStep = {queues: [interactive], texts: {}, acceptedAs: 'bulk', limit: 10};
    t.deepEqual(await countAll(store, step), {waiting: 1, underWay: 0});
    t.is(await purgeAll(store, step), 1);
    t.is(await stateOf(store, 'hurried'), 'failed');
    t.deepEqual([await stateOf(store, 'reply'), await stateOf(store, 'quiet')], ['accepted', 'accepted']);
  });

  test('counts and purges the texts to one phone, in the queues named only, and leaves claimed ones alone', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) await store.acceptOutbound(toOutbound(id));
    await store.acceptOutbound(toOutbound('o1', {to: other}));
    await store.acceptOutbound(toOutbound('i1', {priority: 'interactive', channel: 'c2'}));
    const claim = await claimOne(store, [bulk]);
    const step = {queues: [bulk], texts: {phone: kit.phone}, limit: 10};
    t.deepEqual(await countAll(store, step), {waiting: 2, underWay: 1});
    t.is(await purgeAll(store, step), 2);
    t.deepEqual(await countAll(store, step), {waiting: 0, underWay: 1});
    t.is(await stateOf(store, 'o1'), 'accepted');
    t.is(await stateOf(store, 'i1'), 'accepted');
    t.true(await kit.startSegment(store, claim));
    t.like(await kit.recordOf(store, 'm3'), {state: 'failed', reason});
    t.deepEqual(await kit.postReceipts(store), ['Failed', 'Failed']);
  });

  test('purges what was accepted in a time, and what waits behind it goes on', async t => {
    const {store, clock} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3', 'm4']) {
      await store.acceptOutbound(toOutbound(id));
      clock.now += minuteMs;
    }
    const texts = {acceptedAfter: kit.startOfTime, acceptedBefore: kit.startOfTime + 2 * minuteMs};
    t.is(await purgeAll(store, {queues: [bulk], texts, limit: 10}), 2);
    t.deepEqual(await Promise.all(['m1', 'm2', 'm3', 'm4'].map(id => stateOf(store, id))), [
      'failed',
      'failed',
      'accepted',
      'accepted',
    ]);
    const next = await claimOne(store, [bulk]);
    t.is(next.work.kind === 'outbound' && next.work.outbound.messageId, 'm3');
  });

  test('the steps of a look are small, and together they see each text once', async t => {
    const {store} = await openFresh(t);
    const ids = Array.from({length: 7}, (_, index) => `m${index}`);
    for (const [index, id] of ids.entries())
      await store.acceptOutbound(toOutbound(id, {to: `+1415555010${index % 3}`}));
    const step = {queues: [bulk], texts: {acceptedAfter: 0}, limit: 2};
    t.deepEqual(await countAll(store, step), {waiting: 7, underWay: 0});
    const first = await store.purgeTexts({...step, reason});
    t.is(first.purged, 2);
    t.truthy(first.next);
    t.is(await purgeAll(store, step), 5);
    t.deepEqual(await store.depths().then(all => all.filter(({queue}) => queue === bulk)), []);
  });

  test('a purge is counted in its audit row by the step that does it', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) await store.acceptOutbound(toOutbound(id));
    await store.acceptOutbound(toOutbound('o1', {to: other}));
    const audit = await store.audit({by, action: 'purge', target: {}, outcome: 'begun', before: 4, done: 0});
    t.is(await store.purge({queues: [bulk], reason, limit: 2, audit}), 2);
    t.like((await store.audits({limit: 1})).audits[0], {outcome: 'begun', done: 2});
    t.is(await purgeAll(store, {queues: [bulk], texts: {acceptedAfter: 0}, limit: 1, audit}), 2);
    t.like((await store.audits({limit: 1})).audits[0], {outcome: 'begun', before: 4, done: 4});
  });

  test('what is put off is due again when it is hastened, and nothing else', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptOutbound(toOutbound('o1', {to: other}));
    for (const claim of await store.claim([bulk], 2)) await kit.settleRetry(store, claim, {dueInMs: 600_000});
    t.deepEqual(await store.claim([bulk], 2), []);
    await store.hastenTexts({queues: [bulk], texts: {phone: other}, limit: 10});
    const claims = await store.claim([bulk], 2);
    t.deepEqual(
      claims.map(({work}) => work.kind === 'outbound' && work.outbound.messageId),
      ['o1'],
    );
  });

  test('tells how much of each queue is claimed', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id, {to: `+1415555012${id.slice(1)}`}));
    await store.acceptOutbound(toOutbound('i1', {priority: 'interactive'}));
    t.deepEqual(await store.underWay(), []);
    await store.claim([bulk, interactive], 3);
    t.deepEqual(
      (await store.underWay()).sort((one, two) => two.count - one.count),
      [
        {queue: bulk, count: 2},
        {queue: interactive, count: 1},
      ],
    );
  });

  test('of 5,000 texts purged while they are being sent each is either sent or told as failed, and all are counted', async t => {
    const {store} = await openFresh(t, {maxOutbound: 10_000});
    const count = 5000;
    const toPhone = (index: number) => `+1415${5_000_000 + (index % 2500)}`;
    for (let from = 0; from < count; from += 500) {
      const some = Array.from({length: 500}, (_, index) => from + index);
      await Promise.all(some.map(index => store.acceptOutbound(toOutbound(`m${index}`, {to: toPhone(index)}))));
    }
    let sent = 0;
    const send = async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        for (const claim of await store.claim([bulk], 5)) {
          if (!(await kit.startSegment(store, claim))) continue;
          if (await kit.settleTaken(store, claim, `id${claim.job}`)) sent += 1;
        }
      }
    };
    const end = async () => {
      let purged = 0;
      for (let some = 1; some > 0; purged += some) some = await store.purge({queues: [bulk], reason, limit: 500});
      return purged;
    };
    const [purged] = await Promise.all([end(), send()]);
    const rest = await end();
    t.is(purged + rest + sent, count);
    let told = 0;
    for (let claims = await store.claim([kit.receiptQueue], 500); claims.length > 0; ) {
      told += claims.length;
      await Promise.all(claims.map(claim => kit.settlePosted(store, claim)));
      claims = await store.claim([kit.receiptQueue], 500);
    }
    t.is(told, purged + rest, 'one receipt for each that was purged, none for one that was sent');
    t.deepEqual(await store.depths(), []);
  });

  test('the receipts of a purge are owed whatever happens after it', async t => {
    const {store, reopen} = await openFresh(t);
    for (let index = 0; index < 40; index += 1)
      await store.acceptOutbound(toOutbound(`m${index}`, {to: `+14155551${100 + index}`}));
    t.is(await store.purge({queues: [bulk], reason, limit: 25}), 25);
    const again = await reopen();
    t.is((await kit.postReceipts(again)).length, 25);
    t.is(await purgeAll(again, {queues: [bulk], texts: {acceptedAfter: 0}, limit: 100}), 15);
    t.is((await kit.postReceipts(again)).length, 15);
  });
}
