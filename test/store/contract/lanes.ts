import test from 'ava';
import type {Claim} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {bulk, claimOne, interactive, settleRetry, startSegment, stateOf, toInbound, toOutbound} from './kit.ts';

const other = '+14155550199';

function idOf({work}: Claim): string {
  switch (work.kind) {
    case 'outbound':
      return work.outbound.messageId;
    case 'inbound':
      return work.inbound.messageId;
    case 'receipt':
      return work.messageId;
  }
}

export function laneCases(openFresh: kit.OpenFresh): void {
  test('hands out only the head of a lane, and the next one when it has ended', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    await store.acceptOutbound(toOutbound('o1', {to: other}));
    const claims = await store.claim([bulk], 10);
    t.deepEqual(claims.map(idOf), ['m1', 'o1']);
    for (const {holder} of claims) t.is(holder, store.replicas?.standing());
    t.deepEqual(await store.claim([bulk], 10), []);
    const [first] = claims;
    if (first === undefined) return t.fail();
    await startSegment(store, first);
    await kit.settleTaken(store, first);
    t.deepEqual((await store.claim([bulk], 10)).map(idOf), ['m2']);
  });

  test('who was alone in its lane before a restart keeps those that come after it waiting', async t => {
    const {store, reopen} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptInbound(toInbound('i1'));
    await claimOne(store);
    const again = await reopen();
    await again.acceptOutbound(toOutbound('m2'));
    await again.acceptInbound(toInbound('i2'));
    const claims = await again.claim([...kit.everyOutbound, kit.inboundQueue], 10);
    t.deepEqual(claims.map(idOf), ['m1', 'i1']);
    const [first] = claims;
    if (first === undefined) return t.fail();
    await startSegment(again, first);
    await kit.settleTaken(again, first);
    t.deepEqual((await again.claim([...kit.everyOutbound, kit.inboundQueue], 10)).map(idOf), ['m2']);
  });

  test('claims from the queues in the order named, and not more than the limit', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('b1', {to: '+14155550101'}));
    await store.acceptOutbound(toOutbound('b2', {to: '+14155550102'}));
    await store.acceptOutbound(toOutbound('i1', {to: '+14155550103', priority: 'interactive'}));
    t.deepEqual((await store.claim([interactive, bulk, 'outbound|acme|nobody|smsc|bulk'], 2)).map(idOf), ['i1', 'b1']);
    t.deepEqual((await store.claim([interactive], 2)).map(idOf), []);
    t.deepEqual((await store.claim([bulk], 2)).map(idOf), ['b2']);
  });

  test('a lane takes the highest priority waiting in it and keeps its order', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('b1'));
    await store.acceptOutbound(toOutbound('b2'));
    await store.acceptOutbound(toOutbound('i1', {priority: 'interactive'}));
    await store.acceptOutbound(toOutbound('b3'));
    const order: string[] = [];
    for (const queue of [interactive, interactive, interactive, bulk]) {
      const claim = await claimOne(store, [queue]);
      order.push(idOf(claim));
      await startSegment(store, claim);
      await kit.settleTaken(store, claim);
    }
    t.deepEqual(order, ['b1', 'b2', 'i1', 'b3']);
  });

  test('a claimed head that comes back after an interactive text has entered its lane hurries too', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('b1'));
    const claim = await claimOne(store);
    await store.acceptOutbound(toOutbound('i1', {priority: 'interactive'}));
    await settleRetry(store, claim);
    t.deepEqual((await store.claim([interactive], 10)).map(idOf), ['b1']);
  });

  test('a retry that is due at once keeps its place in the queue', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    clock.now += 10;
    await store.acceptOutbound(toOutbound('m2', {to: other}));
    const claim = await claimOne(store);
    clock.now += 10;
    t.true(await settleRetry(store, claim, {counts: false}));
    const again = await claimOne(store);
    t.is(idOf(again), 'm1');
    t.is(again.attempts, 0);
    t.true(again.fence > claim.fence);
  });

  test('a retry that is due later blocks its own lane and no other until then', async t => {
    const {store, clock} = await openFresh(t);
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    await settleRetry(store, claim, {dueInMs: 500, segment: 0});
    await store.acceptOutbound(toOutbound('o1', {to: other}));
    t.deepEqual((await store.claim([bulk], 10)).map(idOf), ['o1']);
    clock.now += 500;
    const again = await claimOne(store);
    t.is(idOf(again), 'm1');
    t.is(again.attempts, 1);
    t.like(again.work, {segments: [{index: 0, state: 'idle', attempt: 1}], plan: {name: 'gsm7', segments: 1}});
  });

  test('a retry may move to another carrier', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    clock.now += 30_000;
    await settleRetry(store, claim, {carrier: 'twilio'});
    t.deepEqual(await store.claim([bulk], 10), []);
    const moved = await claimOne(store, [bulk.replace('smsc', 'twilio')]);
    t.is(moved.acceptedAt, kit.startOfTime);
  });

  test('tells which queues have something to claim which they had not before', async t => {
    const {store, ready} = await openFresh(t);
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    t.deepEqual(ready, [bulk]);
    const claim = await claimOne(store);
    await startSegment(store, claim);
    ready.length = 0;
    await kit.settleTaken(store, claim);
    t.deepEqual(ready, [bulk]);
    await store.acceptInbound(toInbound('i1'));
    t.deepEqual(ready, [bulk, kit.inboundQueue]);
  });

  test('inbound texts of a phone are posted in order, and a receipt waits for none of them', async t => {
    const {store} = await openFresh(t);
    for (const id of ['i1', 'i2']) await store.acceptInbound(toInbound(id));
    await kit.sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', kit.toReceipt('id1'));
    t.deepEqual((await store.claim([kit.inboundQueue, kit.receiptQueue], 10)).map(idOf), ['i1', 'm1']);
  });

  test('a late settlement or start of a claim that was freed changes nothing', async t => {
    const {store, reopen} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const lost = await claimOne(store);
    const again = await reopen();
    t.false(await startSegment(again, lost));
    const claim = await claimOne(again);
    t.false(await startSegment(again, lost));
    t.false(await settleRetry(again, lost));
    t.true(await startSegment(again, claim));
    t.is(await stateOf(again, 'm1'), 'sending');
    t.true(await kit.settleTaken(again, claim, 'id1'));
    t.false(await kit.settleTaken(again, claim, 'id1'));
    t.is(await stateOf(again, 'm1'), 'sent');
  });

  test('only those past their time are claimed as overdue, whatever their due time', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1', {expiresInMs: 1000}));
    await store.acceptOutbound(toOutbound('m2', {expiresInMs: 5000, to: other}));
    await settleRetry(store, await claimOne(store), {dueInMs: 60_000});
    clock.now += 1000;
    const claims = await store.claimOverdue([bulk], 10);
    t.deepEqual(claims.map(idOf), ['m1']);
    const [claim] = claims;
    if (claim === undefined) return t.fail();
    const reason = {code: 'MessageExpired', message: 'too late'} as const;
    const {job, fence} = claim;
    await store.settle({
      job,
      fence,
      events: [],
      to: 'ended',
      state: 'expired',
      by: 'policy',
      reason,
      deadLetter: 'expired',
    });
    t.is(await stateOf(store, 'm1'), 'expired');
    const receipt = await claimOne(store, [kit.receiptQueue]);
    t.like(receipt.work, {messageId: 'm1', receipt: {status: 'Failed', final: true, reasons: [reason]}});
    t.like((await store.deadLetters({limit: 10})).deadLetters, {0: {messageId: 'm1', reason: 'expired'}});
  });
}
