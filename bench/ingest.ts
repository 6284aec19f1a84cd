import {parseArgs} from 'node:util';
import {canTrace} from './lib/fsync.ts';
import type {Ingested} from './lib/ingest.ts';
import {startIngest} from './lib/ingest.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {formatRounds, printTable, progress, toRatios, writeResult} from './lib/report.ts';
import {tellRound, warmUps} from './lib/rounds.ts';
import {startYardstick} from './lib/yardstick.ts';

/**
 * Durable 200s a second next to bare koa, @koa/router and koa-bodyparser; and again with each fsync made longer. Sending is paused while texts come in:
 * intake alone is measured. Then they are purged, and each is counted by the receipt Nexus gets for it.
 */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '10000'},
    rounds: {type: 'string', default: '5'},
    connections: {type: 'string', default: '64'},
    /** ms added to each fsync, one traced gateway for each; none: the untraced one alone. */
    fsync: {type: 'string', default: '0,1,5'},
    /** A folder for the CPU profiles of the gateway without a tracer. */
    profile: {type: 'string'},
  },
});
const [count, rounds, connections] = [Number(values.count), Number(values.rounds), Number(values.connections)];
const common = {count, rounds, connections};

leaveCoreZero();
const yardstick = await startYardstick(common);
const gateways = [
  await startIngest({name: 'gateway', ...common, ...(values.profile !== undefined && {profileTo: values.profile})}),
];
const isTraced = values.fsync !== 'none';
const traced = isTraced && canTrace() ? values.fsync.split(',').map(Number) : [];
for (const ms of traced)
  gateways.push(await startIngest({name: `gateway, traced, fsync + ${ms} ms`, ...common, fsyncDelayMs: ms}));

const bare: number[] = [];
const results: Record<string, Ingested[]> = Object.fromEntries(gateways.map(({name}) => [name, []]));
for (let round = 0; round < warmUps + rounds; round += 1) {
  progress(tellRound(round, rounds));
  const from = performance.now();
  await yardstick.run(round);
  if (round >= warmUps) bare.push((count / (performance.now() - from)) * 1000);
  for (const gateway of gateways) {
    const ingested = await gateway.run(round);
    if (round >= warmUps) results[gateway.name]?.push(ingested);
  }
}
progress('');
await Promise.all([yardstick.stop(), ...gateways.map(gateway => gateway.stop())]);

const of = (name: string, member: keyof Ingested) =>
  (results[name] ?? []).map(ingested => ingested[member] ?? Number.NaN);
printTable([
  [
    '',
    '200s/s',
    '/ bare',
    'p50 ms',
    'p99 ms',
    'p99.9 ms',
    'CPU µs',
    'of it event loop',
    'commits a text',
    'fsync calls a text',
  ],
  ['bare', formatRounds(bare), '', '', '', '', '', '', '', ''],
  ...gateways.map(({name}) => [
    name,
    formatRounds(of(name, 'rate')),
    formatRounds(toRatios(of(name, 'rate'), bare), 3),
    formatRounds(of(name, 'p50'), 1),
    formatRounds(of(name, 'p99'), 1),
    formatRounds(of(name, 'p999'), 1),
    formatRounds(of(name, 'cpuUs')),
    formatRounds(of(name, 'loopUs')),
    formatRounds(of(name, 'commits'), 3),
    name.includes('traced') ? formatRounds(of(name, 'fsyncs'), 3) : 'not traced',
  ]),
]);
if (isTraced && traced.length === 0)
  console.log('fsyncs were neither counted nor delayed: that takes strace and the right to trace.');
else if (isTraced)
  console.log(
    'Traced: strace stops the gateway at each fsync, from another core; + 0 ms shows what that costs by itself.',
  );
const ratios = Object.fromEntries(gateways.map(({name}) => [name, toRatios(of(name, 'rate'), bare)]));
writeResult('ingest', {count, rounds, connections, bare, results, ratios});
