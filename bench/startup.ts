import {parseArgs} from 'node:util';
import {type Engine, startEngines} from './lib/engines.ts';
import {startBenchGateway} from './lib/gateway.ts';
import {startBenchPeers} from './lib/peers.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {formatRounds, printTable, progress, writeResult} from './lib/report.ts';
import {startStore} from './lib/store-process.ts';

/**
 * From the start of the process to `GET /health/ready` answering 200: a new process each time without anything compiled before, on a store that is not
 * there yet, on an empty one, and on one with a million texts waiting. The files may be in the system's cache.
 */
const {values} = parseArgs({
  options: {
    rows: {type: 'string', default: '1000000'},
    rounds: {type: 'string', default: '5'},
    engines: {type: 'string', default: 'sqlite,postgres'},
  },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const readyWithinMs = 120_000;

interface Started {
  readyMs: number;
  residentBytes: number;
}

leaveCoreZero();
const engines = await startEngines(values.engines);
const peers = await startBenchPeers();
const stores: Array<{name: string; toUrl(): string}> = [];
for (const engine of engines.all) stores.push(...(await toStores(engine)));
const results: Record<string, Started[]> = Object.fromEntries(stores.map(({name}) => [name, []]));
for (let round = 1; round <= rounds; round += 1)
  for (const {name, toUrl} of stores) {
    progress(`round ${round} of ${rounds}: ${name}`);
    results[name]?.push(await start(toUrl()));
  }
progress('');
await Promise.all([peers.stop(), engines.stop()]);
printTable([
  ['', 'ready after ms', 'resident MiB, then'],
  ...stores.map(({name}) => [
    name,
    formatRounds((results[name] ?? []).map(({readyMs}) => readyMs)),
    formatRounds((results[name] ?? []).map(({residentBytes}) => residentBytes / 2 ** 20)),
  ]),
]);
writeResult('startup', {rows, rounds, results});

async function toStores({name, newUrl}: Engine) {
  const [empty, full] = [newUrl(), newUrl()];
  await (await startStore(empty)).stop();
  const store = await startStore(full);
  await store.fill(rows, `${name}, filling`);
  await store.stop();
  return [
    {name: `${name}, no store yet`, toUrl: newUrl},
    {name: `${name}, empty`, toUrl: () => empty},
    {name: `${name}, ${rows} waiting`, toUrl: () => full},
  ];
}

/** The account allows so little that what waits is still there for the next round. */
async function start(store: string): Promise<Started> {
  const more = {smsc: '    messagesPerSecond: 1', top: 'log: {level: info}\nlimits: {maxOutbound: 100000000}'};
  const from = performance.now();
  const gateway = await startBenchGateway({peers, store, more});
  while ((await fetch(`${gateway.managementUrl}/health/ready`)).status !== 200) {
    if (performance.now() - from > readyWithinMs) throw new Error('The gateway was not ready within two minutes.');
    await new Promise(resolve => setTimeout(resolve, 2));
  }
  const readyMs = performance.now() - from;
  const residentBytes = gateway.process.residentBytes();
  await gateway.stop();
  return {readyMs, residentBytes};
}
