import type {AddressInfo} from 'node:net';
import {createServer} from 'node:net';
import test from 'ava';
import type {Fault} from '../../../src/sandbox/nexus-faults.ts';
import {createEdge, toChannel, toInboundPost, toReceiptPost, withNexus} from './harness.ts';

const channel = '16504661149';

test('posts a text from a phone, signed over the bytes sent', async t => {
  const {peer, platform} = await withNexus(t);
  const outcome = await platform.post(toInboundPost({text: 'ça va? €'}));
  t.like(outcome, {kind: 'taken', detail: {status: 200}});
  const [post] = peer.messages;
  t.like(post, {channelId: channel, signatureOk: true, status: 200});
  t.like(post?.headers, {
    'content-type': 'application/json',
    'x-ccid': '45acae06-6b7c-4f97-9c76-471cb5c21bf7',
    'x-b3-traceid': '0af7651916cd43dd8448eb211c80319c',
    'x-api-key': undefined,
  });
  t.deepEqual(post?.body, {
    messages: [
      {
        id: 'in-1',
        channel: {
          id: channel,
          type: 'sms',
          messageId: 'in-1',
          from: {id: '14155550123', idType: 'Phone', nickname: '14155550123'},
          to: {id: channel, idType: 'Phone'},
          time: '2026-11-20T12:00:00.000Z',
        },
        type: 'Text',
        text: 'ça va? €',
        content: [],
        direction: 'Inbound',
      },
    ],
  });
});

test('posts a receipt to the receipt path, with the id the webhook was answered', async t => {
  const {peer, platform} = await withNexus(t);
  const reasons = [{code: 'InvalidDestination', message: '30005 Unknown destination handset'}] as const;
  t.like(await platform.post(toReceiptPost({status: 'Failed', reasons: [...reasons]})), {kind: 'taken'});
  t.deepEqual(peer.messages, []);
  t.like(peer.receipts[0], {signatureOk: true, status: 200});
  t.deepEqual(peer.receipts[0]?.messages, [
    {
      id: 'out-1',
      channel: {
        id: channel,
        type: 'sms',
        messageId: 'out-1',
        to: {id: '14155550123', idType: 'Phone'},
        from: {id: channel, idType: 'Phone'},
        time: '2026-11-20T12:00:00.000Z',
      },
      type: 'Receipt',
      status: 'Failed',
      isFinalReceipt: true,
      direction: 'Outbound',
      reasons,
    },
  ]);
});

test('settles a receipt nobody wants without a post', async t => {
  const {peer, platform} = await withNexus(t, {settings: {contract: {receiptStatuses: ['Failed']}}});
  t.like(await platform.post(toReceiptPost({status: 'Delivered'})), {kind: 'taken'});
  t.deepEqual(peer.receipts, []);
});

test('marks a text of which parts are missing', async t => {
  const {peer, platform} = await withNexus(t);
  await platform.post(toInboundPost({text: 'Hel', missingParts: 1}));
  t.like(peer.messages[0]?.messages[0], {text: 'Hel\n[part of this message is missing]'});
});

test('writes short codes and names as they are', async t => {
  const {peer, platform} = await withNexus(t);
  await platform.post(toInboundPost({from: '12345'}));
  await platform.post(toInboundPost({from: 'ACME'}));
  t.like(peer.messages[0]?.messages[0], {channel: {from: {id: '12345'}}});
  t.like(peer.messages[1]?.messages[0], {channel: {from: {id: 'ACME'}}});
});

test('escapes a channel id in the path', async t => {
  const {peer, platform} = await withNexus(t, {channels: [toChannel('a b/c')]});
  const post = {...toInboundPost(), channel: 'a b/c'};
  t.like(await platform.post(post), {kind: 'taken'});
  t.is(peer.messages[0]?.channelId, 'a b/c');
});

const answers = test.macro({
  async exec(t, status: number, expected: object, fault: Fault = {}) {
    const {peer, platform} = await withNexus(t);
    peer.fault({status, ...fault});
    const outcome = await platform.post(toInboundPost({text: 'my secret words'}));
    t.like(outcome, expected);
    t.like(outcome, {detail: {status}});
    t.notRegex(JSON.stringify(outcome), /secret words|4155550123|api-1650/);
  },
  title: (title, status) => `takes ${status} for ${title}`,
});

