import test, {type ExecutionContext} from 'ava';
import {made} from '../../src/sandbox/peers.ts';
import {startCollector, type ToldSpan} from '../helpers/collector.ts';
import {until} from '../helpers/until.ts';
import {startWorld, type World} from '../helpers/world.ts';

const to = '+14155550123';
const traceId = '463ac35c9f6413ad48485a3953bb6124';
const callerSpan = 'a2fb4a1d1a96d312';
const whole = ['webhook', 'store', 'send', 'receipt', 'post'];

async function start(t: ExecutionContext, settings = '') {
  const collector = await startCollector(t);
  const traces = `traces: {endpoint: "${collector.endpoint}", every: 50ms${settings}}`;
  const world = await startWorld(t, {more: {top: traces, smsc: '    messagesPerSecond: 500'}});
  return {collector, world};
}

async function write(world: World, headers: Record<string, string>, text = 'hello there'): Promise<string> {
  const given = {channelId: made.smppChannel, to, text, traceId, headers};
  const {status, body} = await world.peers.nexus.sendText({webhookUrl: world.webhookUrl(), ...given});
  if (status !== 200) throw new Error(`webhook: ${status}`);
  return (body as {messageId: string}).messageId;
}

function find(spans: readonly ToldSpan[], name: string): ToldSpan {
  const found = spans.find(span => span.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
}

test('a text is one trace from its webhook to the post of its receipt, below its caller’s span and above Nexus’', async t => {
  const {collector, world} = await start(t);
  const messageId = await write(world, {'x-b3-spanid': callerSpan, 'x-b3-sampled': '1'});
  const spans = await collector.trace(traceId, whole);
  t.deepEqual(spans.map(({name}) => name).sort(), [...whole].sort());
  const webhook = find(spans, 'webhook');
  t.is(webhook.parentSpanId, callerSpan);
  for (const name of whole.slice(1)) t.is(find(spans, name).parentSpanId, webhook.spanId, name);
  for (const span of spans) t.is(span.attributes['nexus_gateway.message_id'], messageId, span.name);
  t.like(find(spans, 'send').attributes, {
    'nexus_gateway.carrier': 'smsc-a',
    'nexus_gateway.channel': made.smppChannel,
    'nexus_gateway.segment': '0',
    'nexus_gateway.attempt': '1',
    'nexus_gateway.outcome': 'taken',
  });
  const [receipt] = world.peers.nexus.receipts;
  t.like(receipt?.headers, {
    'x-b3-traceid': traceId,
    'x-b3-spanid': find(spans, 'post').spanId,
    'x-b3-sampled': '1',
  });
  for (const {name, startTimeUnixNano, endTimeUnixNano} of spans)
    t.true(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano), name);
  t.deepEqual([...new Set(collector.services)], ['nexus-async-gateway']);
});

test('every segment of a long text is a step of its own', async t => {
  const {collector, world} = await start(t);
  await write(world, {}, 'many words '.repeat(30));
  const spans = await collector.trace(traceId, whole);
  const segments = spans.filter(({name}) => name === 'send').map(span => span.attributes['nexus_gateway.segment']);
  t.deepEqual(segments, ['0', '1', '2']);
});

test('a text of a phone is a trace of its own', async t => {
  const {collector, world} = await start(t);
  await world.peers.smsc.sendFromPhone({from: to.slice(1), to: made.smppChannel, text: 'from a phone'});
  const post = await until('the post', () => collector.spans.find(({name}) => name === 'post'));
  const spans = await collector.trace(post.traceId, ['inbound', 'store', 'post']);
  t.is(post.parentSpanId, find(spans, 'inbound').spanId);
  t.is(world.peers.nexus.messages[0]?.headers['x-b3-traceid'], post.traceId);
});

test('a trace goes on in the process that sends the text, when another one took it', async t => {
  const {collector, world} = await start(t);
  await world.api('/api/pause', {channel: made.smppChannel});
  await write(world, {});
  await collector.trace(traceId, ['webhook', 'store']);
  await world.restart();
  await world.api('/api/resume', {channel: made.smppChannel});
  const spans = await collector.trace(traceId, whole);
  t.is(find(spans, 'send').parentSpanId, find(spans, 'webhook').spanId);
});

test('what its caller does not want traced is told at no step, also after a restart', async t => {
  const {collector, world} = await start(t);
  await world.api('/api/pause', {channel: made.smppChannel});
  await write(world, {'x-b3-sampled': '0'});
  await world.restart();
  await world.api('/api/resume', {channel: made.smppChannel});
  const receipt = await until('the receipt', () => world.peers.nexus.receipts[0]);
  t.like(receipt.headers, {'x-b3-traceid': traceId, 'x-b3-sampled': '0'});
  await world.stopGateway();
  t.deepEqual(collector.spans, []);
});

test('of a share of none only what its caller wants is told', async t => {
  const {collector, world} = await start(t, ', share: 0');
  const other = await world.send({to, text: 'nobody asked for this'});
  await world.reaches(other, 'delivered');
  await write(world, {'x-b3-sampled': '1'});
  await collector.trace(traceId, whole);
  t.deepEqual([...new Set(collector.spans.map(span => span.traceId))], [traceId]);
});

test('what fails is an error of its trace, by its code alone', async t => {
  const {collector, world} = await start(t);
  world.peers.smsc.faults.next.push({status: 0x0b});
  const messageId = await write(world, {});
  await world.reaches(messageId, 'failed');
  const spans = await collector.trace(traceId, ['webhook', 'send', 'post']);
  t.deepEqual(find(spans, 'send').status, {code: 2, message: 'InvalidDestination'});
});

test('nothing is told, kept or added to a call where no traces were asked for', async t => {
  const world = await startWorld(t);
  const messageId = await write(world, {'x-b3-spanid': callerSpan, 'x-b3-sampled': '0'});
  const record = await world.reaches(messageId, 'delivered');
  const receipt = await until('the receipt', () => world.peers.nexus.receipts[0]);
  t.like(receipt.headers, {'x-b3-traceid': traceId, 'x-b3-spanid': undefined, 'x-b3-sampled': undefined});
  t.false(record.events.some(({event}) => event === 'headers'));
});
