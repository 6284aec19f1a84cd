import test from 'ava';
import fc from 'fast-check';
import type {Outcome} from '../../../src/core/outcome.ts';
import type {ReceiptFaults} from '../../../src/sandbox/smsc/faults.ts';
import {command} from '../../../src/sandbox/smsc/pdu.ts';
import type {PretendSmscOptions} from '../../../src/sandbox/smsc.ts';
import {createHostileSmsc} from '../../helpers/hostile-smsc.ts';
import {until} from '../../helpers/until.ts';
import * as kit from '../../store/contract/kit.ts';
import {openSqlite} from '../../store/open-sqlite.ts';
import {openAccount, ourNumber, toOutbound, untilBound, withAccount} from './account.ts';

const count = (outcomes: Outcome[], kind: Outcome['kind']) => outcomes.filter(outcome => outcome.kind === kind).length;

test('any octets at any time leave no bind deaf for longer than its timers', async t => {
  const smsc = await createHostileSmsc(t);
  const {carrier, sendSegment} = openAccount(t, {
    host: smsc.host,
    port: smsc.port,
    binds: 1,
    partialTimeout: '30ms',
    enquireLink: '30ms',
    enquireLinkTimeout: '50ms',
    reconnectFirst: '5ms',
    reconnectMax: '5ms',
    responseTimeout: '2s',
  });
  await carrier.start();
  await untilBound(carrier);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({minLength: 1, maxLength: 60}), {minLength: 1, maxLength: 5}),
      async chunks => {
        for (const chunk of chunks) smsc.peers.at(-1)?.send(Buffer.from(chunk));
        await until('a segment to be taken again', async () => (await sendSegment('hi')).kind === 'taken');
      },
    ),
    {numRuns: 40},
  );
  t.true(smsc.count(command.submitSm) >= 40);
});

test('throttling every third segment delays and loses nothing', async t => {
  const {smsc, sendSegment} = await withAccount(t);
  smsc.faults.throttleEvery = 3;
  const outcomes: Outcome[] = [];
  for (const text of ['a'.repeat(400), 'b'.repeat(400)]) {
    for (let segment = 0; segment < 3; ) {
      const outcome = await sendSegment(text, segment);
      outcomes.push(outcome);
      if (outcome.kind === 'taken') segment += 1;
    }
  }
  t.is(count(outcomes, 'taken'), 6);
  t.true(
    outcomes.every(
      outcome => outcome.kind === 'taken' || (outcome.kind === 'unavailable' && outcome.scope === 'throttled'),
    ),
  );
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['a'.repeat(400), 'b'.repeat(400)],
  );
});

const receipts = test.macro({
  async exec(t, faults: Partial<ReceiptFaults>, ids: string[], smscOptions: Partial<PretendSmscOptions> = {}) {
    const {smsc, seen, sendSegment} = await withAccount(t, {binds: 3}, smscOptions);
    Object.assign(smsc.faults.receipts, faults);
    t.like(await sendSegment('hi'), {kind: 'taken'});
    await until('the receipts', () => seen.receipts.length === ids.length);
    t.deepEqual(
      seen.receipts.map(({carrierMessageId}) => carrierMessageId),
      ids,
    );
    t.true(seen.receipts.every(({state, final}) => state === 'delivered' && final));
  },
  title: (what = '') => `a receipt ${what} is handed in`,
});
const id = {newMessageId: () => '0000ab12'};
test('before its response', receipts, {early: true}, ['0000ab12'], id);
test('twice, twice (the store knows)', receipts, {doubled: true}, ['0000ab12', '0000ab12'], id);
test('in decimal as it was written', receipts, {notation: 'decimal'}, ['43794'], id);
test('in upper case as it was written', receipts, {notation: 'upper'}, ['0000AB12'], id);
test('by another bind than the one that sent (facts 2.1)', receipts, {elsewhere: true}, ['0000ab12'], id);

test('a TLV id that matches nothing is followed by the id of the text, and each names the other', async t => {
  const handed: Array<Array<string | undefined>> = [];
  const {smsc} = await withAccount(
    t,
    {},
    {},
    {
      async receipt(event) {
        handed.push([event.carrierMessageId, event.otherId]);
        return event.carrierMessageId === '7' ? 'matched' : 'parked';
      },
    },
  );
  const status = await smsc.deliver({
    source: '14155550123',
    esmClass: 4,
    shortMessage: Buffer.from('id:7 stat:DELIVRD'),
    tlvs: new Map([[0x1e, Buffer.from('9\0')]]),
  });
  t.is(status, 0);
  t.deepEqual(handed, [
    ['9', '7'],
    ['7', '9'],
  ]);
});

