import test, {type ExecutionContext} from 'ava';
import * as kit from './kit.ts';
import {claimOne, eventsOf, sendOne, stateOf, toInbound, toOutbound} from './kit.ts';

const reason = {code: 'GeneralError', message: 'refused'} as const;

export function peopleCases(openFresh: kit.OpenFresh): void {
  async function openWithFailed(t: Parameters<kit.OpenFresh>[0]) {
    const opened = await openFresh(t);
    await opened.store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(opened.store);
    await kit.startSegment(opened.store, claim);
    const {job, fence} = claim;
    const ended = {to: 'ended', state: 'failed', by: 'carrier', reason, segment: 0, deadLetter: 'refused'} as const;
    await opened.store.settle({job, fence, events: [], ...ended});
    return opened;
  }

  test('finds messages by phone, channel, state and direction, newest first, page by page', async t => {
    const {store} = await openFresh(t);
    for (let number = 1; number <= 5; number += 1) await store.acceptOutbound(toOutbound(`m${number}`));
    await store.acceptOutbound(toOutbound('c2', {channel: 'c2', to: '+14155550199'}));
    await store.acceptInbound(toInbound('i1'));
    const first = await store.find({phone: kit.phone, direction: 'outbound', limit: 2});
    t.deepEqual(
      first.messages.map(({messageId}) => messageId),
      ['m5', 'm4'],
    );
    const second = await store.find({phone: kit.phone, direction: 'outbound', limit: 2, before: first.next});
    t.deepEqual(
      second.messages.map(({messageId}) => messageId),
      ['m3', 'm2'],
    );
    const last = await store.find({phone: kit.phone, direction: 'outbound', limit: 2, before: second.next});
    t.deepEqual(
      last.messages.map(({messageId}) => messageId),
      ['m1'],
    );
    t.is(last.next, undefined);
    t.deepEqual(
      (await store.find({channel: 'c2', limit: 9})).messages.map(({messageId}) => messageId),
      ['c2'],
    );
    t.deepEqual((await store.find({state: 'posted', limit: 9})).messages, []);
    const narrow = {
      phone: kit.phone,
      state: 'accepted',
      platform: 'acme',
      carrier: 'smsc',
      direction: 'inbound',
    } as const;
    t.is((await store.find({...narrow, limit: 9})).messages[0]?.messageId, 'i1');
    t.is((await store.find({limit: 100})).messages.length, 7);
  });

  test('finds messages by the time they were accepted and by the id of the carrier', async t => {
    const {store, clock} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) {
      await sendOne(store, id, `1A${id.at(-1)}`);
      clock.now += 1000;
    }
    const found = async (filter: object) =>
      (await store.find({limit: 9, ...filter})).messages.map(({messageId}) => messageId);
    t.deepEqual(await found({since: kit.startOfTime + 1000}), ['m3', 'm2']);
    t.deepEqual(await found({until: kit.startOfTime + 1000}), ['m1']);
    t.deepEqual(await found({since: kit.startOfTime + 1, until: kit.startOfTime + 2000}), ['m2']);
    t.deepEqual(await found({carrierMessageId: '1a2'}), ['m2']);
    t.deepEqual(await found({carrierMessageId: String(0x1a3), phone: kit.phone}), ['m3']);
    t.deepEqual(await found({carrierMessageId: 'nobody'}), []);
  });

  test('a cursor that is none finds nothing', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    t.deepEqual(await store.find({limit: 10, before: 'x'}), {messages: [], next: undefined});
    t.deepEqual((await store.deadLetters({limit: 10, before: '-1'})).deadLetters, []);
  });

  test('tells a message as the API shows it, its text only when asked', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    const {events, ...record} = await kit.recordOf(store, 'm1');
    t.deepEqual(record, {
      messageId: 'm1',
      channel: 'c1',
      platform: 'acme',
      direction: 'outbound',
      from: '+16504661149',
      to: kit.phone,
      state: 'sent',
      carrier: 'smsc',
      priority: 'bulk',
      acceptedAt: kit.startOfTime,
      traceId: 'a1',
      segments: [{index: 0, carrierMessageId: 'id1', state: 'taken', startedAt: kit.startOfTime}],
      text: 'hello',
      media: [],
    });
    t.deepEqual(events, [{at: kit.startOfTime, event: 'accepted'}]);
    t.false('text' in ((await store.get('m1', false)) ?? {}));
    t.false('text' in ((await store.find({limit: 1})).messages[0] ?? {}));
    t.is(await store.get('nobody', true), undefined);
  });

  test('writes what somebody did into the history', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    t.true(await store.note('m1', 'text_read', {by: 'ops'}));
    t.false(await store.note('nobody', 'text_read', {by: 'ops'}));
    t.deepEqual((await kit.recordOf(store, 'm1')).events.at(-1), {
      at: kit.startOfTime,
      event: 'text_read',
      detail: {by: 'ops'},
    });
  });

  test('a replay sends again from the first segment, once, with a final receipt of its own', async t => {
    const {store} = await openWithFailed(t);
    t.deepEqual(await kit.postReceipts(store), ['Failed']);
    t.true(await store.replay('m1', 1000));
    t.false(await store.replay('m1', 1000));
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
    const claim = await claimOne(store);
    t.like(claim, {expiresAt: kit.startOfTime + 1000, attempts: 1, work: {segments: {length: 0}, plan: undefined}});
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim, 'id2');
    await store.receipt('smsc', kit.toReceipt('id2'));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
    t.true((await eventsOf(store, 'm1')).includes('new_cycle'));
  });

  test('a failure nobody has told yet is not told when the text is sent again', async t => {
    const {store} = await openWithFailed(t);
    t.true(await store.replay('m1', 1000));
    t.deepEqual(await kit.postReceipts(store), []);
  });

  test('a final receipt of a replay follows one that is on its way', async t => {
    const {store} = await openWithFailed(t);
    const receipt = await claimOne(store, [kit.receiptQueue]);
    await store.replay('m1', 1000);
    const claim = await claimOne(store);
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim, 'id2');
    await store.receipt('smsc', kit.toReceipt('id2'));
    t.deepEqual(await kit.postReceipts(store), []);
    await kit.settlePosted(store, receipt);
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
    t.deepEqual(await kit.postReceipts(store), []);
  });

  /** Its first failure is on its way to the platform, it failed once more meanwhile, and is to be sent a third time. */
  async function failedAgain(t: ExecutionContext) {
    const opened = await openWithFailed(t);
    const {store} = opened;
    const receipt = await claimOne(store, [kit.receiptQueue]);
    await store.replay('m1', 1000);
    const {job, fence} = await claimOne(store);
    const ended = {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'} as const;
    await store.settle({job, fence, events: [], ...ended});
    t.true(await store.replay('m1', 1000));
    return {...opened, receipt};
  }

  test('an end that came while an earlier one is on its way is not told when the text is sent again', async t => {
    const {store, receipt} = await failedAgain(t);
    await kit.settlePosted(store, receipt);
    t.deepEqual(await kit.postReceipts(store), []);
    const again = await claimOne(store);
    await kit.startSegment(store, again);
    await kit.settleTaken(store, again, 'id3');
    await store.receipt('smsc', kit.toReceipt('id3'));
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
  });

  for (const comes of ['fails then', 'was in dead hands'] as const) {
    test(`nor when the earlier one ${comes}`, async t => {
      const {store, reopen, receipt} = await failedAgain(t);
      if (comes === 'fails then') await kit.settleRetry(store, receipt);
      const now = comes === 'fails then' ? store : await reopen();
      t.deepEqual(await kit.postReceipts(now), []);
      t.true((await now.depths()).every(({queue}) => queue !== kit.receiptQueue));
    });
  }

  test('nor is one of our own policy, when the carrier took the text after all', async t => {
    const {store} = await openWithFailed(t);
    const receipt = await claimOne(store, [kit.receiptQueue]);
    await store.replay('m1', 1000);
    const claim = await claimOne(store);
    await kit.startSegment(store, claim);
    await kit.settleUnknown(store, claim);
    await store.resolve({messageId: 'm1', events: [], to: 'failed', reason});
    const late = {segment: 0, attempt: claim.attempts + 1, taken: true, carrierMessageId: 'id2', receiptWithinMs: 0};
    t.true(await store.resolve({messageId: 'm1', events: [], to: 'late', ...late}));
    t.is(await stateOf(store, 'm1'), 'sent');
    await kit.settlePosted(store, receipt);
    t.deepEqual(await kit.postReceipts(store), []);
    await store.receipt('smsc', kit.toReceipt('id2'));
    t.deepEqual(await kit.postReceipts(store), ['Delivered']);
  });

  for (const [what, attempts] of [
    ['had failed', 0],
    ['fails then', 1],
    ['is posted then', 0],
  ] as const) {
    test(`a receipt that follows one that ${what} is owed since it is known`, async t => {
      const {store, clock} = await openWithFailed(t);
      const first = await claimOne(store, [kit.receiptQueue]);
      t.is(first.expiresAt, kit.startOfTime);
      await store.replay('m1', 1000);
      clock.now += 500;
      const claim = await claimOne(store);
      await kit.startSegment(store, claim);
      await kit.settleTaken(store, claim, 'id2');
      if (what === 'had failed') await kit.settleRetry(store, first);
      await store.receipt('smsc', kit.toReceipt('id2'));
      if (what === 'fails then') await kit.settleRetry(store, first);
      if (what === 'is posted then') await kit.settlePosted(store, first);
      t.like(await claimOne(store, [kit.receiptQueue]), {expiresAt: kit.startOfTime + 500, attempts});
    });
  }

  test('receipts of the cycle before do not touch the present one', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'old');
    await store.receipt('smsc', kit.toReceipt('old', {state: 'failed'}));
    await store.replay('m1', 1000);
    t.is(await store.receipt('smsc', kit.toReceipt('old', {state: 'delivered'})), 'matched');
    t.is(await stateOf(store, 'm1'), 'accepted');
  });

  test('an inbound text the platform refused is posted again', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptInbound(toInbound('i1'));
    const {job, fence} = await claimOne(store, [kit.inboundQueue]);
    const ended = {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_refused'} as const;
    await store.settle({job, fence, events: [], ...ended});
    t.is(await stateOf(store, 'i1'), 'failed');
    clock.now += 5000;
    t.true(await store.replay('i1', 1000));
    const again = await claimOne(store, [kit.inboundQueue]);
    t.like(again, {expiresAt: clock.now, attempts: 0}, 'owed since it is replayed');
    await kit.settlePosted(store, again);
    t.is(await stateOf(store, 'i1'), 'posted');
    t.false(await store.replay('i1', 1000));
  });

  test('lists dead letters by reason, newest first, page by page', async t => {
    const {store} = await openFresh(t);
    for (const id of ['u1', 'u2', 'u3']) {
      await store.acceptUnreadable({
        messageId: id,
        platform: 'acme',
        channel: 'c1',
        traceId: 'a1',
        raw: '{}',
        why: 'odd',
      });
    }
    await store.acceptInbound(toInbound('i1', {platform: ''}));
    const first = await store.deadLetters({reason: 'unreadable', limit: 2});
    t.deepEqual(
      first.deadLetters.map(({messageId}) => messageId),
      ['u3', 'u2'],
    );
    const rest = await store.deadLetters({reason: 'unreadable', limit: 2, before: first.next});
    t.deepEqual(
      rest.deadLetters.map(({messageId}) => messageId),
      ['u1'],
    );
    t.is(rest.next, undefined);
    t.is((await store.deadLetters({limit: 10})).deadLetters.length, 4);
  });
}
