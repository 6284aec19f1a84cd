import {randomBytes} from 'node:crypto';
import test from 'ava';
import {StoreRefused} from '../../../src/store/index.ts';
import type {Store} from '../../../src/store/store.ts';
import type {Secrecy} from '../../../src/store/vault.ts';
import * as kit from './kit.ts';
import {bulk, claimOne, phone, toInbound, toOutbound, toPart, toReceipt} from './kit.ts';

const other = '+14155550199';
const list = 'channel acme c1';
const stored = {source: 'operator', detail: {by: 'ops', messageId: 'm9', word: 'STOP'}} as const;

function newKey(id: string) {
  return {id, key: randomBytes(32).toString('base64')};
}

const secrecy: Secrecy = {keys: [newKey('k1')], seals: true, phoneKeys: [newKey('p').key]};

/** One pass over what is kept of a phone; what had to wait. */
async function pass(store: Store, of = phone) {
  const waits = {forgotten: 0, underWay: 0, receiptsOwed: 0};
  for (const step of [store.forgetMore, store.forgetUnreadable]) {
    let before: number | undefined;
    do {
      const done = await step(of, before, 2);
      waits.forgotten += done.forgotten;
      waits.underWay += done.underWay;
      waits.receiptsOwed += done.receiptsOwed;
      before = done.next;
    } while (before !== undefined);
  }
  return waits;
}

function order(store: Store, rest: {atOnce?: boolean} = {}) {
  return store.orderForget({phone, by: 'ops', atOnce: false, ...rest});
}

const nothing = {messages: 0, texts: 0, deadLetters: 0, waiting: 0, underWay: 0, receiptsOwed: 0};
const nothingLoose = {withoutReceipt: 0, parkedReceipts: 0, unreadable: 0, parts: 0, consents: 0, orders: 0};

