import test, {type ExecutionContext} from 'ava';
import type {SegmentState} from '../../../src/core/state.ts';
import type {Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, loseOne, settleTaken, settleUnknown, startSegment, stateOf, toOutbound} from './kit.ts';

export function segmentCases(openFresh: kit.OpenFresh): void {
  test('a long text goes segment by segment under one claim, and a retry resumes at the first one not taken', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    t.true(await startSegment(store, claim, 0, 3));
    t.is(await stateOf(store, 'm1'), 'sending');
    t.true(await settleTaken(store, claim, 'id0', 0));
    t.is(await stateOf(store, 'm1'), 'sending');
    t.true(await startSegment(store, claim, 1, 3));
    t.true(await kit.settleRetry(store, claim, {segment: 1, counts: true}));
    const again = await claimOne(store);
    t.like(again.work, {
      plan: {name: 'gsm7', segments: 3},
      segments: [
        {index: 0, state: 'taken', attempt: 1, carrierMessageId: 'id0'},
        {index: 1, state: 'idle', attempt: 1},
      ],
    });
    for (const segment of [1, 2]) {
      t.true(await startSegment(store, again, segment, 3));
      t.true(await settleTaken(store, again, `id${segment}`, segment));
    }
    const {state, segments} = await kit.recordOf(store, 'm1');
    t.is(state, 'sent');
    t.deepEqual(
      segments.map(({carrierMessageId}) => carrierMessageId),
      ['id0', 'id1', 'id2'],
    );
  });

  test('does not start a segment that is known to have left, and gives the job back', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const first = await claimOne(store);
    await startSegment(store, first, 0, 2);
    await kit.settleRetry(store, first, {segment: 0});
    const claim = await claimOne(store);
    await store.receipt('smsc', {...kit.toReceipt('id0', {state: 'sent', final: false}), messageId: 'm1', attempt: 1});
    t.false(await startSegment(store, claim, 0, 2));
    t.like((await claimOne(store)).work, {segments: [{index: 0, state: 'taken', carrierMessageId: 'id0'}]});
  });

  /** A long text, its first segment taken, its second one on its way when the first is told to have failed; another text waits behind it. */
  async function failOnTheWay(t: Parameters<kit.OpenFresh>[0]) {
    const opened = await openFresh(t);
    const {store} = opened;
    for (const id of ['long', 'next']) await store.acceptOutbound(toOutbound(id));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 3);
    await settleTaken(store, claim, 'id0', 0);
    t.true(await startSegment(store, claim, 1, 3));
    const reason = {code: 'GeneralError', message: 'err 011'} as const;
    t.is(await store.receipt('smsc', kit.toReceipt('id0', {state: 'failed', reason})), 'matched');
    t.is(await stateOf(store, 'long'), 'sending');
    t.deepEqual(await store.claim(kit.everyOutbound, 1), [], 'the next text waits for the segment on its way');
    const early = kit.toReceipt('id1', {state: 'failed', phone: kit.phone, raw: 'early'});
    t.is(await store.receipt('smsc', early), 'parked');
    return {...opened, claim, reason};
  }

  async function checkFailed(t: ExecutionContext, store: Store, reason: object, then: SegmentState): Promise<void> {
    const {state, reason: told, segments} = await kit.recordOf(store, 'long');
    t.deepEqual({state, told}, {state: 'failed', told: reason});
    t.is(segments[1]?.state, then);
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
    t.like(await claimOne(store), {work: {outbound: {messageId: 'next'}}});
  }

  test('a text that fails while a segment is on its way keeps its lane until that one is answered', async t => {
    const {store, claim, reason} = await failOnTheWay(t);
    await settleTaken(store, claim, 'id1', 1);
    await checkFailed(t, store, reason, 'failed');
    t.false(await startSegment(store, claim, 2, 3));
  });

  test('a text that fails while a segment is on its way ends when that one has not left', async t => {
    const {store, claim, reason} = await failOnTheWay(t);
    await kit.settleRetry(store, claim, {segment: 1});
    await checkFailed(t, store, reason, 'idle');
  });

  test('a text that fails while a segment is on its way ends when nobody knows of that one', async t => {
    const {store, claim, reason} = await failOnTheWay(t);
    await settleUnknown(store, claim, 1);
    await checkFailed(t, store, reason, 'failed');
  });

  test('a text that failed before its holder died ends when it is found', async t => {
    const {reopen, reason} = await failOnTheWay(t);
    await checkFailed(t, await reopen(), reason, 'failed');
  });

  test('a segment nobody knows of is a candidate for a receipt although its text has failed', async t => {
    const {store, claim} = await failOnTheWay(t);
    await kit.settleUnknown(store, claim, 1);
    await loseOne(store, 'm9');
    const strange = {phone: kit.phone, raw: 'strange'};
    t.is(
      await store.receipt('smsc', kit.toReceipt('elsewhere', strange)),
      'matched',
      'the one of the failed text has its id',
    );
  });

  test('a refused text fails, is told, and stands among the dead letters', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    const {job, fence, ...claim} = await claimOne(store);
    await startSegment(store, {job, fence, ...claim});
    const reason = {code: 'InvalidDestination', message: '0x0b'} as const;
    const events = [{event: 'send_refused', detail: {code: 11}}];
    const ended = {to: 'ended', state: 'failed', by: 'carrier', reason, segment: 0, deadLetter: 'refused'} as const;
    t.true(await store.settle({job, fence, events, ...ended}));
    const record = await kit.recordOf(store, 'm1');
    t.like(record, {state: 'failed', reason, segments: [{state: 'refused'}]});
    t.deepEqual(
      record.events.map(({event}) => event),
      ['accepted', 'send_refused', 'failed'],
    );
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
    t.is((await store.deadLetters({reason: 'refused', limit: 10})).deadLetters.length, 1);
    t.is((await claimOne(store)).work.kind, 'outbound');
  });

  test('an unknown outcome ends the job, lets the lane go on, and is watched', async t => {
    const {store, clock} = await openFresh(t);
    await loseOne(store, 'm1');
    t.is(await stateOf(store, 'm1'), 'unknown');
    await kit.sendOne(store, 'm2', 'id2');
    t.deepEqual(await store.dueWatches(10), []);
    clock.now += 5000;
    const due = await store.dueWatches(10);
    const watched = {messageId: 'm1', platform: 'acme', channel: 'c1', carrier: 'smsc', state: 'unknown'} as const;
    t.deepEqual(due, [{...watched, since: kit.startOfTime}]);
    t.deepEqual(await store.dueWatches(10), []);
    t.deepEqual(await kit.postReceipts(store), []);
  });

  test('what had not started is handed out again after a crash, what had is unknown', async t => {
    const {store, reopen} = await openFresh(t);
    for (const [id, to] of [
      ['m1', '+14155550101'],
      ['m2', '+14155550102'],
      ['m3', '+14155550102'],
    ] as const) {
      await store.acceptOutbound(toOutbound(id, {to}));
    }
    const claims = await store.claim(kit.everyOutbound, 10);
    const [, second] = claims;
    if (second === undefined) return t.fail();
    await startSegment(store, second);
    const again = await reopen();
    t.is(await stateOf(again, 'm1'), 'accepted');
    t.is(await stateOf(again, 'm2'), 'unknown');
    const free = await again.claim(kit.everyOutbound, 10);
    t.deepEqual(
      free.map(({work}) => work.kind === 'outbound' && work.outbound.messageId),
      ['m1', 'm3'],
    );
    t.deepEqual(
      (await again.dueWatches(10)).map(({messageId}) => messageId),
      ['m2'],
    );
  });

  test('a settlement that comes too late keeps what it knows of its segment', async t => {
    const {store, reopen} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    const again = await reopen();
    t.false(await settleTaken(again, claim, 'id1'));
    t.is(await stateOf(again, 'm1'), 'sent');
    t.is(await again.receipt('smsc', kit.toReceipt('id1')), 'matched');
    t.is(await stateOf(again, 'm1'), 'delivered');
  });

  test('a text sent without a final receipt is watched, and says so when nothing is expected any more', async t => {
    const {store, clock} = await openFresh(t);
    await kit.sendOne(store, 'm1', 'id1');
    clock.now += 10_000;
    t.like(await store.dueWatches(10), {length: 1, 0: {messageId: 'm1', state: 'sent'}});
    t.true(await store.resolve({messageId: 'm1', events: [], to: 'hold', watchInMs: 500}));
    clock.now += 500;
    t.is((await store.dueWatches(10)).length, 1);
    t.true(await store.resolve({messageId: 'm1', events: [], to: 'quiet', tell: 'delivered'}));
    t.is(await stateOf(store, 'm1'), 'sent');
    t.true((await kit.eventsOf(store, 'm1')).includes('no_receipt'));
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
    await store.receipt('smsc', kit.toReceipt('id1'));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.deepEqual(await kit.postReceipts(store), []);
  });

  test('an unknown text is sent again from its unknown segment when policy says so, before younger ones', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1', {segments: 2});
    for (const id of ['m2', 'm3']) await store.acceptOutbound(toOutbound(id));
    t.true(await store.resolve({messageId: 'm1', events: [], to: 'requeue'}));
    t.false(await store.resolve({messageId: 'm1', events: [], to: 'requeue'}));
    const claim = await claimOne(store);
    t.like(claim.work, {outbound: {messageId: 'm1'}, segments: [{index: 0, state: 'idle', attempt: 1}]});
    t.is(claim.attempts, 1);
  });

  test('a claim tells which segment got no answer on a try before, however the tries since went', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1', {segments: 2});
    await store.resolve({messageId: 'm1', events: [], to: 'requeue'});
    const second = await claimOne(store);
    t.like(second.work, {segments: [{index: 0, state: 'idle', unanswered: true}]});
    await kit.startSegment(store, second, 0, 2);
    await kit.settleRetry(store, second, {segment: 0});
    const third = await claimOne(store);
    t.like(third.work, {segments: [{index: 0, state: 'idle', unanswered: true}]});
  });

  test('a claim tells how many of its attempts were of cycles before', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const first = await claimOne(store);
    t.false('earlierAttempts' in first.work);
    await kit.startSegment(store, first);
    await kit.settleRetry(store, first, {segment: 0});
    const second = await claimOne(store);
    await kit.startSegment(store, second);
    const reason = {code: 'GeneralError', message: 'refused'} as const;
    const {job, fence} = second;
    await store.settle({job, fence, events: [], to: 'ended', state: 'failed', by: 'carrier', reason, segment: 0});
    t.true(await store.replay('m1', 60_000));
    const again = await claimOne(store);
    t.is(again.attempts, 2);
    t.like(again.work, {earlierAttempts: 2});
    await kit.startSegment(store, again);
    await kit.settleRetry(store, again, {segment: 0});
    const last = await claimOne(store);
    t.is(last.attempts, 3);
    t.like(last.work, {earlierAttempts: 2});
  });

  test('a younger text that is being sent is not overtaken by an older one that comes back', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    for (const id of ['m2', 'm3']) await store.acceptOutbound(toOutbound(id));
    const second = await claimOne(store);
    await store.resolve({messageId: 'm1', events: [], to: 'requeue'});
    t.deepEqual(await store.claim(kit.everyOutbound, 10), []);
    await kit.settleRetry(store, second);
    t.like((await claimOne(store)).work, {outbound: {messageId: 'm1'}});
  });

  test('an unknown text may be taken as sent, and what is left of it is sent', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    t.true(await store.resolve({messageId: 'm1', events: [], to: 'sent', receiptWithinMs: 1000}));
    t.is(await stateOf(store, 'm1'), 'sent');
    await loseOne(store, 'm2', {segments: 2, to: '+14155550102'});
    t.true(await store.resolve({messageId: 'm2', events: [], to: 'sent', receiptWithinMs: 1000}));
    t.like((await claimOne(store)).work, {outbound: {messageId: 'm2'}, segments: [{index: 0, state: 'taken'}]});
  });

  test('an unknown text is not resumed once its time is over', async t => {
    const {store, clock} = await openFresh(t);
    await loseOne(store, 'm1', {segments: 2});
    clock.now += 3_600_000;
    await store.resolve({messageId: 'm1', events: [], to: 'sent', receiptWithinMs: 1000});
    t.is(await stateOf(store, 'm1'), 'expired');
    t.like((await store.deadLetters({limit: 10})).deadLetters, [{messageId: 'm1', reason: 'expired'}]);
    t.deepEqual(await store.claim(kit.everyOutbound, 10), []);
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
  });

  test('an answer that came when nobody waited any more settles an unknown text', async t => {
    const {store} = await openFresh(t);
    const late = {events: [], to: 'late' as const, segment: 0, attempt: 1, receiptWithinMs: 1000};
    await loseOne(store, 'm1');
    t.false(await store.resolve({messageId: 'm1', ...late, attempt: 2, taken: true}));
    t.true(await store.resolve({messageId: 'm1', ...late, taken: true, carrierMessageId: 'id1'}));
    t.is(await stateOf(store, 'm1'), 'sent');
    t.is(await store.receipt('smsc', kit.toReceipt('id1')), 'matched');
    await loseOne(store, 'm2');
    const reason = {code: 'InvalidDestination', message: '0x0b'} as const;
    t.true(await store.resolve({messageId: 'm2', ...late, taken: false, reason}));
    t.like(await kit.recordOf(store, 'm2'), {state: 'failed', reason});
  });

  test('an operator or policy may give a text up, with a receipt and a dead letter', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    const reason = {code: 'GeneralError', message: 'given up'} as const;
    t.true(
      await store.resolve({messageId: 'm1', events: [{event: 'settled'}], to: 'failed', reason, deadLetter: 'unknown'}),
    );
    t.false(await store.resolve({messageId: 'm1', events: [], to: 'failed', reason}));
    t.like(await kit.recordOf(store, 'm1'), {state: 'failed', reason});
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
    t.is((await store.deadLetters({limit: 10})).deadLetters[0]?.reason, 'unknown');
  });

  test('a segment whose outcome is told before its answer is lost counts as told', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    await store.receipt('smsc', {
      ...kit.toReceipt('SM1', {state: 'sent', final: false}),
      messageId: 'm1',
      attempt: 1,
    });
    t.true(await settleUnknown(store, claim));
    t.is(await stateOf(store, 'm1'), 'sent');
  });
}
