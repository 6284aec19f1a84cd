import {toSafeFields} from '../../src/log.ts';
import {createMetrics, createObservation} from '../../src/management/index.ts';

const block = /(<!-- metrics -->\n)[\s\S]*?(<!-- \/metrics -->)/;
const silent = {debug() {}, info() {}, warn() {}, error() {}};

/** The generated list of a README; undefined when it has no markers. */
export function findMetricsBlock(readme: string): string | undefined {
  return block.exec(readme)?.[0];
}

/** Our own; those of the process and of Node are prom-client's, with our prefix. */
export async function renderMetricsBlock(): Promise<string> {
  const {registry: counted} = createObservation({log: silent, now: () => 0, toSafeFields});
  const store = {depths: async () => [], gates: async () => [], receiptCounts: async () => []};
  const text = await createMetrics({store, carriers: () => [], now: () => 0, counted}).metrics();
  const found = [...text.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\w+)$/gm)];
  const own = found.filter(([, name = '']) => !/^nexus_gateway_(process|nodejs)_/.test(name));
  const rows = own.map(([, name, help, type]) => `| \`${name}\` | ${type} | ${help} |`).sort();
  return [
    '<!-- metrics -->',
    '',
    '| metric | type | what it says |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '<!-- /metrics -->',
  ].join('\n');
}

export async function refreshMetrics(readme: string): Promise<string> {
  const rendered = await renderMetricsBlock();
  return readme.replace(block, () => rendered);
}