export function privacyCases(openFresh: kit.OpenFresh): void {
  test('the audit of an order tells how much is forgotten, and that it is done when it is', async t => {
    const {store, clock, reopen} = await openFresh(t, {secrecy});
    for (const id of ['w1', 'w2']) await store.acceptOutbound(toOutbound(id));
    await store.acceptInbound(toInbound('in'));
    const by = {name: 'ops', via: 'cli'} as const;
    const entry = {by, action: 'forget', target: {phone}, outcome: 'ordered', before: 3} as const;
    await store.orderForget({phone, by: 'ops', atOnce: false}, entry);
    clock.now += 1;
    await store.orderForget({phone: other, by: 'ops', atOnce: false}, {...entry, target: {phone: other}, before: 0});
    t.like(await pass(store), {forgotten: 1, receiptsOwed: 2});
    t.false(await store.forgetRest(phone));
    const audit = async (from: Store) => (await from.audits({action: 'forget', limit: 10})).audits;
    t.true((await audit(store)).every(({outcome}) => outcome === 'ordered'));
    clock.now += 1000;
    const again = await reopen();
    await kit.postReceipts(again);
    await pass(again);
    t.true(await again.forgetRest(phone));
    const told = await audit(again);
    t.deepEqual(told.map(({outcome}) => outcome).sort(), ['done', 'ordered']);
    t.like(
      told.find(({outcome}) => outcome === 'done'),
      {by, before: 3, done: 3, after: 0},
    );
    t.false(JSON.stringify(told).includes(phone));
    clock.now += 1000;
    await again.orderForget({phone: other, by: 'eve', atOnce: true}, {...entry, by: {...by, name: 'eve'}});
    t.true(await again.forgetRest(other));
    t.deepEqual(
      (await audit(again)).map(({by: {name}, outcome}) => `${name} ${outcome}`),
      ['eve done', 'ops ordered_again', 'ops done'],
    );
  });

  test('counts and forgets all that is kept of a phone, and nothing of another', async t => {
    const {store} = await openFresh(t, {secrecy});
    await kit.sendOne(store, 'sent', 'id1');
    await kit.sendOne(store, 'delivered', 'id2');
    await store.receipt('smsc', toReceipt('id2'));
    await kit.postReceipts(store);
    await kit.loseOne(store, 'lost');
    for (const id of ['w1', 'w2', 'w3']) await store.acceptOutbound(toOutbound(id));
    await store.acceptOutbound(toOutbound('others', {to: other}));
    await store.acceptInbound(toInbound('in'));
    await store.acceptInbound(toInbound('nowhere', {platform: ''}));
    await store.holdPart('smsc', toPart(1));
    await store.receipt('smsc', toReceipt('strange', {phone: '4155550100', raw: 'id:strange to:14155550100'}));
    await store.receipt('smsc', toReceipt('others', {phone: other}));
    for (const [messageId, raw] of [
      ['u1', '{"to": "14155550100"}'],
      ['u2', '{"to": "14155550199"}'],
    ] as const) {
      const names = {messageId, platform: 'acme', channel: 'c1', traceId: 'a1', raw, why: 'no field'};
      await store.acceptUnreadable(names);
    }
    t.like(await store.holdings(phone), {messages: 8, texts: 8, deadLetters: 1, waiting: 3, withoutReceipt: 1});
    t.like(await store.holdings(phone), {parkedReceipts: 1, parts: 1, unreadable: 1, orders: 0});

    t.true(await order(store));
    t.deepEqual(await store.forgetOrders(), [{phone, by: 'ops', atOnce: false}]);
    t.like(await pass(store), {forgotten: 5, underWay: 0, receiptsOwed: 4});
    t.false(await store.forgetRest(phone));
    t.deepEqual(await kit.postReceipts(store), ['Failed', 'Failed', 'Failed', 'Failed']);
    t.like(await pass(store), {forgotten: 4, receiptsOwed: 0});
    t.true(await store.forgetRest(phone));
    t.deepEqual(await store.holdings(phone), {...nothing, ...nothingLoose, hashedConsents: 0});
    t.deepEqual(await store.forgetOrders(), []);
    t.true(await store.isTidyOwed());

    t.like(await store.holdings(other), {messages: 1, waiting: 1, parkedReceipts: 1});
    t.is(await store.get('u1', false), undefined);
    t.truthy(await store.raw('u2'));
    t.deepEqual(
      (await store.depths()).map(({queue, waiting}) => [queue, waiting]),
      [[bulk, 1]],
    );
    await store.tidy(true);
    t.false(await store.isTidyOwed());
  });

  test('a webhook nobody could read is its phone’s however the number is written there', async t => {
    const {store} = await openFresh(t, {secrecy});
    const written = [
      '+1 (415) 555-0100',
      '1.415.555.0100',
      '\u202a+1\u00a0415\u2011555\u20110100\u202c',
      '００14155550100',
    ];
    const others = ['+1 (415) 555-0199', '1415 555', '0100'];
    const accept = async (to: string, messageId: string) => {
      const names = {messageId, platform: 'acme', channel: 'c1', traceId: 'a1', why: 'no field'};
      await store.acceptUnreadable({...names, raw: JSON.stringify({to})});
    };
    for (const [index, to] of written.entries()) await accept(to, `u${index}`);
    await store.acceptUnreadable({
      messageId: 'escaped',
      platform: 'acme',
      channel: 'c1',
      traceId: 'a1',
      why: 'no field',
      raw: '{"to": "1415\\u00a05550100"}',
    });
    for (const [index, to] of others.entries()) await accept(to, `o${index}`);
    t.like(await store.holdings(phone), {unreadable: 5});
    t.is((await store.looseEnds(phone)).webhooks.length, 5);
    await order(store);
    await pass(store);
    t.true(await store.forgetRest(phone));
    for (const id of ['u0', 'u1', 'u2', 'u3', 'escaped']) t.is(await store.get(id, false), undefined, id);
    for (const index of others.keys()) t.truthy(await store.raw(`o${index}`));
  });

  test('what is on its way is waited for, settled as ever, and forgotten then', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await kit.startSegment(store, claim);
    await order(store);
    t.like(await pass(store), {forgotten: 0, underWay: 1});
    t.false(await store.forgetRest(phone));
    t.true(await kit.settleTaken(store, claim, 'id1'));
    t.like(await pass(store), {forgotten: 1, underWay: 0});
    t.true(await store.forgetRest(phone));
    t.false(await kit.settleTaken(store, claim, 'id1'));
    t.false(await kit.startSegment(store, claim, 1));
  });

  test('a pause of a forgotten phone alone goes with it, others stay', async t => {
    const {store} = await openFresh(t);
    const gate = {kind: 'paused', reason: 'asked by phone', by: 'ops'} as const;
    await store.setGate({...gate, filter: {kind: 'outbound', phone}});
    await store.setGate({...gate, filter: {kind: 'outbound', phone: `${phone}9`}});
    await store.setGate({...gate, filter: {}});
    await order(store);
    await pass(store);
    t.true(await store.forgetRest(phone));
    const left = (await store.gates()).map(({filter}) => filter.phone ?? 'none');
    t.deepEqual(left.sort(), [`${phone}9`, 'none']);
  });

  test('at once: receipts nobody was told yet are dropped', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    await order(store, {atOnce: true});
    t.like(await pass(store), {forgotten: 1});
    t.true(await store.forgetRest(phone));
    t.deepEqual(await kit.postReceipts(store), []);
    t.deepEqual(await store.depths(), []);
  });

  test('a late receipt of a forgotten text is dropped, and the same text delivered again is not sent again', async t => {
    const {store} = await openFresh(t);
    await kit.sendOne(store, 'm1', '1f');
    await order(store);
    await pass(store);
    await store.forgetRest(phone);
    t.is(await store.receipt('smsc', toReceipt('31', {phone: '14155550100'})), 'duplicate');
    t.is(await store.receipt('smsc', toReceipt(undefined, {messageId: 'm1'})), 'duplicate');
    t.is(await store.receipt('smsc', toReceipt('2f', {phone: '14155550100'})), 'parked');
    t.is((await store.acceptOutbound(toOutbound('m1'))).result, 'duplicate');
  });

  test('what came after the order stays, and an order is carried out after a crash', async t => {
    const opened = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) await opened.store.acceptOutbound(toOutbound(id));
    await order(opened.store, {atOnce: true});
    await opened.store.acceptOutbound(toOutbound('new'));
    await opened.store.forgetMore(phone, undefined, 1);
    const store = await opened.reopen();
    t.is((await store.forgetOrders()).length, 1);
    t.like(await pass(store), {forgotten: 2});
    t.true(await store.forgetRest(phone));
    t.like(await store.holdings(phone), {messages: 1, waiting: 1});
    t.like(await claimOne(store), {work: {outbound: {messageId: 'new'}}});
  });

  test('what came after the order stays although the last text before it is forgotten by then', async t => {
    const {store, reopen} = await openFresh(t, {secrecy});
    await kit.sendOne(store, 'told', 'id1');
    await store.receipt('smsc', toReceipt('id1'));
    await store.acceptInbound(toInbound('before'));
    await order(store);
    t.like(await pass(store), {forgotten: 1, receiptsOwed: 1});
    const again = await reopen();
    await again.acceptInbound(toInbound('after'));
    await kit.postReceipts(again);
    t.like(await pass(again), {forgotten: 1, receiptsOwed: 0});
    t.is(await kit.stateOf(again, 'after'), 'accepted');
    t.true(await again.forgetRest(phone));
    t.like(await claimOne(again, [kit.inboundQueue]), {work: {inbound: {messageId: 'after'}}});
  });

  test('a forgotten phone stays out, is nowhere in clear, and comes back in by its own word', async t => {
    const {store} = await openFresh(t, {secrecy});
    await store.setConsent([
      {list, phone, state: 'out', ...stored},
      {list, phone: other, state: 'out', ...stored},
    ]);
    t.true(await order(store));
    await pass(store);
    await store.forgetRest(phone);
    t.like(await store.holdings(phone), {consents: 0, hashedConsents: 2});
    const {consents} = await store.consents({phone, limit: 10});
    t.like(consents, [{list, state: 'out', detail: {by: 'ops', word: 'STOP'}}]);
    t.regex(consents[0]?.phone ?? '', /^hmac:[\w-]{43}$/);
    t.false('messageId' in (consents[0]?.detail ?? {}));

    await store.acceptOutbound(toOutbound('m1'));
    t.like(await claimOne(store), {work: {optedOut: [list]}});
    t.false(await store.passConsent('m1', [list]));
    t.is(await store.setConsent([{list, phone, state: 'out', ...stored}]), 0);
    t.is(await store.setConsent([{list, phone, state: 'in', ...stored}]), 1);
    t.deepEqual(
      (await store.consents({phone, limit: 10})).consents.map(({state, phone: name}) => [state, name]),
      [['in', phone]],
    );
    t.is((await store.consents({phone, history: true, limit: 10})).consents.length, 2);
    t.is((await store.consents({list, limit: 10})).consents.length, 2);
  });

  test('without a key a phone on a list is not forgotten', async t => {
    const {store} = await openFresh(t);
    await store.setConsent([{list, phone, state: 'out', ...stored}]);
    t.false(await order(store));
    t.deepEqual(await store.forgetOrders(), []);
  });

  test('everything about a phone can be told: texts, webhooks, words, receipts, parts', async t => {
    const {store} = await openFresh(t, {secrecy});
    await store.acceptOutbound(toOutbound('m1', {raw: '{"a": "webhook"}'}));
    await store.acceptInbound(toInbound('nowhere', {platform: ''}));
    await store.holdPart('smsc', toPart(1));
    await store.receipt('smsc', toReceipt('strange', {phone}));
    await store.setConsent([{list, phone, state: 'out', ...stored}]);
    const {messages} = await store.dossier(phone, 10);
    t.like(messages, [
      {messageId: 'nowhere', text: 'hi there', deadLetter: 'unroutable'},
      {messageId: 'm1', text: 'hello', webhook: '{"a": "webhook"}'},
    ]);
    const first = await store.dossier(phone, 1);
    t.is((await store.dossier(phone, 1, first.next)).messages[0]?.messageId, 'm1');
    const ends = await store.looseEnds(phone);
    t.like(ends, {consents: [{list, state: 'out'}], parts: [{body: '01', carrier: 'smsc'}]});
    t.true(ends.receipts[0]?.includes('strange'));
    t.deepEqual(ends.webhooks, []);
  });

  test('what a phone says after it was ordered to be forgotten stays under its number where there is no key', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    t.true(await order(store));
    clock.now += 1000;
    await store.setConsent([{list, phone, state: 'out', ...stored}]);
    await pass(store);
    await kit.postReceipts(store);
    await pass(store);
    t.true(await store.forgetRest(phone));
    t.like(await store.holdings(phone), {messages: 0, consents: 2, orders: 0});
  });

  test('sealed texts come out as they went in, wherever they are asked for', async t => {
    const {store} = await openFresh(t, {secrecy});
    await store.acceptOutbound(toOutbound('m1', {text: 'héllo ✓'}));
    const claim = await claimOne(store);
    t.like(claim, {work: {outbound: {text: 'héllo ✓'}}});
    await kit.startSegment(store, claim);
    t.like(await store.sent('m1'), {outbound: {text: 'héllo ✓'}});
    t.is((await kit.recordOf(store, 'm1')).text, 'héllo ✓');
    for (const part of [1, 2]) await store.holdPart('smsc', toPart(part));
    t.like(await store.holdPart('smsc', toPart(3)), {parts: [{body: '01'}, {body: '02'}, {body: '03'}]});
  });

  test('texts are brought under a new key in steps, and then the old one is not needed', async t => {
    const next: Secrecy = {...secrecy, keys: [newKey('k2'), ...secrecy.keys]};
    const opened = await openFresh(t, {secrecy});
    for (const id of ['m1', 'm2', 'm3']) await opened.store.acceptOutbound(toOutbound(id, {text: `text ${id}`}));
    const store = await opened.reopen(next);
    await store.acceptOutbound(toOutbound('m4'));
    const first = await store.reseal(0, 3);
    t.like(first, {changed: 3});
    t.like(await store.reseal(first.next ?? 0, 3), {changed: 0, next: undefined});
    const again = await opened.reopen({...next, keys: next.keys.slice(0, 1)});
    t.is((await kit.recordOf(again, 'm2')).text, 'text m2');
    const {changed} = await again.reseal(0, 10);
    t.is(changed, 0);
  });

  test('a store is not opened without the keys its texts and its opt-outs need, nor with others of their names', async t => {
    const opened = await openFresh(t, {secrecy});
    await opened.store.acceptOutbound(toOutbound('m1'));
    const refused = {instanceOf: StoreRefused};
    await t.throwsAsync(opened.reopen({...secrecy, keys: []}), {...refused, message: /sealed with the key k1/});
    await t.throwsAsync(opened.reopen({...secrecy, keys: [newKey('k1')]}), {...refused, message: /is not the one/});
    await t.throwsAsync(opened.reopen({...secrecy, phoneKeys: []}), {...refused, message: /privacy\.phoneKeys/});
    const open = await opened.reopen({...secrecy, seals: false});
    t.is((await open.reseal(0, 10)).changed, 1);
    t.is((await kit.recordOf(await opened.reopen({...secrecy, keys: []}), 'm1')).text, 'hello');
  });
}
