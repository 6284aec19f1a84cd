import test from 'ava';
import type {ReceiptEvent} from '../../../src/core/event.ts';
import type {Claim, Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, sendOne, settleTaken, startSegment, stateOf, toOutbound, toReceipt} from './kit.ts';

const reason = {code: 'GeneralError', message: 'error 30003'} as const;
const inMs = 120_000;

/** A failure that may pass, of the first message unless told otherwise. */
function failure(carrierMessageId: string, rest: Partial<ReceiptEvent> = {}): ReceiptEvent {
  return toReceipt(carrierMessageId, {state: 'failed', reason, again: {inMs, times: 1}, ...rest});
}

function early(carrierMessageId: string, state: ReceiptEvent['state'], rest: Partial<ReceiptEvent> = {}): ReceiptEvent {
  return toReceipt(carrierMessageId, {messageId: 'm1', attempt: 1, state, final: state !== 'sent', ...rest});
}

async function sendAgain(store: Store, carrierMessageId: string): Promise<Claim> {
  const claim = await claimOne(store);
  await startSegment(store, claim);
  await settleTaken(store, claim, carrierMessageId);
  return claim;
}

export function againCases(openFresh: kit.OpenFresh): void {
  test('a failure that may pass gives the text its job back for later, and the platform hears of the last try only', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    t.is(await store.receipt('smsc', failure('id1')), 'matched');
    t.is(await stateOf(store, 'm1'), 'sending');
    t.deepEqual(await kit.postReceipts(store), []);
    t.deepEqual(await store.claim(kit.everyOutbound, 1), []);
    clock.now += inMs;
    const claim = await sendAgain(store, 'id2');
    t.is(claim.attempts, 1);
    t.is(await stateOf(store, 'm1'), 'sent');
    await store.receipt('smsc', toReceipt('id2'));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
    t.deepEqual(
      (await kit.eventsOf(store, 'm1')).filter(event => event !== 'accepted'),
      ['receipt', 'send_again', 'receipt', 'delivered'],
    );
  });

  test('when its tries are used up the failure stands', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', failure('id1'));
    clock.now += inMs;
    await sendAgain(store, 'id2');
    await store.receipt('smsc', failure('id2', {raw: 'the second one'}));
    t.like(await kit.recordOf(store, 'm1'), {state: 'failed', reason});
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
  });

  test('a failure for whose other try there is no time stands', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    clock.now += 3_600_000 - inMs;
    await store.receipt('smsc', failure('id1'));
    t.is(await stateOf(store, 'm1'), 'failed');
  });

  test('a failure without the carrier’s id, or before its answer, stands', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', failure('', {carrierMessageId: undefined, messageId: 'm1', attempt: 1}));
    t.is(await stateOf(store, 'm1'), 'failed');
    await store.acceptOutbound(toOutbound('m2'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    await store.receipt('smsc', failure('id2', {messageId: 'm2', attempt: 1}));
    t.is(await stateOf(store, 'm2'), 'failed');
    t.false(await settleTaken(store, claim, 'id2'));
  });

  test('what still comes of the earlier try changes nothing, waiting or sent again', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', failure('id1', {messageId: 'm1', attempt: 1}));
    await store.receipt('smsc', early('id1', 'sent'));
    await store.receipt('smsc', early('id1', 'failed', {raw: 'once more'}));
    t.is(await stateOf(store, 'm1'), 'sending');
    clock.now += inMs;
    await sendAgain(store, 'id2');
    await store.receipt('smsc', early('id1', 'sent', {raw: 'later still'}));
    t.is(await stateOf(store, 'm1'), 'sent');
    await store.receipt('smsc', toReceipt('id2', {messageId: 'm1', attempt: 2}));
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('the earlier try’s id stays known, and claimed', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', failure('id1'));
    t.true(await store.isClaimed('smsc', 'id1'));
    clock.now += inMs;
    await sendAgain(store, 'id2');
    t.is(await store.receipt('smsc', toReceipt('id1', {state: 'sent', final: false, raw: 'late'})), 'matched');
    t.is(await stateOf(store, 'm1'), 'sent');
    const found = await store.find({carrierMessageId: 'id1', limit: 5});
    t.deepEqual(
      found.messages.map(({messageId}) => messageId),
      ['m1'],
    );
    t.is(await store.receipt('smsc', toReceipt('id1', {raw: 'it came after all'})), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('that the earlier try arrived after all ends the wait for the next', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', failure('id1', {messageId: 'm1', attempt: 1}));
    await store.receipt('smsc', early('id1', 'delivered'));
    t.is(await stateOf(store, 'm1'), 'delivered');
    clock.now += inMs;
    t.deepEqual(await store.claim(kit.everyOutbound, 1), []);
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
  });

  test('of a long text the failed segment alone is sent again, and its earlier id is no other segment’s', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    for (const segment of [0, 1]) {
      await startSegment(store, claim, segment, 2);
      await settleTaken(store, claim, `id${segment}`, segment);
    }
    await store.receipt('smsc', failure('id1', {messageId: 'm1', attempt: 1}));
    clock.now += inMs;
    const again = await claimOne(store);
    t.deepEqual(again.work.kind === 'outbound' && again.work.segments.map(({index, state}) => [index, state]), [
      [0, 'taken'],
      [1, 'idle'],
    ]);
    await startSegment(store, again, 1, 2);
    await settleTaken(store, again, 'id3', 1);
    await store.receipt('smsc', early('id1', 'delivered'));
    const {segments} = await kit.recordOf(store, 'm1');
    t.deepEqual(
      segments.map(({state}) => state),
      ['taken', 'delivered'],
    );
  });

  test('a failure of one segment stands while nobody knows of another', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 2);
    await settleTaken(store, claim, 'id1', 0);
    await startSegment(store, claim, 1, 2);
    await kit.settleUnknown(store, claim, 1);
    await store.receipt('smsc', failure('id1'));
    t.is(await stateOf(store, 'm1'), 'failed');
    clock.now += inMs;
    t.deepEqual(await store.claim(kit.everyOutbound, 1), []);
  });

  test('an unknown text that is sent again for its failure is no dead letter any more', async t => {
    const {store, clock} = await openFresh(t);
    await kit.loseOne(store, 'm1');
    await store.resolve({messageId: 'm1', events: [], to: 'hold', watchInMs: 1000, deadLetter: 'unknown'});
    await store.receipt('smsc', failure('id1', {messageId: 'm1', attempt: 1}));
    clock.now += inMs;
    await sendAgain(store, 'id2');
    t.is(await stateOf(store, 'm1'), 'sent');
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
  });

  test('it waits at the head of its lane, over a restart', async t => {
    const {store, clock, reopen} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.acceptOutbound(toOutbound('m2'));
    await store.receipt('smsc', failure('id1'));
    t.deepEqual(await store.claim(kit.everyOutbound, 2), []);
    clock.now += inMs;
    const reopened = await reopen();
    const claim = await sendAgain(reopened, 'id2');
    t.is(claim.work.kind === 'outbound' && claim.work.outbound.messageId, 'm1');
    const next = await claimOne(reopened);
    t.is(next.work.kind === 'outbound' && next.work.outbound.messageId, 'm2');
  });
}
