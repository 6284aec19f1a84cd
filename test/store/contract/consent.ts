import test from 'ava';
import type {ConsentOrder} from '../../../src/core/consent.ts';
import type {Order} from '../../../src/core/keywords.ts';
import type {InboundConsent, NewConsent, NewInbound, Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {bulk, claimOne, eventsOf, interactive, phone, recordOf, stateOf, toInbound, toOutbound} from './kit.ts';

const list = 'channel acme c1';
const reason = {code: 'RecipientOptedOut', message: 'the phone has opted out'} as const;

function toOrder(
  messageId: string,
  order: Order,
  more: Partial<InboundConsent> = {},
  by: ConsentOrder['by'] = 'keyword',
) {
  const consent: InboundConsent = {
    order: {order, by, word: order.toUpperCase()},
    rules: {mode: 'handle', owner: 'nobody'},
    networkAnswers: false,
    lists: [list],
    detail: {messageId},
    answer: toOutbound(`answer-${messageId}`, {text: `answer to ${order}`, carrier: 'smsc'}),
    ...more,
  };
  return toInbound(messageId, {consent});
}

const forward = {rules: {mode: 'forward', owner: 'cx-contact'}} as const;

async function isOut(store: Store): Promise<boolean> {
  return (await store.consents({phone, state: 'out', limit: 10})).consents.length > 0;
}

function sayOut(store: Store, said: Pick<NewConsent, 'source' | 'at'>): Promise<number> {
  return store.setConsent([{list, phone, state: 'out', detail: {by: 'ops'}, ...said}]);
}

async function sent(store: Store): Promise<string[]> {
  const claims = await store.claim([interactive, bulk], 100);
  return claims.map(({work}) => (work.kind === 'outbound' ? work.outbound.messageId : ''));
}

export function consentCases(openFresh: kit.OpenFresh): void {
  test('a STOP is on the list, answered once and handled, in one transaction; a copy of it changes nothing', async t => {
    const {store, reopen} = await openFresh(t);
    const stop: NewInbound = toOrder('mo1', 'stop');
    t.like(await store.acceptInbound(stop), {result: 'stored', consent: {change: 'out', answer: true, forward: false}});
    t.like(await store.acceptInbound(stop), {result: 'duplicate', consent: undefined});
    t.like(await store.acceptInbound(toOrder('mo2', 'stop')), {consent: {change: undefined, answer: false}});
    t.is(await stateOf(store, 'mo1'), 'handled');
    t.deepEqual(await sent(store), ['answer-mo1']);
    t.deepEqual(await store.claim([kit.inboundQueue], 10), []);
    const again = await reopen();
    const {consents} = await again.consents({phone, limit: 10});
    t.like(consents, [{list, phone, state: 'out', source: 'keyword', detail: {messageId: 'mo1'}}]);
    t.true((await eventsOf(again, 'mo1')).includes('order'));
  });

  test('what answers an order stands in no lane and owes the platform no receipt', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptInbound(toOrder('mo1', 'help'));
    const claim = await claimOne(store, [interactive]);
    t.like(claim.work, {outbound: {messageId: 'answer-mo1', text: 'answer to help'}});
    await kit.startSegment(store, claim);
    await kit.settleTaken(store, claim, 'id1');
    t.is(await store.receipt('smsc', kit.toReceipt('id1')), 'matched');
    t.is(await stateOf(store, 'answer-mo1'), 'delivered');
    t.deepEqual(await kit.postReceipts(store), []);
  });

  test('one order of one phone is answered once in five minutes, and other orders and phones all the same', async t => {
    const {store, clock, reopen} = await openFresh(t);
    const answered = async (id: string, order: Order, to: Store, from = phone) => {
      const message = toOrder(id, order);
      const {consent} = await to.acceptInbound({...message, inbound: {...message.inbound, from}});
      return consent?.answer;
    };
    t.true(await answered('mo1', 'help', store));
    t.false(await answered('mo2', 'help', store));
    t.is(await stateOf(store, 'mo2'), 'handled');
    t.true(await answered('mo3', 'help', store, '+14155550199'));
    t.true(await answered('mo4', 'stop', store));
    t.true(await answered('mo5', 'start', store));
    t.false(await answered('mo6', 'stop', store), 'it is followed all the same');
    t.true(await isOut(store));
    const again = await reopen();
    t.false(await answered('mo7', 'help', again));
    clock.now += 300_001;
    t.true(await answered('mo8', 'help', again));
    t.false(await answered('mo9', 'help', again));
  });

  test('a START takes the phone off every list of its channel, and is no order of a phone that is in', async t => {
    const {store} = await openFresh(t);
    const lists = ['platform acme', list];
    t.like(await store.acceptInbound(toOrder('mo1', 'start', {lists})), {consent: {change: undefined, forward: true}});
    await store.acceptInbound(toOrder('mo2', 'stop', {lists}));
    await store.setConsent([{list, phone, state: 'out', source: 'operator', detail: {by: 'ops'}}]);
    t.true(await isOut(store));
    t.like(await store.acceptInbound(toOrder('mo3', 'start', {lists})), {consent: {change: 'in', answer: true}});
    t.false(await isOut(store));
    t.is((await store.consents({phone, history: true, limit: 10})).consents.length, 4);
  });

  const minuteMs = 60_000;

  /** Texts that came in this order, each with when it was written, in minutes. */
  const follows = test.macro({
    async exec(t, texts: string, expected: {isOut: boolean; answers: string[]}) {
      const {store, clock} = await openFresh(t);
      const begin = clock.now;
      for (const [index, text] of texts.split(', ').entries()) {
        const [word, minutes] = text.split(' ');
        const order = word === 'stop' || word === 'start' ? word : 'help';
        const message = toOrder(`${order}-${index}`, order);
        const receivedAt = begin + Number(minutes) * minuteMs;
        clock.now = Math.max(clock.now, receivedAt);
        await store.acceptInbound({...message, inbound: {...message.inbound, receivedAt}});
      }
      t.is(await isOut(store), expected.isOut);
      t.deepEqual(await sent(store), expected.answers);
    },
    title: (_, texts: string, {isOut}: {isOut: boolean}) => `a phone is ${isOut ? 'out' : 'in'} after ${texts}`,
  });
  const [told, back] = ['answer-stop-0', 'answer-start-1'];
  test(follows, 'stop 0, start 1', {isOut: false, answers: [told, back]});
  test(follows, 'stop 0, stop 9, start 8', {isOut: true, answers: [told]});
  test(follows, 'stop 0, start 9, stop 8', {isOut: false, answers: [told, back]});
  test(follows, 'stop 0, start 2, help 9, stop 8', {
    isOut: true,
    answers: [told, back, 'answer-help-2', 'answer-stop-3'],
  });
  test(follows, 'help 9, stop 3, start 4', {
    isOut: false,
    answers: ['answer-help-0', 'answer-stop-1', 'answer-start-2'],
  });

  test('a START that was missed is no news to a phone that was opted out again since', async t => {
    const {store, clock} = await openFresh(t);
    await sayOut(store, {source: 'operator'});
    const receivedAt = clock.now + minuteMs;
    clock.now += 9 * minuteMs;
    await sayOut(store, {source: 'operator'});
    const message = toOrder('mo1', 'start');
    const {consent} = await store.acceptInbound({...message, inbound: {...message.inbound, receivedAt}});
    t.like(consent, {change: undefined, answer: false});
    t.true(await isOut(store));
    t.deepEqual(await sent(store), []);
  });

  test('a missed START counts on its own list, whatever the phone has told another since', async t => {
    const {store, clock} = await openFresh(t);
    const begin = clock.now;
    const other = 'channel acme c2';
    const say = async (message: NewInbound, minutes: number) => {
      const receivedAt = begin + minutes * minuteMs;
      clock.now = Math.max(clock.now, receivedAt);
      await store.acceptInbound({...message, inbound: {...message.inbound, receivedAt}});
    };
    await say(toOrder('mo1', 'stop'), 0);
    await say(toOrder('mo2', 'stop', {lists: [other]}), 0);
    await say(toOrder('mo3', 'stop', {lists: [other]}), 9);
    await say(toOrder('mo4', 'start'), 8);
    const {consents} = await store.consents({phone, state: 'out', limit: 10});
    t.deepEqual(
      consents.map(({list: name}) => name),
      [other],
    );
  });

  test('a claim tells which lists its phone is on', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await store.acceptOutbound(toOutbound('m2', {to: '+14155550199'}));
    await store.acceptInbound(toOrder('mo1', 'stop', forward));
    const claims = await store.claim([bulk], 10);
    const told = claims.map(({work}) => (work.kind === 'outbound' ? work.optedOut : []));
    t.deepEqual(told, [[list], []]);
  });

  test('one text accepted after the order, within 5 minutes, may pass, however often it is tried; no earlier and no other one', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('before'));
    await store.acceptInbound(toOrder('mo1', 'stop', forward));
    await store.acceptOutbound(toOutbound('confirmation'));
    await store.acceptOutbound(toOutbound('another'));
    t.false(await store.passConsent('before', [list]));
    t.true(await store.passConsent('confirmation', [list]));
    t.true(await store.passConsent('confirmation', [list]));
    t.false(await store.passConsent('another', [list]));
    await store.acceptInbound(toOrder('mo2', 'help', forward));
    await store.acceptOutbound(toOutbound('help answer'));
    clock.now += 300_001;
    t.false(await store.passConsent('help answer', [list]));
  });

  test('no later text may pass in the place of one that passed and is forgotten', async t => {
    const {store, clock, reopen} = await openFresh(t);
    await store.acceptInbound(toOrder('mo1', 'stop', forward));
    await store.acceptOutbound(toOutbound('confirmation'));
    t.true(await store.passConsent('confirmation', [list]));
    t.is(await store.purge({queues: [interactive], reason, limit: 1}), 1);
    await kit.postReceipts(store);
    await kit.settlePosted(store, await claimOne(store, [kit.inboundQueue]));
    clock.now += 1_000_000;
    while (await store.prune({textMs: 1000, allMs: 1000, auditMs: 1000, parkedReceiptMs: 1000, limit: 100}));
    t.is(await store.get('confirmation', false), undefined);
    const again = await reopen();
    for (const id of ['m1', 'm2']) await again.acceptOutbound(toOutbound(id));
    for (const id of ['m1', 'm2']) t.false(await again.passConsent(id, [list]), id);
  });

  test('ends waiting bulk texts to a phone, in steps, and no interactive ones and no other phone’s', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3', 'm4']) await store.acceptOutbound(toOutbound(id));
    await store.acceptOutbound(toOutbound('agent', {priority: 'interactive'}));
    await store.acceptOutbound(toOutbound('other', {to: '+14155550199'}));
    const claim = await claimOne(store, [interactive]);
    t.like(claim.work, {outbound: {messageId: 'm1'}});
    const purge = {channels: [{platform: 'acme', channel: 'c1'}], phone, reason, limit: 2};
    t.is(await store.purgePhone({...purge, list}), 0, 'it is on no list');
    await store.setConsent([{list, phone, state: 'out', source: 'operator', detail: {}}]);
    t.is(await store.purgePhone({...purge, list}), 2);
    t.is(await store.purgePhone(purge), 1);
    t.is(await store.purgePhone(purge), 0);
    t.like(await recordOf(store, 'm4'), {state: 'failed', reason});
    t.deepEqual(await kit.postReceipts(store), ['Failed', 'Failed', 'Failed']);
    t.is(await stateOf(store, 'agent'), 'accepted');
    t.is(await stateOf(store, 'other'), 'accepted');
    t.true(await kit.startSegment(store, claim));
  });

  test('a phone a carrier refuses as opted out, at once or by a receipt, is on the list of that very channel', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await kit.startSegment(store, claim);
    const {job, fence} = claim;
    await store.settle({job, fence, events: [], to: 'ended', state: 'failed', by: 'carrier', reason, segment: 0});
    t.like((await store.consents({phone, limit: 10})).consents, [{list, source: 'carrier', detail: {messageId: 'm1'}}]);
    await kit.sendOne(store, 'm2', 'id2', '+14155550199');
    await store.receipt('smsc', kit.toReceipt('id2', {state: 'failed', reason}));
    t.is((await store.consents({list, limit: 10})).consents.length, 2);
    await kit.loseOne(store, 'm3', {to: '+14155550198'});
    await store.resolve({
      messageId: 'm3',
      events: [],
      to: 'failed',
      reason: {code: 'GeneralError', message: 'given up'},
    });
    await store.receipt('smsc', kit.toReceipt(undefined, {messageId: 'm3', state: 'failed', reason}));
    t.is((await store.consents({list, limit: 10})).consents.length, 3);
    t.like(await recordOf(store, 'm3'), {state: 'failed', reason});
  });

  test('a STOP counts for every channel of its list although a carrier has refused the phone for one of them', async t => {
    const {store} = await openFresh(t);
    await store.setConsent([{list, phone, state: 'out', source: 'carrier', detail: {}}]);
    const shared = {lists: ['company', list]};
    t.like(await store.acceptInbound(toOrder('mo1', 'stop', shared)), {consent: {change: 'out', answer: true}});
    t.like((await store.consents({phone, list: 'company', limit: 10})).consents, [{state: 'out', source: 'keyword'}]);
    t.like(await store.acceptInbound(toOrder('mo2', 'stop', shared)), {consent: {change: undefined, answer: false}});
    t.like(await store.acceptInbound(toOrder('mo3', 'start', shared)), {consent: {change: 'in'}});
    t.false(await isOut(store));
  });

  test('a failure by our own policy says nothing about consent', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const {job, fence} = await claimOne(store);
    await store.settle({job, fence, events: [], to: 'ended', state: 'failed', by: 'policy', reason});
    t.deepEqual((await store.consents({limit: 10})).consents, []);
  });

  test('what is imported does not undo a later word, and tells how much it changed', async t => {
    const {store} = await openFresh(t);
    await store.acceptInbound(toOrder('mo1', 'stop'));
    await store.acceptInbound(toOrder('mo2', 'start'));
    const old = {list, state: 'out', source: 'import', at: 1_600_000_000_000, detail: {by: 'ops'}} as const;
    t.is(
      await store.setConsent([
        {...old, phone},
        {...old, phone: '+14155550199'},
      ]),
      1,
    );
    t.false(await isOut(store));
  });

  test('a word said now is the last one, though an imported one bears a time to come or a clock has gone back', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptInbound(toOrder('mo1', 'stop'));
    const entry = {list, phone, source: 'import', detail: {by: 'ops'}} as const;
    t.is(await store.setConsent([{...entry, state: 'in', at: clock.now + 31_536_000_000}]), 1);
    t.true((await store.consents({phone, limit: 1})).consents.every(({at}) => at <= clock.now));
    clock.now -= 3_600_000;
    t.like(await store.acceptInbound(toOrder('mo2', 'stop')), {consent: {change: 'out'}});
    t.true(await isOut(store));
    t.is(await store.setConsent([{...entry, state: 'in', source: 'operator'}]), 1);
    t.false(await isOut(store));
  });

  for (const [who, say] of [
    ['a phone', (store: Store) => store.acceptInbound(toOrder('mo2', 'stop'))],
    ['an operator', (store: Store) => sayOut(store, {source: 'operator'})],
    ['an import', (store: Store, at: number) => sayOut(store, {source: 'import', at})],
  ] as const) {
    test(`what ${who} said again is no older than when it was said last`, async t => {
      const {store, clock, reopen} = await openFresh(t);
      await store.acceptInbound(toOrder('mo1', 'stop'));
      const began = clock.now;
      clock.now += 2000;
      await say(store, began + 2000);
      clock.now += 1000;
      const again = await reopen();
      const entry = {list, phone, state: 'in', source: 'import', detail: {by: 'ops'}} as const;
      t.is(await again.setConsent([{...entry, at: began + 1000}]), 0);
      t.true(await isOut(again));
      t.like((await again.consents({phone, limit: 1})).consents, [{at: began, detail: {messageId: 'mo1'}}]);
      t.is(await again.setConsent([{...entry, at: began + 2001}]), 1);
      t.false(await isOut(again));
    });
  }

  test('evidence outlives the retention of its text', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptInbound(toOrder('mo1', 'stop'));
    clock.now += 1_000_000;
    const rules = {textMs: 1000, allMs: 1000, auditMs: 1000, parkedReceiptMs: 1000, limit: 100};
    while (await store.prune(rules));
    t.is(await store.get('mo1', false), undefined);
    t.like((await store.consents({phone, history: true, limit: 1})).consents, [{detail: {messageId: 'mo1'}}]);
  });

  test('lists are told in pages', async t => {
    const {store} = await openFresh(t);
    const entry = {list, state: 'out', source: 'import', detail: {by: 'ops'}} as const;
    await store.setConsent(Array.from({length: 5}, (_, index) => ({...entry, phone: `+1415555010${index}`})));
    const first = await store.consents({list, limit: 3});
    const second = await store.consents({list, limit: 3, before: first.next});
    t.is(first.consents.length + second.consents.length, 5);
    t.is(second.next, undefined);
  });
}