test('a receipt with two ids finds its text although the store failed at the second when it came first', async t => {
  const {store} = await openSqlite(t);
  await kit.sendOne(store, 'm1', '7');
  let calls = 0;
  const {smsc} = await withAccount(
    t,
    {},
    {},
    {
      async receipt(event) {
        calls += 1;
        if (calls === 2) throw new Error('disk full');
        return await store.receipt('smsc', event);
      },
    },
  );
  const receipt = {
    source: kit.phone.slice(1),
    esmClass: 4,
    shortMessage: Buffer.from('id:7 stat:DELIVRD'),
    tlvs: new Map([[0x1e, Buffer.from('9\0')]]),
  };
  t.is(await smsc.deliver(receipt), 0x64);
  t.is(await smsc.deliver(receipt), 0);
  t.is(await kit.stateOf(store, 'm1'), 'delivered');
  t.like(await store.receiptCounts(), [{parked: 0}]);
});

test('a receipt with the addresses as they were sent finds its text, also before the answer and in other notation', async t => {
  const {store} = await openSqlite(t);
  const {smsc} = await withAccount(t, {}, {}, {receipt: event => store.receipt('smsc', event)});
  const ends = {source: ourNumber.slice(1), sourceTon: 1, destination: kit.phone.slice(1), destinationTon: 1};
  const deliver = (text: string) => smsc.deliver({...ends, esmClass: 4, shortMessage: Buffer.from(text)});
  t.is(await deliver('id:7 stat:DELIVRD'), 0);
  await kit.sendOne(store, 'm1', '7');
  t.is(await kit.stateOf(store, 'm1'), 'delivered');
  await kit.sendOne(store, 'm2', 'ab12');
  t.is(await deliver('id:43794 stat:UNDELIV'), 0);
  t.is(await kit.stateOf(store, 'm2'), 'failed');
});

test('a receipt that names its phone as its country writes it finds its text likewise', async t => {
  const {store} = await openSqlite(t);
  const {smsc} = await withAccount(t, {}, {}, {receipt: event => store.receipt('smsc', event)});
  const ends = {source: '0612345678', sourceTon: 2, destination: ourNumber.slice(1), destinationTon: 1};
  const deliver = (text: string) => smsc.deliver({...ends, esmClass: 4, shortMessage: Buffer.from(text)});
  t.is(await deliver('id:7 stat:DELIVRD'), 0);
  await kit.sendOne(store, 'm1', '7', '+33612345678');
  t.is(await kit.stateOf(store, 'm1'), 'delivered');
  await kit.sendOne(store, 'm2', 'ab12', '+33612345678');
  t.is(await deliver('id:43794 stat:UNDELIV'), 0);
  t.is(await kit.stateOf(store, 'm2'), 'failed');
});

test('user_message_reference finds our own id, for the phone it went to (facts 3.5)', async t => {
  const {smsc, seen, sendSegment} = await withAccount(t, {userMessageReference: true}, {receipts: 'none'});
  await sendSegment('hi', 0, {attempt: 3});
  const reference = smsc.submits[0]?.message.tlvs.get(0x0204);
  t.is(reference?.length, 2);
  const receipt = {
    esmClass: 4,
    shortMessage: Buffer.from('stat:DELIVRD'),
    tlvs: new Map([[0x0204, reference ?? Buffer.alloc(0)]]),
  };
  t.is(await smsc.deliver({...receipt, source: '14155550123'}), 0);
  t.like(seen.receipts[0], {messageId: 'm1', segment: 0, attempt: 3, state: 'delivered'});
  t.is(await smsc.deliver({...receipt, source: '14155550199'}), 0);
  t.is(seen.receipts[1]?.messageId, undefined, 'another phone is another message');
});

test('user_message_reference tells of which part of a long text a receipt speaks', async t => {
  const {smsc, seen, sendText} = await withAccount(t, {userMessageReference: true}, {receipts: 'none'});
  await sendText('x'.repeat(200));
  for (const {message} of smsc.submits) {
    const tlvs = new Map([[0x0204, message.tlvs.get(0x0204) ?? Buffer.alloc(0)]]);
    await smsc.deliver({source: '14155550123', esmClass: 4, shortMessage: Buffer.from('stat:DELIVRD'), tlvs});
  }
  t.deepEqual(
    seen.receipts.map(({messageId, segment}) => [messageId, segment]),
    [
      ['m1', 0],
      ['m1', 1],
    ],
  );
});

