import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const to = '+14155550123';
/** Three segments of GSM 03.38. */
const long = 'The quick brown fox jumps over the lazy dog. '.repeat(9);
const fast = {smsc: '    messagesPerSecond: 200'};

test('a throttled second segment of three is sent again, first and third once each, with one reference', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  smsc.faults.next.push({pass: true}, {status: 0x58});
  const messageId = await world.send({to, text: long});
  const record = await world.reaches(messageId, 'delivered');
  t.is(record.segments.length, 3);
  t.is(smsc.submits.length, 4);
  t.is(smsc.submits.filter(submit => submit.messageId !== undefined).length, 3);
  t.is(new Set(smsc.submits.map(submit => submit.shortMessage.subarray(0, 4).toString('hex'))).size, 1);
  t.is(smsc.phones.length, 1);
  t.is(smsc.phones[0]?.text, long);
  await until('the receipt', () => nexus.receipts.length === 1);
  t.true(record.events.some(({event}) => event === 'send_unavailable'));
});

test('an SMSC that takes a text and says that it is nearly congested slows the whole account down', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc} = world.peers;
  const pace = async () => {
    const {carriers} = (await world.api('/api/carriers')).body as unknown as Shown;
    return carriers.find(({name}) => name === 'smsc-a')?.pace;
  };
  smsc.faults.congestion = 89;
  await world.reaches(await world.send({to, text: 'hi'}), 'delivered');
  t.like(await pace(), {rate: 200, limit: 200}, 'the load an SMSC likes best');
  smsc.faults.congestion = 95;
  await until('a slower pace', async () => {
    await world.reaches(await world.send({to, text: 'hi again'}), 'delivered');
    return ((await pace())?.rate ?? 200) < 200;
  });
  smsc.faults.congestion = undefined;
  await until('the pace to be back', async () => (await pace())?.rate === 200);
});

interface Shown {
  carriers: Array<{name: string; pace: {rate: number}}>;
}

test('a refused second segment ends the text as failed, with one receipt and a dead letter', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  smsc.faults.next.push({pass: true}, {status: 0x0b});
  const messageId = await world.send({to, text: long});
  const record = await world.reaches(messageId, 'failed');
  t.is(record.reason?.code, 'InvalidDestination');
  t.is(smsc.submits.length, 2);
  const post = await until('the receipt', () => nexus.receipts[0]);
  t.like(post.messages[0], {id: messageId, status: 'Failed', isFinalReceipt: true});
  const {body} = await world.api('/api/dead-letters');
  t.like(body, {deadLetters: [{messageId, reason: 'refused'}]});
});

test('a disconnect with a full window: what was in flight is unknown, what was not is sent after the reconnect', async t => {
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 200\n    window: 5'}});
  const {smsc, nexus} = world.peers;
  smsc.faults.mute = true;
  const phones = Array.from({length: 12}, (_, index) => `+1415555${1000 + index}`);
  const ids = await Promise.all(phones.map(phone => world.send({to: phone, text: `to ${phone}`})));
  await until('a full window', () => smsc.submits.length === 5);
  smsc.faults.mute = false;
  smsc.disconnectAll();
  const states = () => Promise.all(ids.map(async id => (await world.message(id)).state));
  await until('all to end', async () => (await states()).every(state => state === 'delivered' || state === 'unknown'));
  const unknown = (await states()).filter(state => state === 'unknown');
  t.is(unknown.length, 5);
  t.is(smsc.submits.length, 12);
  t.is(new Set(smsc.phones.map(({text}) => text)).size, 12);
  await until('seven receipts', () => nexus.receipts.length === 7);
});

test('an unknown text does not block its lane, and an orphan answer is not needed for the next', async t => {
  const world = await startWorld(t, {more: {smsc: '    messagesPerSecond: 200\n    responseTimeout: 300ms'}});
  const {smsc} = world.peers;
  smsc.faults.next.push({silent: true});
  const first = await world.send({to, text: 'first'});
  const second = await world.send({to, text: 'second'});
  await world.reaches(second, 'delivered');
  const {state} = await world.message(first);
  t.true(state === 'unknown' || state === 'delivered', state);
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['first', 'second'],
  );
});

test('receipts that come before their answers are matched', async t => {
  const world = await startWorld(t, {more: fast, peers: {smsc: {latencyMs: 20}}});
  world.peers.smsc.faults.receipts.early = true;
  const messageId = await world.send({to, text: long});
  await world.reaches(messageId, 'delivered');
  await until('the receipt', () => world.peers.nexus.receipts.length === 1);
  t.is(world.peers.nexus.receipts.length, 1);
});

for (const notation of ['decimal', 'upper', 'padded'] as const) {
  test(`receipts with the id in another notation (${notation}), twice each, make one delivered text and one receipt`, async t => {
    const world = await startWorld(t, {more: fast, peers: {smsc: {newMessageId: createHexIds()}}});
    Object.assign(world.peers.smsc.faults.receipts, {notation, doubled: true, delayMs: 5});
    const ids = await Promise.all(
      ['one', 'two', long].map((text, index) => world.send({to: `${to.slice(0, -1)}${index}`, text})),
    );
    for (const id of ids) await world.reaches(id, 'delivered');
    await until('three receipts', () => world.peers.nexus.receipts.length >= 3);
    t.is(world.peers.nexus.receipts.length, 3);
  });
}

test('Delivered after a failure stays failed, and the contradiction is in the history', async t => {
  const world = await startWorld(t, {more: fast, peers: {smsc: {receipts: 'failed'}}});
  const {smsc, nexus} = world.peers;
  const messageId = await world.send({to, text: 'hello'});
  const {segments} = await world.reaches(messageId, 'failed');
  const id = segments[0]?.carrierMessageId;
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611202329 done date:2611202330 stat:DELIVRD err:000`;
  const receipt = {source: to.slice(1), destination: made.smppChannel, esmClass: 4, shortMessage: Buffer.from(text)};
  t.is(await smsc.deliver(receipt), 0);
  const record = await world.message(messageId);
  t.is(record.state, 'failed');
  t.true(record.events.some(({event}) => event === 'conflict'));
  await until('one receipt', () => nexus.receipts.length === 1);
  t.like(nexus.receipts[0]?.messages[0], {status: 'Failed'});
});

test('an SMSC that repeats a text from a phone whose answer was lost makes one message', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  const mo = {source: '14155550123', destination: made.smppChannel, shortMessage: Buffer.from('once')};
  t.deepEqual(await Promise.all([smsc.deliver(mo), smsc.deliver(mo)]), [0, 0]);
  await until('the post', () => nexus.messages.length === 1);
  const {body} = await world.api('/api/messages?direction=inbound');
  t.is((body.messages as unknown[]).length, 1);
});

test('a long text from a phone arrives whole, out of order and with a part doubled', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  const part = (number: number, text: string) => ({
    source: '14155550123',
    destination: made.smppChannel,
    esmClass: 0x40,
    shortMessage: Buffer.concat([Buffer.from([5, 0, 3, 77, 3, number]), Buffer.from(text)]),
  });
  for (const [number, text] of [
    [3, 'three'],
    [1, 'one '],
    [3, 'three'],
    [2, 'two '],
  ] as const) {
    t.is(await smsc.deliver(part(number, text)), 0);
  }
  const post = await until('the post', () => nexus.messages[0]);
  t.like(post.messages[0], {text: 'one two three'});
  t.is(nexus.messages.length, 1);
});

/** Ids with letters in them, so that hexadecimal and decimal differ. */
function createHexIds(): () => string {
  let last = 0xabcdef00;
  return () => {
    last += 1;
    return last.toString(16);
  };
}
