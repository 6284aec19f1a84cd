import {createHmac} from 'node:crypto';
import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {createPretendNexus, type NexusPost, type PretendNexusOptions} from '../../src/sandbox/nexus.ts';

const ccid = '45acae06-6b7c-4f97-9c76-471cb5c21bf7';
const channelId = '16504661149';
const apiSecret = 'api secret';
const webhookSecret = 'webhook secret';

async function withNexus(t: ExecutionContext, options: Partial<PretendNexusOptions> = {}) {
  const peer = await createPretendNexus({ccid, channels: [{channelId, webhookSecret, apiSecret}], ...options});
  t.teardown(peer.stop);
  return peer;
}

const message = {
  id: 'in-1',
  channel: {
    id: channelId,
    type: 'sms',
    messageId: 'in-1',
    from: {id: '14155550123'},
    to: {id: channelId},
    time: '2026-11-20T12:00:00.000Z',
  },
  type: 'Text',
  text: 'Hello',
  direction: 'Inbound',
};
const receipt = {
  ...message,
  channel: {...message.channel, to: {id: '14155550123'}},
  type: 'Receipt',
  status: 'Delivered',
};

interface Post {
  path?: string;
  method?: string;
  body?: unknown;
  secret?: string;
  headers?: Record<string, string>;
}

async function post(
  url: string,
  {
    path = `/channels/${channelId}/messages`,
    method = 'POST',
    body = {messages: [message]},
    secret = apiSecret,
    headers = {},
  }: Post = {},
) {
  const raw = JSON.stringify(body);
  const signature = `sha1=${createHmac('sha1', secret).update(raw).digest('hex')}`;
  const answer = await fetch(`${url}/nexus/v3${path}`, {
    method,
    headers: {'content-type': 'application/json', 'x-hub-signature': signature, 'x-ccid': ccid, ...headers},
    ...(method === 'GET' ? {} : {body: raw}),
  });
  return {status: answer.status, body: (await answer.json()) as {status: {code: number}}};
}

test('takes a signed text and keeps it', async t => {
  const seen: NexusPost[] = [];
  const peer = await withNexus(t, {onEvent: event => void seen.push(event)});
  const answer = await post(peer.url);
  t.like(answer, {status: 200, body: {status: {code: 0}}});
  t.like(peer.messages, [{channelId, signatureOk: true, status: 200, accepted: true, messages: [{text: 'Hello'}]}]);
  t.deepEqual(seen, peer.messages);
});

test('takes a signed receipt and keeps it apart', async t => {
  const peer = await withNexus(t);
  t.is((await post(peer.url, {path: `/channels/${channelId}/receipts`, body: {messages: [receipt]}})).status, 200);
  t.like(peer.receipts, [{status: 200, messages: [{status: 'Delivered'}]}]);
  t.deepEqual(peer.messages, []);
});

const refuses = test.macro({
  async exec(t, status: number, request: Post, options: Partial<PretendNexusOptions> = {}) {
    const peer = await withNexus(t, options);
    t.like(await post(peer.url, request), {status, body: {status: {code: status}}});
    t.true(
      [...peer.messages, ...peer.receipts].every(({accepted, status: answered}) => !accepted && answered === status),
    );
  },
  title: (title, status) => `answers ${status} to ${title}`,
});

test('another path', refuses, 404, {path: `/channels/${channelId}/other`});
test('an unknown channel', refuses, 404, {path: '/channels/1/messages'});
test('another method', refuses, 405, {method: 'GET'});
test('a wrong signature', refuses, 401, {secret: 'wrong'});
test('an absent signature', refuses, 401, {headers: {'x-hub-signature': ''}});
test('another contact centre', refuses, 403, {headers: {'x-ccid': 'other'}});
test('a body without messages', refuses, 400, {body: {}});
test('a message without id', refuses, 400, {
  body: {messages: [{...message, id: undefined, channel: {...message.channel, messageId: undefined}}]},
});
test('a message without text', refuses, 400, {body: {messages: [{...message, text: undefined}]}});
test('a status it does not know', refuses, 400, {
  path: `/channels/${channelId}/receipts`,
  body: {messages: [{...receipt, status: 'Gone'}]},
});
test('a missing API key', refuses, 403, {}, {variant: {apiKey: 'k'}});
test('the path of another variant', refuses, 404, {}, {variant: {messagePath: '/channels/{channelId}/message'}});
test('another envelope', refuses, 400, {}, {variant: {messageEnvelope: 'single'}});
test('digits where it wants a plus', refuses, 400, {}, {variant: {numberForm: 'e164'}});
test('another channel type', refuses, 400, {}, {variant: {channelType: 'SMS'}});
test(
  'the id in another place',
  refuses,
  400,
  {body: {messages: [{...message, id: undefined}]}},
  {variant: {messageIdIn: 'id'}},
);

