import test from 'ava';
import type {Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {sendOne, toOutbound, toReceipt} from './kit.ts';

const hourMs = 3_600_000;
const rules = {textMs: hourMs, allMs: 24 * hourMs, auditMs: 48 * hourMs, parkedReceiptMs: hourMs, limit: 2};

async function pruneAll(store: Store, own: Partial<typeof rules> = {}): Promise<number> {
  let steps = 1;
  while (await store.prune({...rules, ...own})) steps += 1;
  return steps;
}

async function deliverOne(store: Store, messageId: string): Promise<void> {
  await sendOne(store, messageId, messageId);
  await store.receipt('smsc', toReceipt(messageId));
}

export function pruneCases(openFresh: kit.OpenFresh): void {
  test('drops texts some time after the end and keeps those that have not ended', async t => {
    const {store, clock} = await openFresh(t);
    await deliverOne(store, 'm1');
    await sendOne(store, 'm2', 'm2');
    clock.now += hourMs;
    await deliverOne(store, 'm3');
    await pruneAll(store);
    t.is((await kit.recordOf(store, 'm1')).text, undefined);
    t.is((await kit.recordOf(store, 'm2')).text, 'hello');
    t.is((await kit.recordOf(store, 'm3')).text, 'hello');
    clock.now += hourMs;
    await pruneAll(store);
    t.is((await kit.recordOf(store, 'm3')).text, undefined);
  });

  test('a text that was dropped can not be replayed', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', toReceipt('id1', {state: 'failed'}));
    clock.now += hourMs;
    await pruneAll(store);
    t.false(await store.replay('m1', 1000));
    t.is(await kit.stateOf(store, 'm1'), 'failed');
  });

  test('an unknown text that was dropped can not be sent again, and holds up nobody', async t => {
    const {store, clock} = await openFresh(t);
    await kit.loseOne(store, 'm1');
    await store.resolve({messageId: 'm1', events: [], to: 'quiet', deadLetter: 'unknown'});
    clock.now += hourMs;
    await pruneAll(store);
    t.false(await store.resolve({messageId: 'm1', events: [], to: 'requeue'}));
    await sendOne(store, 'm2', 'id2');
    t.deepEqual(await store.claimOverdue(kit.everyOutbound, 10), []);
    t.true(await store.resolve({messageId: 'm1', events: [], to: 'sent', receiptWithinMs: 1000}));
  });

  test('the rest of a long text that was dropped is not sent when its unknown segment turns out to have left', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1', {expiresInMs: 24 * hourMs}));
    const claim = await kit.claimOne(store);
    await kit.startSegment(store, claim, 0, 2);
    await kit.settleUnknown(store, claim);
    await store.resolve({messageId: 'm1', events: [], to: 'quiet', deadLetter: 'unknown'});
    clock.now += hourMs;
    await pruneAll(store);
    const evidence = toReceipt(undefined, {messageId: 'm1', state: 'sent', final: false});
    t.is(await store.receipt('smsc', evidence), 'matched');
    t.is(await kit.stateOf(store, 'm1'), 'expired');
    t.deepEqual(await store.claim(kit.everyOutbound, 10), []);
  });

  test('forgets everything else later, in small steps, but not that the message was there', async t => {
    const {store, clock} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) await deliverOne(store, id);
    clock.now += 24 * hourMs;
    t.true((await pruneAll(store)) > 2);
    t.deepEqual((await store.find({limit: 10})).messages, []);
    t.is((await store.acceptOutbound(toOutbound('m1'))).result, 'duplicate');
    clock.now += 6 * 24 * hourMs;
    await pruneAll(store);
    t.is((await store.acceptOutbound(toOutbound('m1'))).result, 'stored');
  });

  test('goes on while a step has forgotten as much of something small as it may', async t => {
    const {store, clock} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5'])
      await store.acceptInbound(kit.toInbound(id, {fingerprint: `print of ${id}`}));
    clock.now += hourMs;
    t.is(await pruneAll(store), 3);
    t.is(await pruneAll(store), 1);
  });

  test('forgets receipts nobody was waiting for', async t => {
    const {store, clock} = await openFresh(t);
    await store.receipt('smsc', toReceipt('id1'));
    clock.now += hourMs;
    await pruneAll(store);
    await sendOne(store, 'm1', 'id1');
    t.is(await kit.stateOf(store, 'm1'), 'sent');
  });
}