test('taken', answers, 201, {kind: 'taken'});
test('taken without a body', answers, 204, {kind: 'taken'}, {body: ''});
for (const status of [408, 425, 500, 502, 503, 504]) {
  test('something that passes', answers, status, {kind: 'unavailable', scope: 'message'});
}
test(
  'something that passes, and waits',
  answers,
  429,
  {kind: 'unavailable', scope: 'message', retryAfterMs: 7000, reason: {code: 'RateLimited'}},
  {headers: {'retry-after': '7'}},
);
test(
  'a wait until a date',
  answers,
  503,
  {retryAfterMs: 90_000},
  {headers: {'retry-after': 'Fri, 20 Nov 2026 12:01:30 GMT'}},
);
test(
  'no wait when the date is over',
  answers,
  503,
  {retryAfterMs: 0},
  {headers: {'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT'}},
);
test('no wait when it is unreadable', answers, 503, {retryAfterMs: undefined}, {headers: {'retry-after': 'soon'}});
for (const status of [401, 403, 404, 405, 302]) {
  test('a setting somebody must mend', answers, status, {kind: 'unavailable', scope: 'queue'});
}
for (const status of [400, 409, 413, 415, 422]) {
  test('a refusal', answers, status, {kind: 'refused', scope: 'message'});
}
test(
  'a refusal in words, without the text and with the phone masked',
  answers,
  400,
  {kind: 'refused', detail: {code: '1234', answer: 'no such phone: +1415555****'}},
  {body: {status: {code: 1234, message: 'no such phone: +14155550123'}}},
);
test(
  'a refusal that quotes the text',
  answers,
  400,
  {detail: {answer: undefined}},
  {body: {status: {message: 'bad text: my secret words'}}},
);
test('an answer that is no JSON', answers, 502, {kind: 'unavailable'}, {body: '<html>Bad gateway</html>'});
test('an answer without end', answers, 500, {kind: 'unavailable'}, {body: 'x'.repeat(1_000_000)});

test('names the id Nexus gave', async t => {
  const {peer, platform} = await withNexus(t);
  peer.fault({status: 200, body: {status: {code: 0}, data: {ids: ['n-1']}}});
  t.like(await platform.post(toInboundPost()), {kind: 'taken', detail: {platformMessageId: 'n-1'}});
});

const signsAgain = test.macro({
  async exec(t, wrongSignature: 401 | 403) {
    const {peer, platform} = await withNexus(t, {
      channels: [toChannel(channel, {apiSecrets: ['new', 'api-16504661149', 'never']})],
      variant: {wrongSignature},
    });
    const statuses = () => peer.messages.map(({status}) => status);
    t.like(await platform.post(toInboundPost()), {kind: 'taken'});
    t.deepEqual(statuses(), [wrongSignature, 200]);
    peer.setSecrets(channel, {apiSecret: 'new'});
    await platform.post(toInboundPost());
    t.deepEqual(statuses(), [wrongSignature, 200, 200]);
    peer.setSecrets(channel, {apiSecret: 'another'});
    t.like(await platform.post(toInboundPost()), {kind: 'unavailable', scope: 'queue'});
    t.deepEqual(statuses(), [wrongSignature, 200, 200, wrongSignature, wrongSignature, wrongSignature]);
  },
  title: (_, wrongSignature) => `signs with the next secret on ${wrongSignature}, once for each`,
});
test(signsAgain, 401);
test(signsAgain, 403);

const namesRight = test.macro({
  async exec(t, apiSecrets: string[]) {
    const {peer, platform} = await withNexus(t, {
      channels: [toChannel(channel, {apiSecrets})],
      variant: {apiKey: 'b2d1e7c4'},
    });
    t.like(await platform.post(toInboundPost()), {kind: 'unavailable', detail: {status: 403}});
    t.deepEqual(peer.messages.map(({status}) => status).toSorted(), [401, 403]);
  },
  title: (_, apiSecrets: string[]) => `tells what else is refused where one secret is right: ${apiSecrets.join(', ')}`,
});
test(namesRight, ['api-16504661149', 'old']);
test(namesRight, ['new', 'api-16504661149']);

test('does not know what became of a post that got no answer', async t => {
  const {peer, platform} = await withNexus(t);
  peer.fault({drop: 'after', times: 1});
  t.like(await platform.post(toInboundPost()), {
    kind: 'unknown',
    reason: {message: 'no answer from Nexus: UND_ERR_SOCKET'},
  });
  t.like(peer.messages[0], {accepted: true, status: 0});
  t.like(await platform.post(toInboundPost()), {kind: 'taken'});
});

test('does not know what became of a post whose answer takes too long', async t => {
  const {peer, platform} = await withNexus(t, {settings: {timeout: '1s'}});
  // The connection stands: what is posted next has left when its time is over.
  t.like(await platform.post(toInboundPost()), {kind: 'taken'});
  peer.fault({hang: true});
  t.like(await platform.post(toInboundPost()), {kind: 'unknown'});
});