test('opens a chat for a receipt that comes to the message path', async t => {
  const peer = await withNexus(t);
  t.is((await post(peer.url, {body: {messages: [receipt]}})).status, 200);
  t.is(peer.messages.length, 1);
  t.is(peer.receipts.length, 0);
});

test('takes receipts on the message path where it is that variant', async t => {
  const peer = await withNexus(t, {variant: {receiptAsMessage: true}});
  await post(peer.url, {body: {messages: [receipt]}});
  t.is(peer.messages.length, 0);
  t.is(peer.receipts.length, 1);
});

const file = Buffer.from([0xff, 0xd8, 13, 10, 0]);

function toForm({filename = 'a.jpg', type = 'image/jpeg', bytes = file} = {}) {
  const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--b--\r\n')]);
}

async function upload(url: string, form: Buffer, signed: Uint8Array = form) {
  const signature = `sha1=${createHmac('sha1', apiSecret).update(signed).digest('hex')}`;
  const answer = await fetch(`${url}/nexus/v3/channels/${channelId}/media`, {
    method: 'POST',
    headers: {'content-type': 'multipart/form-data; boundary=b', 'x-hub-signature': signature, 'x-ccid': ccid},
    body: new Uint8Array(form),
  });
  return {status: answer.status, body: (await answer.json()) as {data?: {url: string}}};
}

test('takes a file and gives it back by its reference', async t => {
  const peer = await withNexus(t);
  const {status, body} = await upload(peer.url, toForm());
  t.is(status, 200);
  t.like(body, {data: {filename: 'a.jpg', mimetype: 'image/jpeg', length: 5}});
  t.deepEqual(peer.file(body.data?.url ?? ''), {bytes: file, contentType: 'image/jpeg', filename: 'a.jpg'});
  t.like(peer.media, [{signatureOk: true, accepted: true}]);
});

const refusesFile = test.macro({
  async exec(t, status: number, form: Buffer, options: Partial<PretendNexusOptions> = {}, signed: Uint8Array = form) {
    const peer = await withNexus(t, options);
    t.is((await upload(peer.url, form, signed)).status, status);
  },
  title: (title, status) => `answers ${status} to ${title}`,
});

test('a form without a file', refusesFile, 400, Buffer.from('--b--'));
test('a type it does not take', refusesFile, 400, toForm({type: 'text/html'}));
test('a file that is too large', refusesFile, 413, toForm(), {variant: {maxMediaBytes: 4}});
test('a signature over the file', refusesFile, 401, toForm(), {}, file);
test(
  'a signature over the file where it wants that',
  refusesFile,
  200,
  toForm(),
  {variant: {mediaSignature: 'file'}},
  file,
);
test('a signature over the body where it wants one over the file', refusesFile, 401, toForm(), {
  variant: {mediaSignature: 'file'},
});

test('gives out files to signed calls, where it is that variant', async t => {
  const downloadPath = '/channels/{channelId}/media/{mediaId}';
  const [giving, keeping] = [await withNexus(t, {variant: {downloadPath}}), await withNexus(t)];
  const fetchFile = async (peer: typeof giving, secret: string) => {
    const mediaId = peer.addFile({bytes: file, contentType: 'image/jpeg', filename: 'a.jpg'}).split('/').at(-1);
    const signature = `sha1=${createHmac('sha1', secret).update('').digest('hex')}`;
    const url = `${peer.url}/nexus/v3/channels/${channelId}/media/${mediaId}`;
    const answer = await fetch(url, {headers: {'x-hub-signature': signature, 'x-ccid': ccid}});
    return {status: answer.status, bytes: Buffer.from(await answer.arrayBuffer())};
  };
  t.deepEqual(await fetchFile(giving, apiSecret), {status: 200, bytes: file});
  t.is((await fetchFile(giving, 'wrong')).status, 404);
  t.is((await fetchFile(keeping, apiSecret)).status, 404);
});

test('misbehaves as often as it was told', async t => {
  const peer = await withNexus(t);
  peer.fault({kind: 'messages', status: 503, times: 2, headers: {'retry-after': '1'}});
  const statuses = [await post(peer.url), await post(peer.url), await post(peer.url)].map(({status}) => status);
  t.deepEqual(statuses, [503, 503, 200]);
  t.deepEqual(
    peer.messages.map(({accepted}) => accepted),
    [false, false, true],
  );
});

