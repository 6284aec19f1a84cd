import {parseArgs} from 'node:util';
import {startEngines} from './lib/engines.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {formatRounds, printTable, progress, toRatios, writeResult} from './lib/report.ts';
import {tellRound} from './lib/rounds.ts';
import {type StoreProcess, startStore} from './lib/store-process.ts';

/**
 * Whole lives a second of the store alone: accepted, claimed, started, taken, delivered, told; on both engines, empty and with a million texts waiting
 * in the same queue. Every write of every life must do what it should.
 */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '20000'},
    rounds: {type: 'string', default: '5'},
    /** Texts waiting. */
    rows: {type: 'string', default: '1000000'},
    engines: {type: 'string', default: 'sqlite,postgres'},
  },
});
const [count, rounds, rows] = [Number(values.count), Number(values.rounds), Number(values.rows)];

interface Measured {
  rate: number;
  cpuUs: number;
  residentBytes: number;
}

leaveCoreZero();
const engines = await startEngines(values.engines);
const stores = new Map<string, StoreProcess>();
for (const {name, newUrl} of engines.all) {
  stores.set(`${name}, empty`, await startStore(newUrl()));
  const full = await startStore(newUrl());
  await full.fill(rows, `${name}, filling`);
  stores.set(`${name}, ${rows} waiting`, full);
}

const results: Record<string, Measured[]> = Object.fromEntries([...stores.keys()].map(name => [name, []]));
for (let round = 0; round <= rounds; round += 1)
  for (const [name, store] of stores) {
    progress(`${tellRound(round, rounds, 1)}: ${name}`);
    const {tookMs, cpuUs, residentBytes} = await store.live(count);
    if (round > 0) results[name]?.push({rate: (count * 1000) / tookMs, cpuUs: cpuUs / count, residentBytes});
  }
progress('');
for (const store of stores.values()) await store.stop();
await engines.stop();

const of = (name: string, member: keyof Measured) => (results[name] ?? []).map(each => each[member]);
const ratios = Object.fromEntries(
  engines.all.map(({name}) => [
    `${name}, ${rows} waiting / empty`,
    toRatios(of(`${name}, ${rows} waiting`, 'rate'), of(`${name}, empty`, 'rate')),
  ]),
);
printTable([
  ['', 'lives/s', 'CPU µs a life', 'resident MiB'],
  ...Object.keys(results).map(name => [
    name,
    formatRounds(of(name, 'rate')),
    formatRounds(of(name, 'cpuUs')),
    formatRounds(of(name, 'residentBytes').map(bytes => bytes / 2 ** 20)),
  ]),
  ...Object.entries(ratios).map(([name, found]) => [name, formatRounds(found, 3), '', '']),
]);
writeResult('store', {count, rounds, rows, results, ratios});
