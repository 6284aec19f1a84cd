import {parseArgs} from 'node:util';
import {type Burst, type BurstSystem, startBurst} from './lib/burst.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {startBenchPostgres} from './lib/postgres.ts';
import {formatRounds, printTable, progress, writeResult} from './lib/report.ts';

/**
 * A campaign's burst, as fast as it is taken, while agents' texts drip in: on SQLite, and on three replicas with PostgreSQL behind a round-robin. The
 * account's allowed rate is below what the gateway could do, so that the burst queues up; after some time of draining, what is left is paused and purged.
 * Every text is counted: sent and delivered once, or purged and told as failed once.
 */
const {values} = parseArgs({
  options: {
    /** Bulk webhooks. */
    count: {type: 'string', default: '100000'},
    rounds: {type: 'string', default: '2'},
    /** The account's messagesPerSecond. */
    rate: {type: 'string', default: '500'},
    /** Interactive webhooks a second, and for how long without a burst. */
    drip: {type: 'string', default: '20'},
    idle: {type: 'string', default: '15'},
    /** Seconds of draining after the last webhook of the burst. */
    drain: {type: 'string', default: '30'},
    connections: {type: 'string', default: '64'},
    replicas: {type: 'string', default: '3'},
    /** Which of them. */
    engines: {type: 'string', default: 'sqlite,postgres'},
  },
});
const [count, rounds, rate, replicas] = [values.count, values.rounds, values.rate, values.replicas].map(Number) as [
  number,
  number,
  number,
  number,
];
const options = {
  count,
  rounds,
  ratePerSecond: rate,
  dripPerSecond: Number(values.drip),
  idleSeconds: Number(values.idle),
  drainSeconds: Number(values.drain),
  connections: Number(values.connections),
};

leaveCoreZero();
const wanted = values.engines.split(',');
const postgres = wanted.includes('postgres') ? await startBenchPostgres() : undefined;
const systems: BurstSystem[] = [];
if (wanted.includes('sqlite')) systems.push(await startBurst({name: 'SQLite', replicas: 1, ...options}));
if (postgres !== undefined)
  systems.push(
    await startBurst({name: `${replicas} replicas, PostgreSQL`, store: postgres.newUrl(), replicas, ...options}),
  );
const results: Record<string, Burst[]> = Object.fromEntries(systems.map(({name}) => [name, []]));
for (let round = 0; round < rounds; round += 1)
  for (const system of systems)
    results[system.name]?.push(
      await system.run(round, step => progress(`round ${round + 1} of ${rounds}: ${system.name}: ${step}`)),
    );
progress('');
await Promise.all(systems.map(({stop}) => stop()));
await postgres?.stop();

const lines: ReadonlyArray<readonly [string, keyof Burst, number]> = [
  ['burst: 200s/s', 'taken', 0],
  ['burst: 5XX', 'refused', 0],
  ['burst: webhook p50 ms', 'webhookP50', 1],
  ['burst: webhook p99.9 ms', 'webhookP999', 1],
  ['idle: interactive accepted→submitted p99 ms', 'idleP99', 1],
  ['burst and drain: interactive accepted→submitted p99 ms', 'dripP99', 1],
  ['drain: submit_sm/s', 'drained', 1],
  ['drain / allowed rate', 'drainRatio', 3],
  ['most in a sliding second at the SMSC', 'mostInSecond', 0],
  ['that above the allowed rate', 'overshoot', 0],
  ['the SMSC itself was away at most, ms', 'awayMs', 0],
  ['purged of what was left', 'purged', 0],
  ['pause → nothing under way, ms', 'pausedMs', 0],
];
printTable([
  [`allowed rate ${rate}/s, ${count} bulk webhooks`, ...systems.map(({name}) => name)],
  ...lines.map(([title, member, digits]) => [
    title,
    ...systems.map(({name}) =>
      formatRounds(
        (results[name] ?? []).map(burst => burst[member]),
        digits,
      ),
    ),
  ]),
]);
writeResult('burst', {...options, replicas, results});
