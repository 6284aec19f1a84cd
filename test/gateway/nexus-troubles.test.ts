import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

const fast = {smsc: '    messagesPerSecond: 200'};
const hourMs = 3_600_000;

function textsOf(posts: ReadonlyArray<{messages: unknown[]; accepted: boolean}>): string[] {
  return posts
    .filter(({accepted}) => accepted)
    .flatMap(({messages}) => messages.map(message => (message as {text: string}).text));
}

test('Nexus down for a while: everything is posted once it is back, in order', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  nexus.fault({status: 503});
  const texts = Array.from({length: 8}, (_, index) => `text ${index}`);
  for (const text of texts) await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text});
  const messageId = await world.send({to: '+14155550123', text: 'and one out'});
  await world.reaches(messageId, 'delivered');
  await until('a refused post of each kind', () => nexus.messages.length > 0 && nexus.receipts.length > 0);
  nexus.clearFaults();
  await until('all posts', () => textsOf(nexus.messages).length >= texts.length);
  t.deepEqual(textsOf(nexus.messages), texts);
  await until('the receipt', () => nexus.receipts.some(({accepted}) => accepted));
  t.is(nexus.receipts.filter(({accepted}) => accepted).length, 1);
});

test('a post without an answer is made again with the same id', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  nexus.fault({kind: 'messages', drop: 'after', times: 1});
  await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'hello'});
  await until('two posts', () => nexus.messages.length === 2);
  const ids = nexus.messages.flatMap(post => post.messages).map(message => (message as {id: string}).id);
  t.is(new Set(ids).size, 1);
});

for (const status of [401, 404]) {
  test(`Nexus answers ${status}: that kind is parked, the other goes on, a restart keeps it, and it resumes by itself`, async t => {
    let skippedMs = 0;
    const world = await startWorld(t, {more: fast, now: () => Date.now() + skippedMs});
    const {smsc, nexus} = world.peers;
    const mend = nexus.fault({kind: 'messages', status});
    const texts = ['one', 'two', 'three'];
    await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'one'});
    await until('the parking', async () => world.lines.some(line => line.includes('"queue.parked"')));
    for (const text of texts.slice(1)) await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text});
    const messageId = await world.send({to: '+14155550123', text: 'out'});
    await world.reaches(messageId, 'delivered');
    await until('the receipt', () => nexus.receipts.some(({accepted}) => accepted));
    const tries = nexus.messages.length;
    await world.restart();
    t.true(nexus.messages.length <= tries + 1, 'a restart tries one, not all of them');
    mend();
    skippedMs = 31_000;
    await until('all three', () => textsOf(nexus.messages).length === 3);
    t.deepEqual(textsOf(nexus.messages), texts);
    t.deepEqual((await world.api('/api/dead-letters')).body.deadLetters, []);
  });
}

test('Nexus refuses one message: a dead letter, which replay posts', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc, nexus} = world.peers;
  nexus.fault({kind: 'messages', status: 422, times: 1});
  await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'hello'});
  const [letter] = await until('the dead letter', async () => {
    const {deadLetters} = (await world.api('/api/dead-letters')).body as {deadLetters: Array<{messageId: string}>};
    return deadLetters.length > 0 ? deadLetters : undefined;
  });
  t.is((await world.message(letter?.messageId ?? '')).state, 'failed');
  t.is((await world.api(`/api/messages/${letter?.messageId}/replay`, {})).status, 200);
  await world.reaches(letter?.messageId ?? '', 'posted');
  t.deepEqual(textsOf(nexus.messages), ['hello']);
});

test('a receipt that comes two days after its text is posted again when Nexus fails once', async t => {
  let skippedMs = 0;
  const more = {...fast, smppChannel: '    withoutReceipt: failed'};
  const world = await startWorld(t, {more, peers: {smsc: {receipts: 'none'}}, now: () => Date.now() + skippedMs});
  const {nexus} = world.peers;
  const messageId = await world.send({to: '+14155550123', text: 'hello'});
  await world.reaches(messageId, 'sent');
  nexus.fault({kind: 'receipts', status: 503, times: 1});
  skippedMs = 49 * hourMs;
  await until('two posts', () => nexus.receipts.length === 2, 10_000);
  t.deepEqual(
    nexus.receipts.map(({accepted}) => accepted),
    [false, true],
  );
  t.deepEqual((await world.api('/api/dead-letters')).body.deadLetters, []);
});

test('what was parked for more than a day is posted again when Nexus fails once more', async t => {
  let skippedMs = 0;
  const world = await startWorld(t, {more: fast, now: () => Date.now() + skippedMs});
  const {smsc, nexus} = world.peers;
  const mend = nexus.fault({kind: 'messages', status: 401});
  await smsc.sendFromPhone({from: '14155550123', to: made.smppChannel, text: 'one'});
  await until('the parking', () => world.lines.some(line => line.includes('"queue.parked"')));
  await smsc.sendFromPhone({from: '14155550124', to: made.smppChannel, text: 'two'});
  const before = nexus.messages.length;
  mend();
  nexus.fault({kind: 'messages', status: 503, times: 1});
  skippedMs = 30 * hourMs;
  await until('the probe', () => nexus.messages.length > before);
  t.deepEqual(textsOf(nexus.messages), []);
  skippedMs += 31_000;
  await until('both', () => textsOf(nexus.messages).length === 2, 10_000);
  t.deepEqual((await world.api('/api/dead-letters')).body.deadLetters, []);
});

test('a redelivered webhook is answered alike and sent once; the same id with another text is another message', async t => {
  const world = await startWorld(t, {more: fast});
  const {smsc} = world.peers;
  const text = {to: '+14155550123', text: 'hello', id: 'nexus-1'};
  const ids = await Promise.all([world.send(text), world.send(text), world.send(text)]);
  t.is(new Set(ids).size, 1);
  const other = await world.send({...text, text: 'hello again'});
  t.not(other, ids[0]);
  await world.reaches(other, 'delivered');
  t.true((await world.message(other)).events.some(({event}) => event === 'id_reused'));
  t.deepEqual(
    smsc.phones.map(phone => phone.text),
    ['hello', 'hello again'],
  );
});

test('what came for no channel of ours is answered OK and shown as a dead letter', async t => {
  const world = await startWorld(t, {more: fast});
  t.deepEqual(
    await world.peers.smsc.sendFromPhone({from: '14155550123', to: '19995550000', text: 'wrong number'}),
    [0],
  );
  const {body} = await world.api('/api/dead-letters');
  t.like(body, {deadLetters: [{reason: 'unroutable'}]});
  t.is(world.peers.nexus.messages.length, 0);
});
