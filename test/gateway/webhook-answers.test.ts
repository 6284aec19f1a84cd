import {createHmac} from 'node:crypto';
import test from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const more = {smsc: '    messagesPerSecond: 200'};

interface Call {
  path?: string;
  body: string | Uint8Array;
  signature?: string | undefined;
  secret?: string;
}

interface Answered {
  status: number;
  code: string | undefined;
  messageId: string | undefined;
  retryAfter: string | null;
}

async function call(world: World, {path, body, signature, secret = made.webhookSecret}: Call): Promise<Answered> {
  const bytes = Buffer.from(body);
  const right = `sha1=${createHmac('sha1', secret).update(bytes).digest('hex')}`;
  const header = signature === undefined ? right : signature;
  const response = await fetch(`${world.front.url}${path ?? `/nexus/webhook/acme/${made.smppChannel}`}`, {
    method: 'POST',
    headers: {'content-type': 'application/json', ...(header === '' ? {} : {'x-hub-signature': header})},
    body: bytes,
  });
  const answer = (await response.json()) as {messageId?: string; error?: {code: string; message: string}};
  const {error, messageId} = answer;
  return {status: response.status, code: error?.code, messageId, retryAfter: response.headers.get('retry-after')};
}

function body(text: unknown, channelId: string = made.smppChannel): string {
  const channel = {id: channelId, to: {id: '14155550123'}, from: {id: channelId}};
  return JSON.stringify({messages: [{id: `id ${String(text).length}`, type: 'Text', channel, text}]});
}

async function stored(world: World): Promise<number> {
  return ((await world.api('/api/messages?limit=100')).body.messages as unknown[]).length;
}

const good = body('hello');
const hex = createHmac('sha1', made.webhookSecret).update(good).digest('hex');

const refused: Array<[string, Call, number, string]> = [
  ['a wrong signature', {body: good, signature: `sha1=${'0'.repeat(40)}`}, 401, 'signature'],
  ['no signature', {body: good, signature: ''}, 401, 'signature'],
  ['a truncated signature', {body: good, signature: `sha1=${hex.slice(0, 39)}`}, 401, 'signature'],
  ['a signature without its algorithm', {body: good, signature: hex}, 401, 'signature'],
  ['a SHA-256 signature under the old name', {body: good, signature: `sha256=${'0'.repeat(64)}`}, 401, 'signature'],
  ['a signature by another key', {body: good, secret: 'another-secret'}, 401, 'signature'],
  ['a signature by an empty key', {body: good, secret: ''}, 401, 'signature'],
  ['an unknown channel', {body: good, path: '/nexus/webhook/acme/19995550000'}, 404, 'channel'],
  ['an unknown platform', {body: good, path: `/nexus/webhook/nobody/${made.smppChannel}`}, 404, 'channel'],
  ['invalid JSON, rightly signed', {body: '{"messages": ['}, 400, 'json'],
  ['an empty body, rightly signed', {body: ''}, 400, 'json'],
  ['invalid UTF-8, rightly signed', {body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])}, 400, 'json'],
  ['two mebibytes', {body: body('x'.repeat(2 * 1024 * 1024))}, 413, 'too_large'],
];

test('every refusal has its status, a code and a sentence, and nothing is stored', async t => {
  const world = await startWorld(t, {more});
  for (const [title, request, status, code] of refused) {
    const answer = await call(world, request).catch(error => ({status: 0, code: String(error)}));
    t.is(answer.status, status, title);
    t.true(answer.code?.includes(code), `${title}: ${answer.code}`);
  }
  t.is(await stored(world), 0);
  t.is(world.peers.smsc.submits.length, 0);
});

test('an upper-case signature is a right one', async t => {
  const world = await startWorld(t, {more});
  const answer = await call(world, {body: good, signature: `sha1=${hex.toUpperCase()}`});
  t.is(answer.status, 200);
});

test('the channel of the path decides, whatever the body names', async t => {
  const world = await startWorld(t, {more});
  const {status, messageId} = await call(world, {body: body('hello', made.twilioChannel)});
  t.is(status, 200);
  await world.reaches(messageId ?? '', 'delivered');
  t.is(world.peers.smsc.submits[0]?.source, made.smppChannel);
  t.is(world.peers.twilio.messages.length, 0);
});

test('without a channel in the path the body names it, and the secret that fits must be its own', async t => {
  const world = await startWorld(t, {more: {...more, twilioChannel: ''}});
  const {status, messageId} = await call(world, {path: '/', body: body('hello', made.twilioChannel)});
  t.is(status, 200);
  t.like(await world.message(messageId ?? ''), {from: `+${made.twilioChannel}`});
  const unknown = await call(world, {path: '/nexus/webhook', body: body('hello', '19995550000')});
  t.is(unknown.status, 401);
});

