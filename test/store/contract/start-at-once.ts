import test, {type ExecutionContext} from 'ava';
import type {Claim, NewOutbound, OutboundWork} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, everyOutbound, toInbound, toOutbound, toReceipt} from './kit.ts';
import {createRoom} from './room.ts';

const start = {name: 'gsm7', segments: 1};

/** What a claim says of how far its text is. */
function toProgress({work}: Claim): Partial<OutboundWork> {
  if (work.kind !== 'outbound') throw new Error(`job of kind ${work.kind}`);
  const {plan, isStarted, segments} = work;
  return {plan, isStarted, segments};
}

const untried = {plan: undefined, isStarted: undefined, segments: []};

export function startAtOnceCases(openFresh: kit.OpenFresh): void {
  /** A text that was claimed as it was stored. */
  async function claimedAtOnce(t: ExecutionContext, text: Partial<NewOutbound> = {start}) {
    const {room, offer} = createRoom(10);
    const opened = await openFresh(t, {offer});
    await opened.store.acceptOutbound(toOutbound('m1', text));
    const [claim] = room.claims;
    if (claim === undefined) throw new Error('it was not claimed as it was stored');
    return {...opened, room, claim};
  }

  const segmentsOf = async (store: kit.Opened['store']) =>
    (await kit.recordOf(store, 'm1')).segments.map(({state}) => state);

  test('a text that comes with its plan while there is room has begun with its claim, and its answer is all that is left', async t => {
    const {store, room, claim} = await claimedAtOnce(t);
    room.places = 0;
    t.deepEqual(toProgress(claim), {plan: start, isStarted: true, segments: []});
    t.is(claim.holder, store.replicas?.standing());
    t.is(await kit.stateOf(store, 'm1'), 'sending');
    t.deepEqual(await segmentsOf(store), ['started']);
    t.true(await kit.settleTaken(store, claim, 'c1'));
    t.is(await kit.stateOf(store, 'm1'), 'sent');
    t.is(await store.receipt('smsc', toReceipt('c1')), 'matched');
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
  });

  test('of several segments the first has begun, and the others are started', async t => {
    const {store, claim} = await claimedAtOnce(t, {start: {name: 'gsm7 udh8', segments: 2}});
    t.true(await kit.settleTaken(store, claim, 'c1'));
    t.is(await kit.stateOf(store, 'm1'), 'sending');
    t.true(await kit.startSegment(store, claim, 1, 2));
    t.true(await kit.settleTaken(store, claim, 'c2', 1));
    t.is(await kit.stateOf(store, 'm1'), 'sent');
  });

  test('without room, behind another text, or without a plan it has not', async t => {
    const {store, room, claim} = await claimedAtOnce(t, {});
    t.deepEqual(toProgress(claim), untried);
    await store.acceptOutbound(toOutbound('m2', {start}));
    room.places = 0;
    await store.acceptOutbound(toOutbound('m3', {to: '+14155550199', start}));
    t.is(room.claims.length, 1);
    t.deepEqual(toProgress(await claimOne(store)), untried);
    t.is(await kit.stateOf(store, 'm2'), 'accepted');
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim);
    t.deepEqual(toProgress(await claimOne(store)), untried);
  });

  test('to a phone on a list nothing begins', async t => {
    const {room, offer} = createRoom(10);
    const {store} = await openFresh(t, {offer});
    await store.setConsent([
      {list: 'acme/c1', phone: kit.phone, state: 'out', source: 'operator', detail: {by: 'ops'}},
    ]);
    await store.acceptOutbound(toOutbound('m1', {start}));
    const [claim] = room.claims;
    if (claim === undefined) return t.fail('it was not claimed');
    t.deepEqual(toProgress(claim), untried);
    t.is(await kit.stateOf(store, 'm1'), 'accepted');
  });

  test('what goes back unsent has never been tried', async t => {
    const {store, room, claim} = await claimedAtOnce(t);
    room.places = 0;
    t.true(await kit.settleRetry(store, claim, {counts: false, isUnsent: true}));
    t.is(await kit.stateOf(store, 'm1'), 'accepted');
    t.deepEqual(await segmentsOf(store), []);
    const again = await claimOne(store);
    t.deepEqual(toProgress(again), untried);
    t.is(again.attempts, 0);
    t.true(await kit.startSegment(store, again));
    t.true(await kit.settleTaken(store, again, 'c1'));
    t.is(await kit.stateOf(store, 'm1'), 'sent');
  });

  test('so has what steps aside unsent, and what is ended by policy', async t => {
    const aside = await claimedAtOnce(t);
    const waits = {counts: false, isUnsent: true, dueInMs: 60_000, aside: true} as const;
    t.true(await kit.settleRetry(aside.store, aside.claim, waits));
    t.is(await kit.stateOf(aside.store, 'm1'), 'accepted');
    t.deepEqual(await segmentsOf(aside.store), []);
    const ended = await claimedAtOnce(t);
    const {job, fence} = ended.claim;
    const reason = {code: 'MessageNotAllowed', message: 'no'} as const;
    const decision = {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'country'} as const;
    t.true(await ended.store.settle({job, fence, ...decision, isUnsent: true, events: []}));
    t.is(await kit.stateOf(ended.store, 'm1'), 'failed');
    t.deepEqual(await segmentsOf(ended.store), []);
    t.deepEqual(await kit.postReceipts(ended.store), ['Failed']);
  });

  test('a receipt that could have been of one that was not sent finds its own', async t => {
    const {room, offer} = createRoom();
    const {store} = await openFresh(t, {offer});
    await kit.loseOne(store, 'm0');
    room.places = 10;
    await store.acceptOutbound(toOutbound('m1', {start}));
    const [claim] = room.claims;
    room.places = 0;
    if (claim === undefined) return t.fail('it was not claimed');
    t.is(await store.receipt('smsc', toReceipt('c9', {phone: kit.phone})), 'parked');
    await kit.settleRetry(store, claim, {counts: false, isUnsent: true});
    t.is(await kit.stateOf(store, 'm0'), 'delivered');
    t.is(await kit.stateOf(store, 'm1'), 'accepted');
  });

  test('after a crash nobody knows whether it left: it is unknown, and not sent again', async t => {
    const {room, reopen} = await claimedAtOnce(t);
    room.places = 0;
    const again = await reopen();
    t.is(await kit.stateOf(again, 'm1'), 'unknown');
    t.deepEqual(await again.claim(everyOutbound, 10), []);
  });

  test('a text that is stored again changes nothing of the one that has begun', async t => {
    const {store, room, claim} = await claimedAtOnce(t);
    await store.acceptInbound(toInbound('i1'));
    t.is((await store.acceptOutbound(toOutbound('m1', {start}))).result, 'duplicate');
    t.is(room.claims.filter(({kind}) => kind === 'outbound').length, 1);
    t.true(await kit.settleTaken(store, claim, 'c1'));
  });
}