test('misbehaves until it is told otherwise, on the channel and kind it was told', async t => {
  const peer = await withNexus(t);
  const clear = peer.fault({kind: 'receipts', channelId, status: 404});
  const sendReceipt = () => post(peer.url, {path: `/channels/${channelId}/receipts`, body: {messages: [receipt]}});
  t.is((await post(peer.url)).status, 200);
  t.is((await sendReceipt()).status, 404);
  clear();
  t.is((await sendReceipt()).status, 200);
  peer.fault({status: 500});
  peer.clearFaults();
  t.is((await sendReceipt()).status, 200);
});

const drops = test.macro({
  async exec(t, drop: 'before' | 'after', accepted: boolean) {
    const peer = await withNexus(t);
    peer.fault({drop, times: 1});
    await t.throwsAsync(post(peer.url));
    t.like(peer.messages, [{status: 0, accepted}]);
  },
  title: (_, drop) => `drops a connection ${drop} it took the post`,
});

test(drops, 'before', false);
test(drops, 'after', true);

test('takes new secrets', async t => {
  const peer = await withNexus(t);
  peer.setSecrets(channelId, {apiSecret: 'new'});
  t.is((await post(peer.url)).status, 401);
  t.is((await post(peer.url, {secret: 'new'})).status, 200);
  t.throws(() => peer.setSecrets('1', {}), {message: /no channel 1/});
});

test('calls the webhook as Nexus does', async t => {
  const {url, calls} = await withWebhook(t);
  const peer = await withNexus(t);
  const answer = await peer.sendText({webhookUrl: url, channelId, to: '+14155550123', text: 'Hello', id: 'm-1'});
  t.like(answer, {status: 200, body: {messageId: 'out-1'}});
  const [call] = calls;
  t.is(
    call?.headers['x-hub-signature'],
    `sha1=${createHmac('sha1', webhookSecret)
      .update(call?.raw ?? '')
      .digest('hex')}`,
  );
  t.regex(String(call?.headers['x-b3-traceid']), /^[\da-f]{32}$/);
  t.like(JSON.parse(call?.raw ?? ''), {
    messages: [{id: 'm-1', type: 'Text', text: 'Hello', channel: {id: channelId, to: {id: '14155550123'}}}],
  });
});

test('calls the webhook with whatever it is told to', async t => {
  const {url, calls} = await withWebhook(t);
  const peer = await withNexus(t);
  await peer.sendText({
    webhookUrl: url,
    channelId,
    raw: 'no json',
    secret: 'other',
    headers: {'x-b3-traceid': '', 'x-extra': '1'},
  });
  await peer.sendText({webhookUrl: url, channelId, body: {any: 'thing'}});
  t.deepEqual(
    calls.map(({raw}) => raw),
    ['no json', '{"any":"thing"}'],
  );
  t.like(calls[0]?.headers, {'x-b3-traceid': undefined, 'x-extra': '1'});
  t.is(calls[0]?.headers['x-hub-signature'], `sha1=${createHmac('sha1', 'other').update('no json').digest('hex')}`);
});

test('delivers the same webhook again after a 5XX or no answer, as often as it is told', async t => {
  const {url, calls, answers} = await withWebhook(t);
  const peer = await withNexus(t);
  answers.push(503, 0);
  t.like(await peer.sendText({webhookUrl: url, channelId, to: '1', text: 'x', attempts: 5, retryMs: 1}), {status: 200});
  t.is(calls.length, 3);
  t.is(new Set(calls.map(({raw, headers}) => raw + headers['x-hub-signature'])).size, 1);
  answers.push(503, 503);
  t.like(await peer.sendText({webhookUrl: url, channelId, to: '1', text: 'x', attempts: 2, retryMs: 1}), {status: 503});
  answers.push(0);
  await t.throwsAsync(peer.sendText({webhookUrl: url, channelId, to: '1', text: 'x'}));
  answers.push(401);
  t.like(await peer.sendText({webhookUrl: url, channelId, to: '1', text: 'x', attempts: 5, retryMs: 1}), {status: 401});
  t.is(calls.length, 7);
});

async function withWebhook(t: ExecutionContext) {
  const calls: Array<{raw: string; headers: IncomingHttpHeaders}> = [];
  /** The statuses of the next answers, 0 for none; 200 after them. */
  const answers: number[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    calls.push({raw: Buffer.concat(chunks).toString('utf8'), headers: request.headers});
    response.statusCode = answers.shift() ?? 200;
    if (response.statusCode === 0) return void response.destroy();
    response.end(JSON.stringify({messageId: `out-${calls.length}`}));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`, calls, answers};
}
