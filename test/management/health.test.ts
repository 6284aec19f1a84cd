import test from 'ava';
import {toSafeFields} from '../../src/log.ts';
import {createMetrics, createObservation} from '../../src/management/index.ts';
import {StoreUnavailable} from '../../src/store/store.ts';
import {ask, openManagement, readerToken} from '../helpers/management-port.ts';

test('is ready with its checks and carriers in the body', async t => {
  const {url} = await openManagement(t);
  const {status, body} = await ask(`${url}/health/ready`);
  t.is(status, 200);
  t.deepEqual(body, {
    status: 'ready',
    checks: {store: 'ok'},
    carriers: [{name: 'smsc-a', type: 'smpp', usable: true, state: 'bound'}],
  });
});

test('is 503 while not ready, and lives on', async t => {
  const {url} = await openManagement(t, {ready: false});
  t.is((await ask(`${url}/health/ready`)).status, 503);
  t.is((await ask(`${url}/health/live`)).status, 200);
});

test('serves metrics openly when told to', async t => {
  const depths = [
    {queue: 'outbound|acme|1|smsc-a|bulk', waiting: 3, oldestAt: 1_700_000_000_000},
    {queue: 'outbound|acme|2|smsc-a|bulk', waiting: 4, oldestAt: 1_700_000_005_000},
  ];
  const gates = [{kind: 'paused' as const, filter: {}, reason: 'x', by: 'ops', since: 1}];
  const {url} = await openManagement(t, {metricsOpen: true, depths, gates});
  const {status, body, headers} = await ask(`${url}/metrics`);
  t.is(status, 200);
  t.regex(headers.get('content-type') ?? '', /^text\/plain/);
  const labels = 'kind="outbound",platform="acme",carrier="smsc-a",priority="bulk"';
  t.true(body.includes(`nexus_gateway_queue_waiting{${labels}} 7\n`));
  t.true(body.includes(`nexus_gateway_queue_oldest_seconds{${labels}} 10\n`));
  t.true(body.includes('nexus_gateway_carrier_usable{carrier="smsc-a",type="smpp"} 1\n'));
  t.true(body.includes('nexus_gateway_gates{kind="paused"} 1\n'));
  t.true(body.includes('nexus_gateway_store_up 1\n'));
});

test('tells in the metrics that the store does not answer', async t => {
  const depths = () => Promise.reject(new StoreUnavailable('gone'));
  const {url} = await openManagement(t, {metricsOpen: true, store: {depths}});
  const {status, body} = await ask(`${url}/metrics`);
  t.is(status, 200);
  t.true(body.includes('nexus_gateway_store_up 0\n'));
});

test('tells in the metrics of a store of which nothing is heard, too', async t => {
  const store = {depths: () => new Promise<never>(() => {}), gates: async () => [], receiptCounts: async () => []};
  const metrics = createMetrics({store, carriers: () => [], now: () => 0, waitMs: 1});
  t.true((await metrics.metrics()).includes('nexus_gateway_store_up 0\n'));
});

test('calls a carrier that left the configuration neither usable nor not', async t => {
  const store = {depths: async () => [], gates: async () => [], receiptCounts: async () => []};
  const common = {type: 'smpp', state: 'bound', since: 0, window: {size: 10, used: 0}, links: []};
  const carriers = () => [
    {...common, name: 'gone', usable: false, leaving: true},
    {...common, name: 'here', usable: false},
  ];
  const text = await createMetrics({store, carriers, now: () => 0}).metrics();
  t.deepEqual(text.match(/^nexus_gateway_carrier_usable\{.*$/gm), [
    'nexus_gateway_carrier_usable{carrier="here",type="smpp"} 0',
  ]);
});

test('counts warnings and errors by their event, and writes them', async t => {
  const lines: string[] = [];
  const write = (event: string) => lines.push(event);
  const store = {depths: async () => [], gates: async () => [], receiptCounts: async () => []};
  const plain = {debug: write, info: write, warn: write, error: write};
  const {log, registry: counted} = createObservation({log: plain, now: () => 0, toSafeFields});
  const metrics = createMetrics({store, carriers: () => [], now: () => 0, counted});
  log.info('bind.up');
  log.warn('bind.lost');
  log.warn('bind.lost');
  log.error('queue.parked');
  t.deepEqual(lines, ['bind.up', 'bind.lost', 'bind.lost', 'queue.parked']);
  const body = await metrics.metrics();
  t.true(body.includes('nexus_gateway_log_events_total{level="warn",event="bind.lost"} 2\n'));
  t.true(body.includes('nexus_gateway_store_up 1\n'));
  t.true(body.includes('nexus_gateway_log_events_total{level="error",event="queue.parked"} 1\n'));
  t.false(body.includes('bind.up'));
});

test('lets nothing it tells be cached', async t => {
  const {url} = await openManagement(t);
  t.is((await ask(`${url}/api/messages`, {token: readerToken})).headers.get('cache-control'), 'no-store');
});
