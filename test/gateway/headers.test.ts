import {createServer, type IncomingHttpHeaders, request as sendRequest} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const to = '+14155550123';
const nexus =
  '    headers: {require: [{name: x-proof, value: [old-proof, new-proof]}], capture: [X-Campaign, x-agent]}';
const proof = {'x-proof': 'new-proof'};

function start(t: ExecutionContext, more: object = {}, edit?: (file: string) => string): Promise<World> {
  const smsc = '    messagesPerSecond: 500\n    headerTlvs: {x-campaign: "0x1403"}';
  return startWorld(t, {more: {nexus, smsc, ...more}, ...(edit === undefined ? {} : {edit})});
}

function write(world: World, channel: string, headers: Record<string, string>, text = 'hello') {
  return world.peers.nexus.sendText({webhookUrl: world.webhookUrl(channel), channelId: channel, to, text, headers});
}

async function send(world: World, channel: string, headers: Record<string, string>, text?: string): Promise<string> {
  const {status, body} = await write(world, channel, {...proof, ...headers}, text);
  if (status !== 200) throw new Error(`webhook: ${status}`);
  return (body as {messageId: string}).messageId;
}

test('captured headers go to the SMSC as TLVs, back to Nexus with the receipt, and into the history; secrets nowhere', async t => {
  const world = await start(t);
  const messageId = await send(world, made.smppChannel, {'x-campaign': 'hex:41', 'x-agent': 'ann', 'x-other': 'no'});
  const record = await world.reaches(messageId, 'delivered');
  const [submit] = world.peers.smsc.submits;
  t.is(String(submit?.message.tlvs.get(0x1403)), 'hex:41');
  const receipt = await until('the receipt', () => world.peers.nexus.receipts[0]);
  t.like(receipt.headers, {'x-campaign': 'hex:41', 'x-agent': 'ann', 'x-other': undefined, 'x-proof': undefined});
  t.deepEqual(record.events.find(({event}) => event === 'headers')?.detail, {'x-campaign': 'hex:41', 'x-agent': 'ann'});
  t.true(world.lines.every(line => !line.includes('new-proof')));
});

test('captured headers go to Twilio as parameters of the status callback, and nothing in a value breaks out of its own', async t => {
  const world = await start(t);
  const value = 'a&mid=forged#x=1 ?%26 "';
  const messageId = await send(world, made.twilioChannel, {'x-campaign': value});
  await world.reaches(messageId, 'delivered');
  const [message] = world.peers.twilio.messages;
  const callback = new URL(message?.StatusCallback ?? '');
  t.deepEqual([...callback.searchParams.keys()], ['mid', 'attempt', 'h-x-campaign']);
  t.is(callback.searchParams.get('mid'), messageId);
  t.is(callback.searchParams.get('h-x-campaign'), value);
});