test('TLVs the SMSC refuses are left out from then on (facts 3.7, 0xC0 to 0xC4)', async t => {
  const {smsc, sendSegment} = await withAccount(t, {userMessageReference: true, moreMessagesToSend: true});
  smsc.faults.next.push({status: 0xc1}, {pass: true}, {status: 0xc1});
  const text = 'x'.repeat(200);
  t.like(await sendSegment(text), {kind: 'unavailable', scope: 'message'});
  t.like(await sendSegment(text), {kind: 'taken'});
  t.deepEqual(
    smsc.submits.map(({message}) => message.tlvs.size),
    [2, 0],
  );
  t.like(await sendSegment(text), {kind: 'refused'});
});

test('texts in flight together whose TLVs are refused are all tried again, and it is said once', async t => {
  const {smsc, seen, sendSegment} = await withAccount(t, {userMessageReference: true});
  smsc.faults.next.push({status: 0xc1}, {status: 0xc1});
  const outcomes = await Promise.all([sendSegment('one'), sendSegment('two')]);
  t.deepEqual(
    outcomes.map(({kind}) => kind),
    ['unavailable', 'unavailable'],
  );
  t.is(seen.logs.filter(({event}) => event === 'smpp.tlvs_refused').length, 1);
});

test("a text whose header's TLV is refused takes it from no other text", async t => {
  const options = {userMessageReference: true, headerTlvs: {'x-template': '0x1401'}};
  const {smsc, sendSegment} = await withAccount(t, options);
  smsc.faults.next.push({status: 0xc4}, {status: 0xc4});
  const [wrong, right] = ['wrong', '1107'].map(template => toOutbound('hi', {headers: {'x-template': template}}));
  t.like(await sendSegment('hi', 0, {outbound: wrong}), {kind: 'unavailable'});
  t.like(await sendSegment('hi', 0, {outbound: wrong}), {kind: 'refused'});
  t.like(await sendSegment('hi', 0, {outbound: right}), {kind: 'taken'});
  t.deepEqual(
    smsc.submits.map(({message}) => message.tlvs.get(0x1401)?.toString()),
    ['wrong', 'wrong', '1107'],
  );
});

test("a text whose header's TLV is refused leaves other texts their user_message_reference", async t => {
  const options = {userMessageReference: true, headerTlvs: {'x-template': '0x1401'}};
  const {smsc, seen, sendSegment} = await withAccount(t, options);
  smsc.faults.next.push({status: 0xc4}, {status: 0xc4});
  const [wrong, right] = ['wrong', '1107'].map(template =>
    toOutbound('hi', {messageId: template, headers: {'x-template': template}}),
  );
  t.like(await sendSegment('hi', 0, {outbound: wrong}), {kind: 'unavailable'});
  t.like(await sendSegment('hi', 0, {outbound: wrong}), {kind: 'refused'});
  t.like(await sendSegment('hi', 0, {outbound: right}), {kind: 'taken'});
  t.deepEqual(
    smsc.submits.map(({message}) => message.tlvs.has(0x0204)),
    [true, false, true],
  );
  t.false(seen.logs.some(({event}) => event === 'smpp.tlvs_refused'));
});

test('where texts have other TLVs too, the one that is taken without user_message_reference shows that it was to blame', async t => {
  const {smsc, seen, sendSegment} = await withAccount(t, {userMessageReference: true, tlvs: {'0x1400': 'acme'}});
  smsc.faults.next.push({status: 0xc1});
  const outbound = toOutbound('hi', {messageId: 'first'});
  t.like(await sendSegment('hi', 0, {outbound}), {kind: 'unavailable'});
  t.false(seen.logs.some(({event}) => event === 'smpp.tlvs_refused'));
  t.like(await sendSegment('hi', 0, {outbound}), {kind: 'taken'});
  t.like(await sendSegment('hi'), {kind: 'taken'});
  t.deepEqual(
    smsc.submits.map(({message}) => message.tlvs.has(0x0204)),
    [true, false, false],
  );
  t.is(seen.logs.filter(({event}) => event === 'smpp.tlvs_refused').length, 1);
});

