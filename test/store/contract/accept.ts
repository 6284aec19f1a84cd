import test from 'ava';
import {outboundQueue} from '../../../src/core/queue.ts';
import {StoreUnavailable} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {bulk, claimOne, eventsOf, inboundQueue, interactive, stateOf, toInbound, toOutbound} from './kit.ts';

export function acceptCases(openFresh: kit.OpenFresh): void {
  test('stores a text once, however often it is delivered', async t => {
    const {store} = await openFresh(t);
    const answers = await Promise.all([1, 2, 3].map(() => store.acceptOutbound(toOutbound('m1'))));
    t.deepEqual(
      answers.map(({result}) => result),
      ['stored', 'duplicate', 'duplicate'],
    );
    t.is((await store.claim([bulk], 10)).length, 1);
    t.deepEqual(await store.acceptOutbound(toOutbound('m1')), {messageId: 'm1', result: 'duplicate'});
  });

  test('captured headers go with the text, its history and its receipts, also when its payload is gone', async t => {
    const {store, clock} = await openFresh(t);
    const headers = {'x-campaign': 'spring'};
    const message = toOutbound('m1');
    await store.acceptOutbound({...message, outbound: {...message.outbound, headers}});
    const claim = await claimOne(store);
    t.like(claim.work, {outbound: {headers}});
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim, 'id1');
    await store.receipt('smsc', kit.toReceipt('id1'));
    clock.now += 10_000;
    await store.prune({textMs: 1000, allMs: 1_000_000, auditMs: 1_000_000, parkedReceiptMs: 1000, limit: 100});
    const [receipt] = await store.claim([kit.receiptQueue], 1);
    t.like(receipt?.work, {headers});
    t.true((await eventsOf(store, 'm1')).includes('headers'));
    const names = {messageId: 'u1', platform: 'acme', channel: 'c1', traceId: 't1'};
    await store.acceptUnreadable({...names, raw: '{}', why: 'no text', headers});
    t.like(await store.raw('u1'), {headers});
    await store.replaceUnreadable(toOutbound('u1'));
    t.like((await claimOne(store)).work, {outbound: {messageId: 'u1', headers}});
  });

  test('hands a text out with all it came with', async t => {
    const {store} = await openFresh(t);
    const message = toOutbound('m1');
    const outbound = {
      ...message.outbound,
      headers: {'x-ccid': 'a'},
      unsupported: 'a map',
      media: [{url: 'https://x.example/1'}],
    };
    await store.acceptOutbound({...message, outbound});
    t.like((await claimOne(store)).work, {
      kind: 'outbound',
      outbound,
      priority: 'bulk',
      plan: undefined,
      segments: {length: 0},
    });
  });

  test('knows a text by the id it had in the window before', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const answer = await store.acceptOutbound(toOutbound('m2', {earlierId: 'm1'}));
    t.deepEqual(answer, {messageId: 'm1', result: 'duplicate'});
  });

  test('stores other content under a known external id as a message of its own, and notes it', async t => {
    const {store} = await openFresh(t);
    const [first, second, other] = ['order-7_a', 'order-7_b', 'Order-7_c'];
    await store.acceptOutbound(toOutbound(first));
    t.is((await store.acceptOutbound(toOutbound(second))).result, 'stored');
    t.is((await store.acceptOutbound(toOutbound(other))).result, 'stored');
    for (const id of [first, second, other])
      t.deepEqual(await store.acceptOutbound(toOutbound(id)), {messageId: id, result: 'duplicate'});
    t.deepEqual(await eventsOf(store, first), ['accepted']);
    t.deepEqual(await eventsOf(store, second), ['accepted', 'id_reused']);
    t.deepEqual(await eventsOf(store, other), ['accepted']);
  });

  test('gives each text to a phone the next reference', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) await store.acceptOutbound(toOutbound(id));
    const references: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const claim = await claimOne(store);
      if (claim.work.kind === 'outbound') references.push(claim.work.reference);
      await kit.startSegment(store, claim);
      await kit.settleTaken(store, claim);
    }
    const [first = 0] = references;
    t.deepEqual(references, [first, (first + 1) % 65_536, (first + 2) % 65_536]);
  });

  test('treats a bulk text to somebody who wrote within the window as part of the conversation', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptInbound(toInbound('i1'));
    clock.now += 1000;
    await store.acceptOutbound(toOutbound('m1', {replyWindowMs: 5000}));
    await store.acceptOutbound(toOutbound('other phone', {to: '+14155550199', replyWindowMs: 5000}));
    clock.now += 5000;
    await store.acceptOutbound(toOutbound('too late', {replyWindowMs: 5000, channel: 'c1'}));
    t.is((await kit.recordOf(store, 'm1')).priority, 'interactive');
    t.is((await kit.recordOf(store, 'other phone')).priority, 'bulk');
    t.is((await kit.recordOf(store, 'too late')).priority, 'bulk');
    t.is((await claimOne(store, [interactive])).queue, interactive);
  });

  test('keeps what can not be read, as a dead letter with its body', async t => {
    const {store} = await openFresh(t);
    const body = {messageId: 'u1', platform: 'acme', channel: 'c1', traceId: 'a1', raw: '{"odd": 1}', why: 'no text'};
    t.is((await store.acceptUnreadable(body)).result, 'stored');
    t.is((await store.acceptUnreadable(body)).result, 'duplicate');
    t.is(await stateOf(store, 'u1'), 'failed');
    t.deepEqual(await store.raw('u1'), {platform: 'acme', channel: 'c1', raw: '{"odd": 1}'});
    const {deadLetters} = await store.deadLetters({limit: 10});
    t.deepEqual(
      deadLetters.map(({messageId, reason, detail}) => [messageId, reason, detail]),
      [['u1', 'unreadable', 'no text']],
    );
    t.deepEqual(await store.depths(), []);
  });

  test('reads an unreadable one again under its own id', async t => {
    const {store} = await openFresh(t);
    await store.acceptUnreadable({
      messageId: 'u1',
      platform: 'acme',
      channel: 'c1',
      traceId: 'a1',
      raw: '{}',
      why: 'no text',
    });
    t.false(await store.replay('u1', 1000));
    t.true(await store.replaceUnreadable(toOutbound('u1', {text: 'read at last'})));
    t.false(await store.replaceUnreadable(toOutbound('u1')));
    const {work} = await claimOne(store);
    t.like(work, {kind: 'outbound', outbound: {messageId: 'u1', text: 'read at last', to: kit.phone}});
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
    t.is(await store.raw('u1'), undefined);
  });

  test('sends what is read again once, however often it was delivered meanwhile', async t => {
    const {store} = await openFresh(t);
    const names = {platform: 'acme', channel: 'c1', traceId: 'a1', raw: '{}', why: 'no text'};
    const readAgain = (id: string, ownId: string, earlierId?: string) =>
      store.replaceUnreadable({...toOutbound(id), ...(earlierId !== undefined && {earlierId}), ownId});
    for (const messageId of ['u1', 'u2', 'u3', 'u4']) await store.acceptUnreadable({...names, messageId});
    await store.acceptOutbound(toOutbound('m1'));
    t.true(await readAgain('u1', 'm1'));
    t.true(await readAgain('u2', 'm-now', 'm1'));
    t.true(await readAgain('u3', 'm3'));
    t.deepEqual(await store.acceptOutbound(toOutbound('m3')), {messageId: 'm3', result: 'duplicate'});
    t.true(await readAgain('u4', 'm3'));
    const states = await Promise.all(['u1', 'u2', 'u3', 'u4', 'm1'].map(id => stateOf(store, id)));
    t.deepEqual(states, ['failed', 'failed', 'accepted', 'failed', 'accepted']);
    t.deepEqual((await store.deadLetters({limit: 10})).deadLetters, []);
    for (const id of ['u1', 'u2', 'u4']) {
      t.true((await eventsOf(store, id)).includes('stored_before'), id);
      t.is(await store.raw(id), undefined, 'its body is kept once');
    }
  });

  test('what is read again while the queue is full is read and sent once there is a place', async t => {
    const {store} = await openFresh(t, {maxOutbound: 1});
    const names = {platform: 'acme', channel: 'c1', traceId: 'a1', raw: '{}', why: 'no text'};
    await store.acceptUnreadable({...names, messageId: 'u1'});
    await store.acceptOutbound(toOutbound('m1'));
    const again = {...toOutbound('u1', {to: '+14155550199'}), ownId: 'm2'};
    await t.throwsAsync(store.replaceUnreadable(again), {instanceOf: StoreUnavailable});
    const claim = await claimOne(store);
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim);
    t.true(await store.replaceUnreadable(again));
    t.is(await stateOf(store, 'u1'), 'accepted');
  });

  test('stores an inbound text once and hands it out with all it came with', async t => {
    const {store} = await openFresh(t);
    t.is((await store.acceptInbound(toInbound('i1'))).result, 'stored');
    t.is((await store.acceptInbound(toInbound('i1'))).result, 'duplicate');
    const claim = await claimOne(store, [inboundQueue]);
    t.deepEqual(claim.work, {kind: 'inbound', inbound: toInbound('i1').inbound});
    t.true(await kit.settlePosted(store, claim));
    t.is(await stateOf(store, 'i1'), 'posted');
  });

  test('keeps an inbound text no channel is for as a dead letter', async t => {
    const {store} = await openFresh(t);
    await store.acceptInbound(toInbound('i1', {platform: ''}));
    t.is(await stateOf(store, 'i1'), 'failed');
    t.is((await store.deadLetters({limit: 10})).deadLetters[0]?.reason, 'unroutable');
    t.false(await store.replay('i1', 1000));
  });

  test('takes an equal fingerprint as a copy for ten minutes, unless its answer has left', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptInbound(toInbound('i1', {fingerprint: 'f'}));
    t.deepEqual(await store.acceptInbound(toInbound('i2', {fingerprint: 'f'})), {messageId: 'i1', result: 'duplicate'});
    await store.forgetFingerprints(['f']);
    t.is((await store.acceptInbound(toInbound('i3', {fingerprint: 'f'}))).result, 'stored');
    clock.now += 600_001;
    t.is((await store.acceptInbound(toInbound('i4', {fingerprint: 'f'}))).result, 'stored');
  });

  test('refuses outbound above the mark, still knows duplicates, and takes again below it', async t => {
    const {store} = await openFresh(t, {maxOutbound: 2});
    const answers = await Promise.allSettled(
      ['m1', 'm2', 'm3', 'm1'].map(id => store.acceptOutbound(toOutbound(id, {to: `+1415555010${id.at(-1)}`}))),
    );
    t.deepEqual(
      answers.map(({status}) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    await t.throwsAsync(store.acceptOutbound(toOutbound('m4')), {instanceOf: StoreUnavailable});
    t.is((await store.acceptInbound(toInbound('i1'))).result, 'stored');
    const claim = await claimOne(store);
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim);
    t.is((await store.acceptOutbound(toOutbound('m3'))).result, 'stored');
  });

  test('counts what waits again after it was opened anew', async t => {
    const {store, reopen} = await openFresh(t, {maxOutbound: 2});
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    const again = await reopen();
    await t.throwsAsync(again.acceptOutbound(toOutbound('m3')), {instanceOf: StoreUnavailable});
    t.deepEqual(
      (await again.depths()).map(({queue, waiting}) => [queue, waiting]),
      [[bulk, 2]],
    );
  });

  test('a platform above its own mark is refused while others are taken, also after it was opened anew', async t => {
    const {store, reopen} = await openFresh(t, {maxOutbound: 5, maxOutboundPerPlatform: 2});
    const of = (platform: string, id: string) => {
      const message = toOutbound(id, {to: `+1415555010${id.at(-1)}`});
      return {...message, outbound: {...message.outbound, platform}};
    };
    for (const id of ['m1', 'm2']) await store.acceptOutbound(of('acme', id));
    const full = {instanceOf: StoreUnavailable, message: /^2 outbound messages of platform acme are waiting/};
    await t.throwsAsync(store.acceptOutbound(of('acme', 'm3')), full);
    t.is((await store.acceptOutbound(of('acme', 'm2'))).result, 'duplicate');
    t.is((await store.acceptOutbound(of('beta', 'm4'))).result, 'stored');
    const again = await reopen();
    await t.throwsAsync(again.acceptOutbound(of('acme', 'm3')), full);
    t.is((await again.acceptOutbound(of('beta', 'm5'))).result, 'stored');
    await t.throwsAsync(again.acceptOutbound(of('beta', 'm6')), {message: /of platform beta/});
    const claim = await claimOne(again);
    await kit.startSegment(again, claim);
    await kit.settleTaken(again, claim);
    t.is((await again.acceptOutbound(of('acme', 'm3'))).result, 'stored');
    await t.throwsAsync(again.acceptOutbound(of('acme', 'm7')), full);
  });

  test('of one platform what moves to another carrier or class keeps its one place', async t => {
    const {store} = await openFresh(t, {maxOutboundPerPlatform: 2});
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptOutbound(toOutbound('m2', {priority: 'interactive'}));
    const {job, fence} = await claimOne(store);
    await store.settle({job, fence, events: [], to: 'retry', dueInMs: 0, counts: false, carrier: 'twilio'});
    await t.throwsAsync(store.acceptOutbound(toOutbound('m3')), {instanceOf: StoreUnavailable});
    const other = outboundQueue('acme', 'c1', 'twilio', 'interactive');
    const claim = await claimOne(store, [other]);
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim);
    t.is((await store.acceptOutbound(toOutbound('m3'))).result, 'stored');
    await t.throwsAsync(store.acceptOutbound(toOutbound('m4')), {instanceOf: StoreUnavailable});
  });
}