/** A proxy that notes the headers of what it hands on to `target`. */
async function startProxy(t: ExecutionContext) {
  const seen: Array<{method: string; headers: IncomingHttpHeaders}> = [];
  const proxy = {url: '', target: '', seen};
  const server = createServer((request, response) => {
    const {method = '', headers} = request;
    seen.push({method, headers});
    const onward = sendRequest(proxy.target + request.url, {method, headers}, answer =>
      answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)),
    );
    request.pipe(onward);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

async function startBeforeTwilio(t: ExecutionContext, twilio = '') {
  const proxy = await startProxy(t);
  const world = await start(t, {twilio: `${twilio}\n    recovery: {enabled: false}`}, file => {
    proxy.target = /apiUrl: (\S+)/.exec(file)?.[1] ?? '';
    return file.replace(`apiUrl: ${proxy.target}`, `apiUrl: ${proxy.url}`);
  });
  return {world, proxy};
}

test('captured headers are request headers too where a proxy before Twilio wants them', async t => {
  const {world, proxy} = await startBeforeTwilio(t, '    requestHeaders: true');
  await world.reaches(await send(world, made.twilioChannel, {'x-campaign': 'spring'}), 'delivered');
  const [first] = proxy.seen;
  t.like(first?.headers, {'x-campaign': 'spring', 'content-type': 'application/x-www-form-urlencoded'});
  t.true(String(first?.headers.authorization).startsWith('Basic '));
});

test('the trace id of a webhook goes with the calls to Twilio for its text, and captured headers do not', async t => {
  const {world, proxy} = await startBeforeTwilio(t);
  const traceId = '463ac35c9f6413ad48485a3953bb6124';
  await world.reaches(await send(world, made.twilioChannel, {'x-campaign': 'a', 'x-b3-traceid': traceId}), 'delivered');
  t.like(proxy.seen[0]?.headers, {'x-b3-traceid': traceId, 'x-campaign': undefined});
});

test('the trace id of a webhook stands in each line about its text, whoever does something with it', async t => {
  const traceId = '463ac35c9f6413ad48485a3953bb6125';
  const world = await start(t);
  const abroad = {
    webhookUrl: world.webhookUrl(),
    channelId: made.smppChannel,
    to: '+447700900123',
    text: 'far',
    traceId,
  };
  const {body} = await world.peers.nexus.sendText({...abroad, headers: proof});
  const {messageId: refused} = body as {messageId: string};
  await world.reaches(refused, 'failed');
  world.peers.smsc.faults.next = [{cut: true}];
  const messageId = await send(world, made.smppChannel, {'x-b3-traceid': traceId});
  await world.reaches(messageId, 'unknown');
  await world.api(`/api/messages/${messageId}/settle`, {as: 'failed'});
  await world.api(`/api/messages/${messageId}/replay`, {});
  await world.reaches(messageId, 'delivered');
  const lines = world.lines.map(line => JSON.parse(line)).filter(line => [refused, messageId].includes(line.messageId));
  const events = new Set(lines.map(({event}) => event));
  for (const event of ['guard.country', 'send.unknown', 'message.settled', 'message.replayed', 'receipt.posted'])
    t.true(events.has(event), event);
  t.deepEqual(
    lines.filter(line => line.traceId !== traceId),
    [],
  );
});

test('captured headers go back to Nexus when a file of the text is fetched there', async t => {
  const proxy = await startProxy(t);
  const downloadPath = '/channels/{channelId}/media/{mediaId}';
  const world = await startWorld(t, {
    peers: {nexus: {variant: {downloadPath}}},
    more: {nexus: `${nexus}\n    contract: {media: {download: true}}`},
    edit(file) {
      proxy.target = /type: nexus\s+url: (\S+)/.exec(file)?.[1] ?? '';
      return file.replace(`url: ${proxy.target}`, `url: ${proxy.url}`);
    },
  });
  const url = world.peers.nexus.addFile({bytes: Buffer.from('a picture'), contentType: 'image/png', filename: 'a.png'});
  const {body} = await world.peers.nexus.sendText({
    webhookUrl: world.webhookUrl(made.twilioChannel),
    channelId: made.twilioChannel,
    body: {messages: [{id: 'with-file', to, text: 'look', content: [{attachment: {url}}]}]},
    headers: {...proof, 'x-campaign': 'spring', 'x-other': 'no'},
  });
  await world.reaches((body as {messageId: string}).messageId, 'delivered');
  const [link = ''] = world.peers.twilio.messages[0]?.MediaUrl ?? [];
  t.is(await (await fetch(link)).text(), 'a picture');
  const fetched = proxy.seen.find(({method}) => method === 'GET');
  t.like(fetched?.headers, {'x-campaign': 'spring', 'x-other': undefined, 'x-proof': undefined});
});

test('a webhook without its required header, or with a wrong one, is refused and not stored; either of two values passes', async t => {
  const world = await start(t);
  t.is((await write(world, made.smppChannel, {})).status, 401);
  t.is((await write(world, made.smppChannel, {'x-proof': 'guessed'})).status, 401);
  t.is((await write(world, made.smppChannel, {'x-proof': 'old-proof'})).status, 200);
  t.is((await write(world, made.smppChannel, {'x-proof': 'new-proof'}, 'another')).status, 200);
  const {body} = await world.api('/api/messages');
  t.is((body.messages as unknown[]).length, 2);
});

test('what can’t be passed on is not a setting', async t => {
  for (const name of ['authorization', 'host', 'x-hub-signature', 'transfer-encoding', 'x-twilio-signature']) {
    const error = await t.throwsAsync(start(t, {nexus: `    headers: {capture: [${name}]}`}));
    t.regex(String(error?.message), /can’t be passed on/, name);
  }
});

test('a header’s value chooses the carrier and the priority', async t => {
  const rules = '    byHeader: [{header: X-Campaign, value: spring, carrier: twilio-main, priority: bulk}]';
  const second = '    carriers: [smsc-a, {carrier: twilio-main, address: "+16504661151"}]';
  const edit = (file: string) => file.replace('    carriers: [smsc-a]', second);
  const world = await start(t, {smppChannel: rules}, edit);
  const campaign = await world.reaches(await send(world, made.smppChannel, {'x-campaign': 'spring'}), 'delivered');
  t.like(campaign, {carrier: 'twilio-main', priority: 'bulk'});
  const agent = await world.reaches(await send(world, made.smppChannel, {'x-campaign': 'none'}, 'two'), 'delivered');
  t.like(agent, {carrier: 'smsc-a', priority: 'interactive'});
});

test('headers of a webhook nobody could read are there when it is replayed', async t => {
  const world = await start(t);
  const body = {messages: [{id: 'm1', whom: to, text: 'hello', type: 'Text'}]};
  const url = world.webhookUrl();
  const headers = {...proof, 'x-campaign': 'spring'};
  const answer = await world.peers.nexus.sendText({webhookUrl: url, channelId: made.smppChannel, body, headers});
  const {messageId} = answer.body as {messageId: string};
  await world.reaches(messageId, 'failed');
  await world.restart({
    nexus: `${nexus}\n    contract: {places: {to: [whom]}}`,
    smsc: '    headerTlvs: {x-campaign: "0x1403"}',
  });
  t.is((await world.api(`/api/messages/${messageId}/replay`, {})).status, 200);
  await world.reaches(messageId, 'delivered');
  t.is(String(world.peers.smsc.submits[0]?.message.tlvs.get(0x1403)), 'spring');
});
