import {readFileSync} from 'node:fs';
import test from 'ava';
import {parse} from 'yaml';
import {toSafeFields} from '../../src/log.ts';
import {createMetrics, createObservation} from '../../src/management/index.ts';

const folder = new URL('../../provisioning/monitoring/', import.meta.url);
const silent = {debug() {}, info() {}, warn() {}, error() {}};

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** Every metric there is, with its labels as they are declared. */
async function listMetrics(): Promise<Set<string>> {
  const {registry: counted} = createObservation({log: silent, now: () => 0, toSafeFields});
  const store = {depths: async () => [], gates: async () => [], receiptCounts: async () => []};
  const text = await createMetrics({store, carriers: () => [], now: () => 0, counted}).metrics();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(match => match[1] ?? ''));
}

const names = test.macro({
  async exec(t, file: string) {
    const known = await listMetrics();
    const named = new Set(read(file).match(/nexus_gateway_\w+/g));
    t.true(named.size > 10);
    const unknown = [...named].filter(name => !known.has(name) && !known.has(name.replace(/_(bucket|sum|count)$/, '')));
    t.deepEqual(unknown, []);
  },
  title: (_, file) => `every metric that ${file} names exists`,
});

test(names, 'alerts.yaml');
test(names, 'grafana-dashboard.json');

test('every latency and every queue has a place on the dashboard', async t => {
  const shown = read('grafana-dashboard.json');
  const own = [...(await listMetrics())].filter(name => !/_(process|nodejs)_/.test(name));
  t.true(own.length > 15);
  t.deepEqual(
    own.filter(name => !shown.includes(name)),
    [],
  );
});

test('every alert says what is wrong and what to do, and how bad it is', t => {
  const {groups} = parse(read('alerts.yaml'));
  const rules = groups.flatMap((group: {rules: unknown[]}) => group.rules);
  t.true(rules.length > 10);
  for (const {alert, labels, annotations} of rules) {
    t.deepEqual(Object.keys(labels), ['service', 'severity'], alert);
    t.regex(labels.severity, /^(critical|warning)$/, alert);
    t.regex(annotations.summary, /\.$/, alert);
    t.regex(annotations.description, /\.$/, alert);
  }
});

test('the dashboard has no two panels of one number, and none that overlap', t => {
  const {panels} = JSON.parse(read('grafana-dashboard.json'));
  const ids = panels.map(({id}: {id: number}) => id);
  t.is(new Set(ids).size, ids.length);
  const cells = panels.flatMap(({gridPos: {x, y, w, h}}: {gridPos: Record<'x' | 'y' | 'w' | 'h', number>}) =>
    Array.from({length: w * h}, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
  );
  t.is(new Set(cells).size, cells.length);
});