const kept: Array<[string, string | Uint8Array]> = [
  ['empty messages', '{"messages": []}'],
  ['no messages at all', '{"hello": "world"}'],
  ['a list', '[1]'],
  ['a number', '42'],
  ['null', 'null'],
  ['no recipient', '{"messages": [{"id": "1", "type": "Text", "text": "to nobody"}]}'],
  ['no content', '{"messages": [{"id": "2", "type": "Text", "channel": {"to": {"id": "14155550123"}}}]}'],
];

test('what is signed and JSON but says nothing we can send is kept as unreadable and answered 200', async t => {
  const world = await startWorld(t, {more});
  for (const [title, text] of kept) {
    const answer = await call(world, {body: text});
    t.is(answer.status, 200, title);
    t.regex(answer.messageId ?? '', /^[\w-]{1,64}$/, title);
  }
  const letters = (await world.api('/api/dead-letters?limit=100')).body.deadLetters as Array<{reason: string}>;
  t.is(letters.length, kept.length);
  t.true(letters.every(({reason}) => reason === 'unreadable'));
});

test('a byte-order mark, NUL and a lone surrogate do no harm', async t => {
  const world = await startWorld(t, {more});
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body('with a mark'))]);
  const odd = body('a\u0000b\ud800c');
  const ids = [await call(world, {body: marked}), await call(world, {body: odd})].map(({messageId}) => messageId ?? '');
  for (const id of ids) await world.reaches(id, 'delivered');
  await until('two phones', () => world.peers.smsc.phones.length === 2);
  t.deepEqual(world.peers.smsc.phones.map(({text}) => text).sort(), ['ab\ufffdc', 'with a mark']);
});

test('typing and the like are answered 200 and not stored', async t => {
  const world = await startWorld(t, {more});
  const event = {messages: [{type: 'Event', events: [{eventType: 'Typing'}], channel: {to: {id: '14155550123'}}}]};
  t.is((await call(world, {body: JSON.stringify(event)})).status, 200);
  t.is(await stored(world), 0);
});

test('the trace id of the webhook is in every log line and every call made for the message', async t => {
  const world = await startWorld(t, {more});
  const traceId = '463ac35c9f6413ad48485a3953bb6124';
  const {nexus} = world.peers;
  const webhookUrl = world.webhookUrl();
  const answer = await nexus.sendText({
    webhookUrl,
    channelId: made.smppChannel,
    to: '+14155550123',
    text: 'hello',
    traceId,
  });
  const {messageId} = answer.body as {messageId: string};
  await world.reaches(messageId, 'delivered');
  const post = await until('the receipt', () => nexus.receipts[0]);
  t.is(post.headers['x-b3-traceid'], traceId);
  await until('the last line', () => world.lines.some(line => line.includes('receipt.posted')));
  const lines = world.lines.filter(line => line.includes(messageId) && !line.includes('"level":"debug"'));
  t.true(lines.length >= 3);
  t.true(lines.every(line => line.includes(traceId)));
});

test('a webhook that could not be read at first is answered with the same id once it was read again', async t => {
  const world = await startWorld(t, {more});
  const odd = JSON.stringify({messages: [{id: 'odd', type: 'Text', whom: '14155550123', text: 'hello'}]});
  const {messageId = ''} = await call(world, {body: odd});
  await world.reaches(messageId, 'failed');
  await world.restart({...more, nexus: '    contract: {places: {to: [whom]}}'});
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  await world.reaches(messageId, 'delivered');
  t.like(await call(world, {body: odd}), {status: 200, messageId});
  t.is(world.peers.smsc.submits.length, 1);
});

test('so is one whose recipient is written with the prefix of its sender', async t => {
  const edit = (file: string) =>
    file.replace(`address: "+${made.twilioChannel}"`, `address: "whatsapp:+${made.twilioChannel}"`);
  const world = await startWorld(t, {more, edit});
  const odd = JSON.stringify({messages: [{id: 'odd', type: 'Text', whom: 'whatsapp:+14155550123', text: 'hello'}]});
  const path = `/nexus/webhook/acme/${made.twilioChannel}`;
  const {messageId = ''} = await call(world, {path, body: odd});
  await world.reaches(messageId, 'failed');
  await world.restart({...more, nexus: '    contract: {places: {to: [whom]}}'});
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  await world.reaches(messageId, 'delivered');
  t.like(await call(world, {path, body: odd}), {status: 200, messageId});
});

test('a webhook that was read before its unreadable twin is replayed keeps its own id', async t => {
  const world = await startWorld(t, {more});
  const odd = JSON.stringify({messages: [{id: 'odd', type: 'Text', whom: '14155550123', text: 'hello'}]});
  const {messageId: unread = ''} = await call(world, {body: odd});
  await world.reaches(unread, 'failed');
  await world.restart({...more, nexus: '    contract: {places: {to: [whom]}}'});
  const {messageId = ''} = await call(world, {body: odd});
  await world.reaches(messageId, 'delivered');
  t.not(messageId, unread);
  t.is((await world.api(`/api/messages/${unread}/replay`, {})).status, 200);
  t.like(await call(world, {body: odd}), {status: 200, messageId});
  t.is(world.peers.smsc.submits.length, 1);
});