test('knows that nothing was posted when nobody listens', async t => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  const [platform] = createEdge({url: `http://127.0.0.1:${port}`}).platforms;
  t.teardown(() => platform?.stop());
  t.like(await platform?.post(toInboundPost()), {
    kind: 'unavailable',
    scope: 'message',
    reason: {message: 'Nexus can’t be reached: ECONNREFUSED'},
  });
});

test('counts an answer whose body breaks off', async t => {
  const server = createServer(socket => {
    socket
      .on('error', () => undefined)
      .once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"mess'));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const [platform] = createEdge({url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`}).platforms;
  t.teardown(async () => {
    await platform?.stop();
    await new Promise(resolve => server.close(resolve));
  });
  t.like(await platform?.post(toInboundPost()), {kind: 'taken'});
});

test('parks what belongs to a channel that is gone', async t => {
  const {peer, platform} = await withNexus(t);
  t.like(await platform.post({...toInboundPost(), channel: '19995550000'}), {kind: 'unavailable', scope: 'queue'});
  t.deepEqual(peer.messages, []);
});

const adapts = test.macro({
  async exec(t, settings: Record<string, unknown>, variant: Parameters<typeof withNexus>[1] = {}) {
    const {peer, platform} = await withNexus(t, {settings: {contract: settings}, ...variant});
    t.like(await platform.post(toInboundPost()), {kind: 'taken'});
    t.like(await platform.post(toReceiptPost()), {kind: 'taken'});
    t.is(peer.messages.length, 1);
    t.is(peer.receipts.length, 1);
  },
  title: (title = '') => `adapts to ${title}`,
});

test(
  'other paths',
  adapts,
  {basePath: '/api', inboundPath: '/channels/{channelId}/message', receiptPath: '/channels/{channelId}/receipt'},
  {
    variant: {
      basePath: '/api',
      messagePath: '/channels/{channelId}/message',
      receiptPath: '/channels/{channelId}/receipt',
    },
  },
);
test(
  'single messages',
  adapts,
  {inboundEnvelope: 'single', receiptEnvelope: 'single'},
  {variant: {messageEnvelope: 'single', receiptEnvelope: 'single'}},
);
test(
  'data around the body',
  adapts,
  {inboundEnvelope: 'data', receiptEnvelope: 'data'},
  {variant: {messageEnvelope: 'data', receiptEnvelope: 'data'}},
);
test(
  'data around one message',
  adapts,
  {inboundEnvelope: 'dataSingle', receiptEnvelope: 'dataSingle'},
  {variant: {messageEnvelope: 'dataSingle', receiptEnvelope: 'dataSingle'}},
);
test('receipts as messages', adapts, {receiptAsMessage: true}, {variant: {receiptAsMessage: true}});
test('the id in id alone', adapts, {messageIdIn: 'id'}, {variant: {messageIdIn: 'id'}});
test(
  'the id in channel.messageId alone',
  adapts,
  {messageIdIn: 'channel.messageId'},
  {variant: {messageIdIn: 'channel.messageId'}},
);
test('numbers with plus', adapts, {numberForm: 'e164'}, {variant: {numberForm: 'e164'}});
test('numbers without plus', adapts, {numberForm: 'digits'}, {variant: {numberForm: 'digits'}});
test('another spelling of the channel type', adapts, {channelType: 'SMS'}, {variant: {channelType: 'SMS'}});
test('an API key', adapts, {apiKey: 'b2d1e7c4'}, {variant: {apiKey: 'b2d1e7c4'}});

test('signatures in base64', adapts, {signatureEncoding: 'base64'}, {variant: {signatureEncoding: 'base64'}});

test('posts the receipts Nexus wants, where it wants only some', async t => {
  const {peer, platform} = await withNexus(t, {settings: {contract: {receiptStatuses: ['Delivered']}}});
  t.like(await platform.post(toReceiptPost({status: 'Delivered'})), {kind: 'taken'});
  t.like(peer.receipts[0]?.messages, [{status: 'Delivered', isFinalReceipt: true}]);
});

test('reads a stored body again', t => {
  const [platform] = createEdge({platforms: {acme: {contract: {places: {text: ['payload.words']}}}}}).platforms;
  t.like(platform?.read('{"to":"14155550123","payload":{"words":"at last"}}', channel), {
    readable: true,
    texts: [{text: 'at last'}],
  });
  t.like(platform?.read('{}', channel), {readable: false});
});

test('posts a thousand texts over twenty connections, each once', async t => {
  const {peer, platform} = await withNexus(t, {settings: {connections: 20}});
  const outcomes = await Promise.all(
    Array.from({length: 1000}, (_, index) => platform.post(toInboundPost({messageId: `in-${index}`}))),
  );
  t.true(outcomes.every(({kind}) => kind === 'taken'));
  t.is(new Set(peer.messages.map(({messages}) => JSON.stringify(messages))).size, 1000);
});
