import {parseArgs} from 'node:util';
import {type Backlogged, measureBacklog} from './lib/backlogged.ts';
import {startEngines} from './lib/engines.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {formatRounds, printTable, progress, toRatios, writeResult} from './lib/report.ts';
import {tellRound} from './lib/rounds.ts';
import {type StoreProcess, startStore} from './lib/store-process.ts';

/**
 * What a backlog costs: intake and claims a second of the store, empty and with a million texts waiting, in turn; then a gateway on each of them, which
 * takes webhooks in and sends slowly: its webhooks a second and its resident memory. Every text is counted.
 */
const {values} = parseArgs({
  options: {
    /** Texts waiting. */
    rows: {type: 'string', default: '1000000'},
    /** Texts taken in and claimed in a round of the store's, and given to a gateway. */
    count: {type: 'string', default: '5000'},
    rounds: {type: 'string', default: '5'},
    engines: {type: 'string', default: 'sqlite,postgres'},
  },
});
const [rows, count, rounds] = [Number(values.rows), Number(values.count), Number(values.rounds)];
const results: Record<string, {intake: number[]; claims: number[]; gateway: Backlogged}> = {};

leaveCoreZero();
const engines = await startEngines(values.engines);
for (const engine of engines.all) {
  const urls = {empty: engine.newUrl(), full: engine.newUrl()};
  const stores = {empty: await startStore(urls.empty), full: await startStore(urls.full)};
  await stores.full.fill(rows, `${engine.name}, filling`);
  const rates = {empty: toRates(), full: toRates()};
  for (let round = 0; round <= rounds; round += 1)
    for (const which of ['empty', 'full'] as const) {
      progress(`${tellRound(round, rounds, 1)}: ${engine.name}, ${which}`);
      await measure(stores[which], rates[which], round > 0);
    }
  const given = stores.full.given();
  for (const store of Object.values(stores)) await store.stop();
  progress(`${engine.name}, empty: a gateway on it`);
  const empty = await measureBacklog({store: engine.newUrl(), given: 0, count});
  progress(`${engine.name}, full: a gateway on it`);
  const full = await measureBacklog({store: urls.full, given, count});
  results[`${engine.name}, empty`] = {...rates.empty, gateway: empty};
  results[`${engine.name}, ${rows} waiting`] = {...rates.full, gateway: full};
}
progress('');
await engines.stop();
report();

function toRates(): {intake: number[]; claims: number[]} {
  return {intake: [], claims: []};
}

async function measure(store: StoreProcess, rates: {intake: number[]; claims: number[]}, counts: boolean) {
  const intake = await store.takeIn(count);
  const claims = await store.claim(count);
  if (!counts) return;
  rates.intake.push((count * 1000) / intake.tookMs);
  rates.claims.push((count * 1000) / claims.tookMs);
}

function report(): void {
  const names = Object.keys(results);
  printTable([
    ['', 'accepted/s', 'claimed/s', 'gateway: 200s/s', 'resident MiB, ready', 'after the load'],
    ...names.map(name => {
      const {intake = [], claims = [], gateway} = results[name] ?? {};
      const [ready, loaded] = [gateway?.readyBytes ?? Number.NaN, gateway?.loadedBytes ?? Number.NaN];
      const memory = [ready, loaded].map(bytes => String(Math.round(bytes / 2 ** 20)));
      return [name, formatRounds(intake), formatRounds(claims), String(Math.round(gateway?.rate ?? 0)), ...memory];
    }),
    ...engines.all.map(({name}) => {
      const [empty, full] = [results[`${name}, empty`], results[`${name}, ${rows} waiting`]];
      if (empty === undefined || full === undefined) return [name];
      const above = [
        full.gateway.readyBytes - empty.gateway.readyBytes,
        full.gateway.loadedBytes - empty.gateway.loadedBytes,
      ];
      return [
        `${name}, ${rows} waiting / empty`,
        formatRounds(toRatios(full.intake, empty.intake), 3),
        formatRounds(toRatios(full.claims, empty.claims), 3),
        (full.gateway.rate / empty.gateway.rate).toFixed(3),
        ...above.map(bytes => `${bytes < 0 ? '' : '+'}${Math.round(bytes / 2 ** 20)}`),
      ];
    }),
  ]);
  writeResult('backlog', {rows, count, rounds, results});
}