test("a command_status that the account's mapping calls accepted is no refusal", async t => {
  const duplicate = {genericErrorCode: 0, genericErrorCause: 'DELIVERED', description: 'it has this text already'};
  const advancedConfiguration = {protocolSpecificCodeMapping: {1042: duplicate}};
  const {smsc, sendSegment} = await withAccount(t, {advancedConfiguration});
  smsc.faults.next.push({status: 1042});
  const outcome = await sendSegment('hi');
  t.like(outcome, {kind: 'taken', detail: {commandStatus: '0x00000412'}});
  t.false('carrierMessageId' in outcome);
});

const unroutable = test.macro({
  async exec(t, setting: string, status: number) {
    const {smsc} = await withAccount(t, {unroutable: setting}, {}, {inbound: async () => 'unroutable'});
    t.is(await smsc.deliver({source: '14155550123', shortMessage: Buffer.from('hi')}), status);
  },
  title: (_, setting, status) => `a number of no channel, \`${setting}\`: answered ${status} (facts 3.7)`,
});
test(unroutable, 'accept', 0);
test(unroutable, 'refuse', 0x0b);
test(unroutable, 'retry', 0x64);

const classified = test.macro({
  async exec(
    t,
    esmClass: number,
    text: string,
    tlvs: Array<[number, Buffer]>,
    kind: 'receipt' | 'inbound' | 'neither',
    options: Record<string, unknown> = {},
  ) {
    const {smsc, seen} = await withAccount(t, options);
    const status = await smsc.deliver({
      source: '14155550123',
      esmClass,
      shortMessage: Buffer.from(text),
      tlvs: new Map(tlvs),
    });
    t.is(status, 0);
    t.is(seen.receipts.length, kind === 'receipt' ? 1 : 0);
    t.is(seen.inbound.length, kind === 'inbound' ? 1 : 0);
  },
  title: (what = '', _esm, _text, _tlvs, kind) => `${what}: ${kind} (facts 2.1, esm_class)`,
});
const full = 'id:7 stat:DELIVRD';
const stateTlvs: Array<[number, Buffer]> = [
  [0x1e, Buffer.from('7\0')],
  [0x427, Buffer.of(2)],
];
test('flagged 0x04', classified, 0x04, full, [], 'receipt');
test('flagged with other bits too, 0x48', classified, 0x04 | 0x80, full, [], 'receipt');
test('an intermediate notification, 0x20', classified, 0x20, 'id:7 stat:ENROUTE', [], 'receipt');
test('unflagged with the TLVs of a receipt', classified, 0, '', stateTlvs, 'receipt');
test('unflagged with its text', classified, 0, full, [], 'receipt');
test('unflagged with its text, where the account wants none', classified, 0, full, [], 'inbound', {
  receiptsByContent: false,
});
test('only what nothing but its text shows to be a receipt is bound to its own ends', async t => {
  const {smsc, seen} = await withAccount(t);
  const deliver = (esmClass: number) =>
    smsc.deliver({source: '14155550123', destination: '16504661149', esmClass, shortMessage: Buffer.from(full)});
  await deliver(0x04);
  await deliver(0);
  t.deepEqual(
    seen.receipts.map(({onlyTo}) => onlyTo),
    [undefined, ['14155550123', '16504661149']],
  );
});
test('a text', classified, 0, 'hello', [], 'inbound');
test('flagged without any id', classified, 0x04, 'Message delivered', [], 'neither');
test("a handset's own acknowledgement", classified, 0x10, 'read', [], 'neither');

test('a receipt for one segment stands for all where the account says so', async t => {
  const {seen, sendSegment} = await withAccount(t, {receiptCovers: 'message'});
  await sendSegment('hi');
  await until('the receipt', () => seen.receipts.length === 1);
  t.true(seen.receipts[0]?.coversMessage);
});

test('asks for receipts as it is told', async t => {
  const {smsc, sendSegment} = await withAccount(t, {receipts: 'none'});
  await sendSegment('hi');
  t.is(smsc.submits[0]?.registeredDelivery, 0);
});

test('logs hold no text, no password and no unmasked phone', async t => {
  const {smsc, seen, sendSegment, carrier} = await withAccount(t, {password: 'topsecret'}, {password: 'topsecret'});
  smsc.faults.next.push({status: 0x58}, {status: 0x0b}, {cut: true});
  for (let turn = 0; turn < 3; turn += 1) await sendSegment('a private matter');
  await untilBound(carrier);
  const written = JSON.stringify(seen.logs);
  for (const secret of ['private matter', 'topsecret', '14155550123']) t.false(written.includes(secret), secret);
  t.true(seen.logs.some(({event}) => event === 'smpp.throttled'));
});
