import {readFileSync} from 'node:fs';
import test from 'ava';
import {findMetricsBlock, refreshMetrics, renderMetricsBlock} from './helpers/readme-metrics.ts';
import {readmeFile} from './helpers/readme-settings.ts';

test('the README lists every metric as it is served', async t => {
  const readme = readFileSync(readmeFile, 'utf8');
  const rendered = await renderMetricsBlock();
  t.true(rendered.includes('| `nexus_gateway_accepted_total` | counter |'));
  t.is(findMetricsBlock(readme), rendered, 'README.md is out of date: run npm run settings to refresh it');
});

test('refreshing the metrics changes the block alone', async t => {
  const readme = 'before\n<!-- metrics -->\nold\n<!-- /metrics -->\nafter\n';
  t.is(await refreshMetrics(readme), `before\n${await renderMetricsBlock()}\nafter\n`);
});
