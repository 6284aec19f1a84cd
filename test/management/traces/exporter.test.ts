import test, {type ExecutionContext} from 'ava';
import {Registry} from 'prom-client';
import type {LogFields} from '../../../src/core/log.ts';
import {createExporter, createSpanCounter, type ExporterSettings} from '../../../src/management/traces/exporter.ts';
import type {Span} from '../../../src/management/traces/otlp.ts';
import {createAuthority} from '../../helpers/certificate.ts';
import {startCollector} from '../../helpers/collector.ts';
import {until} from '../../helpers/until.ts';

function toSpan(index: number): Span {
  const traceId = index.toString(16).padStart(32, '0');
  const times = {startedAt: 1_795_000_000_000, endedAt: 1_795_000_000_001.5};
  return {traceId, spanId: '00000000000000aa', name: 'send', kind: 'client', ...times, attributes: {index}};
}

function start(t: ExecutionContext, settings: Partial<ExporterSettings> & {endpoint: string}) {
  const warned: Array<{event: string; fields: LogFields | undefined}> = [];
  const counter = createSpanCounter(new Registry());
  const log = {
    debug() {},
    info() {},
    warn: (event: string, fields?: LogFields) => void warned.push({event, fields}),
    error() {},
  };
  const defaults = {headers: {}, tls: {}, serviceName: 'gw', every: 20, timeout: 5000, maxWaiting: 1000};
  const exporter = createExporter({settings: {...defaults, ...settings}, log, counter});
  t.teardown(exporter.stop);
  const counted = async () => {
    const {values} = await counter.get();
    return Object.fromEntries(values.map(({labels, value}) => [labels.result, value]));
  };
  return {exporter, warned, counted};
}

test('spans go out in batches, with the headers that were given, and are counted', async t => {
  const collector = await startCollector(t);
  const {exporter, counted} = start(t, {endpoint: collector.endpoint, headers: {authorization: 'Bearer of-the-tests'}});
  for (let index = 1; index <= 700; index += 1) exporter.tell(toSpan(index));
  await until('all spans', () => collector.spans.length === 700);
  t.is(collector.bodies.length, 2);
  t.is(collector.headers[0]?.authorization, 'Bearer of-the-tests');
  t.deepEqual(collector.services, ['gw', 'gw']);
  t.like(collector.spans[0], {
    startTimeUnixNano: '1795000000000000000',
    endTimeUnixNano: '1795000000001500000',
    kind: 3,
  });
  t.like(await until('the count', async () => ((await counted()).told === 700 ? counted() : undefined)), {told: 700});
});

test('a batch that was not taken is told again, in its order', async t => {
  const collector = await startCollector(t);
  collector.answers.push({status: 503}, {status: 429});
  const {exporter, warned} = start(t, {endpoint: collector.endpoint});
  exporter.tell(toSpan(1));
  exporter.tell(toSpan(2));
  await until('both', () => collector.spans.length === 2);
  t.deepEqual(
    collector.spans.map(({traceId}) => Number.parseInt(traceId, 16)),
    [1, 2],
  );
  t.deepEqual(warned, [{event: 'traces.not_taken', fields: {why: 'answered 503', waiting: 2}}]);
});

test('what the collector refuses is counted and forgotten', async t => {
  const collector = await startCollector(t);
  collector.answers.push(
    {status: 400},
    {status: 200, body: {partialSuccess: {rejectedSpans: '1', errorMessage: 'no'}}},
  );
  const {exporter, counted, warned} = start(t, {endpoint: collector.endpoint});
  exporter.tell(toSpan(1));
  await until('the first', async () => (await counted()).refused === 1);
  exporter.tell(toSpan(2));
  exporter.tell(toSpan(3));
  await until('the second', async () => (await counted()).told === 1);
  t.deepEqual(await counted(), {refused: 2, told: 1});
  t.is(warned.length, 1);
});

test('no more than the bound waits for a collector that is not there; the rest is dropped and counted', async t => {
  const {exporter, counted, warned} = start(t, {endpoint: 'http://127.0.0.1:1/v1/traces', maxWaiting: 3});
  for (let index = 1; index <= 10; index += 1) exporter.tell(toSpan(index));
  t.is((await counted()).dropped, 7);
  await until('a complaint', () => warned.length > 0);
  await exporter.stop();
  t.is((await counted()).dropped, 10);
  t.is(warned.length, 1);
});

test('what waits when the gateway stops is told first', async t => {
  const collector = await startCollector(t);
  const {exporter} = start(t, {endpoint: collector.endpoint, every: 60_000});
  exporter.tell(toSpan(1));
  await exporter.stop();
  t.is(collector.spans.length, 1);
});

test('a collector that never answers is given up after the time it may take', async t => {
  const collector = await startCollector(t);
  collector.answers.push({status: 0});
  const {exporter, warned} = start(t, {endpoint: collector.endpoint, timeout: 1000});
  exporter.tell(toSpan(1));
  await until('the span', () => collector.spans.length === 1);
  t.like(warned[0], {event: 'traces.not_taken', fields: {why: 'TimeoutError'}});
});

test('a collector that wants a rest gets it, and the last words all the same', async t => {
  const collector = await startCollector(t);
  collector.answers.push({status: 503, headers: {'retry-after': '3600'}});
  const {exporter, warned} = start(t, {endpoint: collector.endpoint});
  exporter.tell(toSpan(1));
  await until('a complaint', () => warned.length > 0);
  exporter.tell(toSpan(2));
  await exporter.stop();
  t.is(collector.bodies.length, 2);
  t.is(collector.spans.length, 2);
});

test('a collector with a certificate of our own authority is told, and shown ours', async t => {
  const authority = createAuthority();
  const server = authority.issue('collector', ['127.0.0.1']);
  const client = authority.issue('gateway');
  const collector = await startCollector(t, {...server, ca: authority.cert});
  const {exporter} = start(t, {endpoint: collector.endpoint, tls: {ca: authority.cert, ...client}});
  exporter.tell(toSpan(1));
  await until('the span', () => collector.spans.length === 1);
  const {exporter: stranger, warned} = start(t, {endpoint: collector.endpoint});
  stranger.tell(toSpan(2));
  await until('a complaint', () => warned.length > 0);
  t.regex(String(warned[0]?.fields?.why), /CERT|SELF_SIGNED|ISSUER/);
  await stranger.stop();
  t.is(collector.spans.length, 1);
});
