import test from 'ava';
import type {Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, eventsOf, stateOf, toInbound, toOutbound} from './kit.ts';

const reason = {code: 'GeneralError', message: 'refused'} as const;

/** Accepts a text and has its carrier refuse it. */
async function failOne(store: Store, ...[messageId, rest]: Parameters<typeof toOutbound>): Promise<void> {
  await store.acceptOutbound(toOutbound(messageId, rest));
  const queues = ['smsc', 'other'].flatMap(carrier => kit.everyOutbound.map(name => name.replace('smsc', carrier)));
  await refuseOne(
    store,
    queues.flatMap(name => [name, name.replace('c1', 'c2')]),
  );
}

async function refuseOne(store: Store, queues: string[] = kit.everyOutbound): Promise<void> {
  const {job, fence} = await claimOne(store, queues);
  const ended = {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'} as const;
  await store.settle({job, fence, events: [], ...ended});
}

function phoneOf(number: number): string {
  return `+1415555${String(1000 + number)}`;
}

export function deadLetterCases(openFresh: kit.OpenFresh): void {
  test('finds and counts dead letters by each filter, and by all of them together', async t => {
    const {store, clock} = await openFresh(t);
    await failOne(store, 'm1', {to: phoneOf(1)});
    await failOne(store, 'm2', {to: phoneOf(2), channel: 'c2', priority: 'interactive'});
    clock.now += 1000;
    await failOne(store, 'm3', {to: phoneOf(3), carrier: 'other'});
    await store.acceptInbound(toInbound('i1', {platform: '', from: phoneOf(1)}));
    const found = async (filter: object) => {
      const {deadLetters, next} = await store.deadLetters({limit: 10, ...filter});
      t.is(next, undefined);
      const {count} = await store.countDeadLetters(filter);
      t.is(count, deadLetters.length);
      return deadLetters.map(({messageId}) => messageId);
    };
    t.deepEqual(await found({}), ['i1', 'm3', 'm2', 'm1']);
    t.deepEqual(await found({reason: 'refused'}), ['m3', 'm2', 'm1']);
    t.deepEqual(await found({platform: 'acme'}), ['m3', 'm2', 'm1']);
    t.deepEqual(await found({channel: 'c2'}), ['m2']);
    t.deepEqual(await found({carrier: 'other'}), ['m3']);
    t.deepEqual(await found({priority: 'interactive'}), ['i1', 'm2']);
    t.deepEqual(await found({direction: 'inbound'}), ['i1']);
    t.deepEqual(await found({phone: phoneOf(1)}), ['i1', 'm1']);
    t.deepEqual(await found({state: 'expired'}), []);
    t.deepEqual(await found({since: kit.startOfTime + 1}), ['i1', 'm3']);
    t.deepEqual(await found({until: kit.startOfTime + 1000}), ['m2', 'm1']);
    t.deepEqual(await found({reason: 'refused', carrier: 'smsc', priority: 'bulk', state: 'failed'}), ['m1']);
  });

  test('tells whose a dead letter is', async t => {
    const {store} = await openFresh(t);
    await failOne(store, 'm1');
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, [
      {
        messageId: 'm1',
        cursor: '1',
        reason: 'refused',
        at: kit.startOfTime,
        platform: 'acme',
        channel: 'c1',
        detail: 'GeneralError: refused',
        carrier: 'smsc',
        direction: 'outbound',
        priority: 'bulk',
        state: 'failed',
      },
    ]);
  });

  test('a page is full although what fits stands far apart', async t => {
    const {store} = await openFresh(t);
    for (let number = 0; number < 12; number += 1) {
      await failOne(store, `m${number}`, {to: phoneOf(number), ...(number % 5 === 0 && {channel: 'c2'})});
    }
    const first = await store.deadLetters({channel: 'c2', limit: 2});
    t.deepEqual(
      first.deadLetters.map(({messageId}) => messageId),
      ['m10', 'm5'],
    );
    const rest = await store.deadLetters({channel: 'c2', limit: 2, before: first.next});
    t.deepEqual(
      rest.deadLetters.map(({messageId}) => messageId),
      ['m0'],
    );
  });

  test('a replay of a dead letter that has ended since leaves the one that came after it alone', async t => {
    const {store, clock} = await openFresh(t);
    await failOne(store, 'm1');
    const [letter] = (await store.deadLetters({limit: 1})).deadLetters;
    const deadAt = letter?.at ?? 0;
    clock.now += 1;
    t.true(await store.replay('m1', 60_000, {deadAt}));
    await refuseOne(store);
    t.false(await store.replay('m1', 60_000, {deadAt}));
    t.is(await stateOf(store, 'm1'), 'failed');
    t.true(await store.replay('m1', 60_000, {deadAt: deadAt + 1}));
  });

  test('what is replayed stands behind what waits in its queue already', async t => {
    const {store, clock} = await openFresh(t);
    await failOne(store, 'old', {to: phoneOf(1)});
    clock.now += 1000;
    await store.acceptOutbound(toOutbound('new', {to: phoneOf(2)}));
    clock.now += 1000;
    t.true(await store.replay('old', 60_000));
    const claims = await store.claim(kit.everyOutbound, 2);
    t.deepEqual(
      claims.map(({work}) => work.kind === 'outbound' && work.outbound.messageId),
      ['new', 'old'],
    );
  });

  test('what is replayed may go by another carrier', async t => {
    const {store} = await openFresh(t);
    await failOne(store, 'm1');
    t.true(await store.replay('m1', 60_000, {carrier: 'other'}));
    t.deepEqual(await store.claim(kit.everyOutbound, 1), []);
    await claimOne(store, [kit.bulk.replace('smsc', 'other')]);
    t.is((await kit.recordOf(store, 'm1')).carrier, 'other');
  });

  const gaveUp = {messageId: 'm1', events: [], deadLetter: 'unknown'};
  const left = {messageId: 'm1', state: 'sent', final: false} as const;

  test('a text that was given up and turns out to have been sent is no dead letter any more', async t => {
    const {store} = await openFresh(t);
    await kit.loseOne(store, 'm1');
    await store.resolve({...gaveUp, to: 'failed', reason});
    await store.receipt('smsc', kit.toReceipt('id1', left));
    t.is(await stateOf(store, 'm1'), 'sent');
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
  });

  test('an unknown text whose answer comes late is no dead letter any more', async t => {
    const {store} = await openFresh(t);
    await kit.loseOne(store, 'm1');
    await store.resolve({...gaveUp, to: 'quiet'});
    const answer = {segment: 0, attempt: 1, taken: true, carrierMessageId: 'id1', receiptWithinMs: 1000};
    await store.resolve({messageId: 'm1', events: [], to: 'late', ...answer});
    t.is(await stateOf(store, 'm1'), 'sent');
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
  });

  test('an unknown text whose rest is sent is no dead letter any more', async t => {
    const {store} = await openFresh(t);
    await kit.loseOne(store, 'm1', {segments: 2});
    await store.resolve({...gaveUp, to: 'quiet'});
    await store.receipt('smsc', kit.toReceipt('id1', left));
    t.is(await stateOf(store, 'm1'), 'sending');
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
  });

  test('a receipt the platform refused stays a dead letter when its text is delivered after all, and a replay tells so', async t => {
    const {store} = await openFresh(t);
    await kit.loseOne(store, 'm1');
    await store.resolve({...gaveUp, to: 'failed', reason});
    const {job, fence} = await claimOne(store, [kit.receiptQueue]);
    const refused = {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_refused'} as const;
    await store.settle({job, fence, events: [], ...refused});
    await store.receipt('smsc', kit.toReceipt('id1', left));
    await store.receipt('smsc', kit.toReceipt('id1', {messageId: 'm1'}));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.like((await store.deadLetters({limit: 10})).deadLetters, [{messageId: 'm1', reason: 'post_refused'}]);
    t.true(await store.replay('m1', 1000));
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
  });

  test('of replays of one dead letter at once one is told that it did it', async t => {
    const {store} = await openFresh(t);
    await failOne(store, 'm1');
    const told = await Promise.all([1, 2, 3].map(() => store.replay('m1', 60_000)));
    t.is(told.filter(Boolean).length, 1);
    t.is((await store.claim(kit.everyOutbound, 10)).length, 1);
  });

  test('a text no channel was for goes to the platform once its channel is found, with its own id and text', async t => {
    const {store} = await openFresh(t);
    const lost = toInbound('i1', {platform: ''});
    await store.acceptInbound({...lost, inbound: {...lost.inbound, channel: ''}});
    const stored = await store.unroutable('i1');
    t.like(stored, {messageId: 'i1', platform: '', from: kit.phone, text: 'hi there'});
    t.is((await store.replaceUnroutable(toInbound('i1')))?.result, 'stored');
    t.is(await store.replaceUnroutable(toInbound('i1')), undefined);
    t.is(await store.unroutable('i1'), undefined);
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
    const claim = await claimOne(store, [kit.inboundQueue]);
    t.deepEqual(claim.work, {kind: 'inbound', inbound: toInbound('i1').inbound});
    await kit.settlePosted(store, claim);
    t.is(await stateOf(store, 'i1'), 'posted');
    t.deepEqual(await eventsOf(store, 'i1'), ['accepted', 'unroutable', 'routed']);
  });

  test('nothing else is taken for a text without a channel', async t => {
    const {store} = await openFresh(t);
    await failOne(store, 'm1');
    await store.acceptInbound(toInbound('i1'));
    for (const id of ['m1', 'i1', 'nobody']) {
      t.is(await store.unroutable(id), undefined);
      t.is(await store.replaceUnroutable(toInbound(id)), undefined);
    }
  });
}
