import test from 'ava';
import {encodePdu} from '../../../src/carriers/smpp/codec.ts';
import {createHealth, type Health} from '../../../src/relay/health.ts';
import {command, writePdu} from '../../../src/sandbox/smsc/pdu.ts';
import {createHostileSmsc} from '../../helpers/hostile-smsc.ts';
import {until} from '../../helpers/until.ts';
import {openAccount, ourNumber, phone, toOutbound, untilBound, withAccount} from './account.ts';

const genesys = {genesysDefaults: true};

test('a refused data_coding is tried once more in the next charset that holds the text (facts 3.7, 0x104)', async t => {
  const {smsc, sendSegment} = await withAccount(t, genesys);
  smsc.faults.next.push({status: 0x104}, {pass: true}, {status: 0x104}, {status: 0x104});
  const changes = {messageId: 'm1', to: phone};
  const outbound = {
    platform: 'acme',
    channel: '1',
    from: ourNumber,
    text: 'hello',
    media: [],
    traceId: '0',
    ...changes,
  };
  t.like(await sendSegment('hello', 0, {outbound}), {kind: 'unavailable', scope: 'message'});
  t.like(await sendSegment('hello', 0, {outbound}), {kind: 'taken'});
  t.deepEqual(
    smsc.submits.map(({dataCoding}) => dataCoding),
    [0, 1],
  );
  const second = {...outbound, messageId: 'm2'};
  t.like(await sendSegment('hello', 0, {outbound: second}), {kind: 'unavailable'});
  t.like(await sendSegment('hello', 0, {outbound: second}), {kind: 'refused', scope: 'message'});
});

test('an SMSC that refuses a data_coding text after text works: its account does not rest (facts 3.7, 0x104)', async t => {
  const {smsc, sendSegment} = await withAccount(t, genesys);
  const health = openHealth();
  for (let number = 1; number <= 10; number += 1) {
    const outbound = toOutbound('hello', {messageId: `m${number}`});
    smsc.faults.next.push({status: 0x104});
    health.learn(await sendSegment('hello', 0, {outbound}));
    health.learn(await sendSegment('hello', 0, {outbound}));
  }
  t.is(health.phase(), 'closed');
  t.is(smsc.submits.length, 20);
});

test('a window full of texts whose optional TLVs are refused gives the account no rest (facts 3.7, 0xC0 to 0xC4)', async t => {
  const {smsc, sendSegment} = await withAccount(t, {userMessageReference: true});
  const health = openHealth();
  smsc.faults.next.push(...Array.from({length: 10}, () => ({status: 0xc1})));
  const outcomes = await Promise.all(Array.from({length: 10}, () => sendSegment('hello')));
  t.true(outcomes.every(({kind}) => kind === 'unavailable'));
  for (const outcome of outcomes) health.learn(outcome);
  t.is(health.phase(), 'closed');
});

test('a refused data_coding is a refusal where no other charset holds the text', async t => {
  const {smsc, sendSegment} = await withAccount(t);
  smsc.faults.next.push({status: 0x104});
  t.like(await sendSegment('漢字'), {kind: 'refused', scope: 'message'});
});

test('a late answer that only says "later" is no evidence and is not handed in (facts 2.2)', async t => {
  const {smsc, seen, sendSegment} = await withAccount(t, {responseTimeout: '50ms'});
  const heldBack = {lateMs: 120};
  smsc.faults.throttleEvery = 1;
  smsc.faults.next.push(heldBack);
  t.like(await sendSegment('hi'), {kind: 'unknown'});
  await until('the late answer', () => seen.logs.some(({event}) => event === 'smpp.late_not_final'));
  t.deepEqual(seen.late, []);
});

test('outbind hurries the links that can take what the SMSC has (facts 3.1)', async t => {
  const bindReceiver = command.bindReceiver;
  let refused = 0;
  const smsc = await createHostileSmsc(t, (header, _frame, peer) => {
    if (header.id !== bindReceiver || refused > 0) return false;
    refused += 1;
    peer.socket.destroy();
    return true;
  });
  const place = {host: smsc.host, port: smsc.port, binds: 1};
  const {carrier, seen} = openAccount(t, {...place, bindType: 'pair', reconnectFirst: '1h', reconnectMax: '2h'});
  await carrier.start();
  await until('the receiver to wait', () => seen.logs.some(({event}) => event === 'bind.failed'));
  const transmitter = smsc.frames.find(({id}) => id === command.bindTransmitter)?.peer;
  const outbind = writePdu({id: 0x0b, status: 0, sequence: 1}, Buffer.from('smsc\0secret\0'));
  await until('the transmitter', () => seen.logs.some(({event}) => event === 'bind.up'));
  smsc.peers.find(({number}) => number === transmitter)?.send(outbind);
  await untilBound(carrier);
  t.like(
    seen.logs.find(({event}) => event === 'smpp.outbind'),
    {fields: {bind: 'smsc-a/1', connecting: 'smsc-a/2'}},
  );
});

test('a receipt without any id is handed in with what it tells (facts 2.1, no id at all)', async t => {
  const {smsc, seen} = await withAccount(t);
  const text = 'submit date:2611201200 done date:2611201201 stat:DELIVRD err:000 text:Your parcel';
  const ends = {source: phone.slice(1), sourceTon: 1, destination: ourNumber.slice(1), destinationTon: 1};
  t.is(await smsc.deliver({...ends, esmClass: 4, shortMessage: Buffer.from(text)}), 0);
  t.like(seen.receipts[0], {phone, state: 'delivered', about: {sender: ourNumber}});
  t.is(seen.receipts[0]?.carrierMessageId, undefined);
});

test('an account whose SMSC writes its own country without code says which it is', async t => {
  const {smsc, seen} = await withAccount(t, {countryCode: 41});
  const ends = {source: '0791234567', destination: '0791230000'};
  t.is(await smsc.deliver({...ends, shortMessage: Buffer.from('hi')}), 0);
  t.like(seen.inbound[0], {from: '+41791234567', to: '+41791230000'});
  t.is(await smsc.deliver({...ends, esmClass: 4, shortMessage: Buffer.from('id:7 stat:DELIVRD')}), 0);
  t.like(seen.receipts[0], {phone: '+41791234567'});
});

test('a number without country code is told of once, where the account does not say which it is', async t => {
  const told = async (options: object) => {
    const smsc = await createHostileSmsc(t);
    const {carrier, seen} = openAccount(t, {host: smsc.host, port: smsc.port, binds: 1, ...options});
    await carrier.start();
    await untilBound(carrier);
    const national = {source_addr_ton: 2, source_addr: '791234567', destination_addr: ourNumber.slice(1)};
    for (const sequence of [1, 2])
      smsc.peers[0]?.send(encodePdu('deliver_sm', sequence, {...national, short_message: 'hi'}));
    await until('both texts', () => seen.inbound.length === 2);
    return seen.logs.filter(({event}) => event === 'smpp.national_number').length;
  };
  t.is(await told({}), 1);
  t.is(await told({countryCode: 41}), 0);
});
function openHealth(): Health {
  const log = {debug() {}, info() {}, warn() {}, error() {}};
  return createHealth({of: {kind: 'carrier', name: 'smsc-a'}, log, now: Date.now, noise: () => 0.5});
}
