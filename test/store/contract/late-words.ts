import test, {type ExecutionContext} from 'ava';
import type {Claim, SegmentProgress, Settlement, Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, startSegment, stateOf, toOutbound, toReceipt} from './kit.ts';
import {createRoom} from './room.ts';

const reason = {code: 'InvalidDestination', message: 'no such number'} as const;
const refusal = {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'} as const;
const firstTry = {segment: 0, attempt: 1};

function progressOf({work}: Claim): SegmentProgress[] {
  if (work.kind !== 'outbound') throw new Error(`job of kind ${work.kind}`);
  return work.segments;
}

/** What its holder knows of a try when it was given up for dead meanwhile, and what it had begun is `unknown`. */
export function lateWordCases(openFresh: kit.OpenFresh): void {
  async function givenUp(t: ExecutionContext, {segments = 1, text = {}} = {}) {
    const opened = await openFresh(t);
    await opened.store.acceptOutbound(toOutbound('m1', text));
    const claim = await claimOne(opened.store);
    await startSegment(opened.store, claim, 0, segments);
    const store = await opened.reopen();
    t.is(await stateOf(store, 'm1'), 'unknown');
    return {...opened, store, claim};
  }

  function say(store: Store, {job, fence}: Claim, word: Omit<Settlement & {to: 'ended'}, 'job' | 'fence' | 'events'>) {
    return store.settle({job, fence, events: [], ...word});
  }

  test('what had certainly not left is sent after all', async t => {
    const {store, claim} = await givenUp(t);
    t.false(await kit.settleRetry(store, claim, firstTry));
    t.is(await stateOf(store, 'm1'), 'sending');
    t.deepEqual((await kit.eventsOf(store, 'm1')).slice(-2), ['had_not_left', 'resumed']);
    const again = await claimOne(store);
    t.deepEqual(progressOf(again), [{index: 0, state: 'idle', attempt: 1}]);
    t.is(again.attempts, 1);
    t.true(await startSegment(store, again));
    await kit.settleTaken(store, again, 'c1');
    t.is(await stateOf(store, 'm1'), 'sent');
  });

  test('and so is what had begun with its claim, whatever was decided about it', async t => {
    const words = [
      {to: 'retry', dueInMs: 0, counts: false},
      {...refusal, by: 'policy'},
    ] as const;
    for (const word of words) {
      const {room, offer} = createRoom(10);
      const opened = await openFresh(t, {offer});
      await opened.store.acceptOutbound(toOutbound('m1', {start: {name: 'gsm7', segments: 1}}));
      const [{job = 0, fence = 0} = {}] = room.claims;
      room.places = 0;
      const store = await opened.reopen();
      t.is(await stateOf(store, 'm1'), 'unknown');
      t.false(await store.settle({job, fence, events: [], ...word, isUnsent: true}));
      t.is(await stateOf(store, 'm1'), 'sending');
      t.deepEqual(progressOf(await claimOne(store)), [{index: 0, state: 'idle', attempt: 1}]);
    }
  });

  test('of a long text what was left of it', async t => {
    const {store, reopen} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 2);
    await kit.settleTaken(store, claim, 'c1');
    await startSegment(store, claim, 1, 2);
    const next = await reopen();
    t.is(await stateOf(next, 'm1'), 'unknown');
    await kit.settleRetry(next, claim, {segment: 1, attempt: 1});
    t.deepEqual(
      progressOf(await claimOne(next)).map(({index, state}) => [index, state]),
      [
        [0, 'taken'],
        [1, 'idle'],
      ],
    );
  });

  test('what a carrier had refused fails, and is told', async t => {
    const {store, claim} = await givenUp(t);
    t.false(await say(store, claim, {...refusal, ...firstTry}));
    t.is(await stateOf(store, 'm1'), 'failed');
    t.true((await kit.eventsOf(store, 'm1')).includes('late_refusal'));
    t.deepEqual((await kit.recordOf(store, 'm1')).reason, reason);
    const {deadLetters} = await store.deadLetters({limit: 10});
    t.deepEqual(
      deadLetters.map(each => each.reason),
      ['refused'],
    );
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
  });

  test('past its time it is not sent any more', async t => {
    const {store, claim, clock} = await givenUp(t, {text: {expiresInMs: 60_000}});
    clock.now += 60_000;
    await kit.settleRetry(store, claim, firstTry);
    t.is(await stateOf(store, 'm1'), 'expired');
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
  });

  test('a word about a try says nothing of the next one', async t => {
    const {store, claim} = await givenUp(t);
    t.true(await store.resolve({messageId: 'm1', to: 'requeue', events: []}));
    const again = await claimOne(store);
    await startSegment(store, again);
    await kit.settleUnknown(store, again);
    t.false(await kit.settleRetry(store, claim, firstTry));
    t.false(await say(store, claim, {...refusal, ...firstTry}));
    t.is(await stateOf(store, 'm1'), 'unknown');
    t.deepEqual(await store.claim(kit.everyOutbound, 10), []);
  });

  test('nor does one that names no try', async t => {
    const {store, claim} = await givenUp(t);
    t.false(await kit.settleRetry(store, claim));
    t.false(await say(store, claim, refusal));
    t.is(await stateOf(store, 'm1'), 'unknown');
  });

  test('what a platform had taken is not posted again, unless somebody is at it', async t => {
    const {store, reopen} = await openFresh(t);
    for (const id of ['i1', 'i2']) await store.acceptInbound(kit.toInbound(id));
    const claim = await claimOne(store, [kit.inboundQueue]);
    const next = await reopen();
    t.false(await kit.settlePosted(next, claim));
    t.is(await stateOf(next, 'i1'), 'posted');
    const second = await claimOne(next, [kit.inboundQueue]);
    t.is(second.work.kind === 'inbound' && second.work.inbound.messageId, 'i2');

    const third = await reopen();
    const again = await claimOne(third, [kit.inboundQueue]);
    t.false(await kit.settlePosted(third, second));
    t.is(await stateOf(third, 'i2'), 'accepted');
    t.true(await kit.settlePosted(third, again));
    t.deepEqual(await third.claim([kit.inboundQueue], 10), []);
  });

  test('what has arrived, or was settled by a person, stays', async t => {
    const {store, claim} = await givenUp(t);
    t.is(await store.receipt('smsc', toReceipt('c1', {phone: kit.phone})), 'matched');
    t.false(await kit.settleRetry(store, claim, firstTry));
    t.is(await stateOf(store, 'm1'), 'delivered');

    const other = await givenUp(t);
    await other.store.resolve({messageId: 'm1', to: 'failed', reason, events: []});
    t.false(await kit.settleRetry(other.store, other.claim, firstTry));
    t.is(await stateOf(other.store, 'm1'), 'failed');
    t.deepEqual(await other.store.claim(kit.everyOutbound, 10), []);
  });
}
