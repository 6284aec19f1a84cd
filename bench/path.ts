import {parseArgs} from 'node:util';
import {hasKannel, kannelVersion, startKannel} from './lib/kannel.ts';
import {startPath} from './lib/path.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {startBenchPostgres} from './lib/postgres.ts';
import {printTable, writeResult} from './lib/report.ts';
import {interleave, toRatioResults, toRows} from './lib/rounds.ts';
import {startYardstick} from './lib/yardstick.ts';

/**
 * How much of a bare HTTP server's rate the whole path keeps: webhook → stored → submit_sm → response → receipt → signed post; next to Kannel, where
 * Debian's package is installed, under the same load, SMSC and callbacks. Each on core 0, all else on the others. Every message is counted to its end.
 */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '10000'},
    rounds: {type: 'string', default: '5'},
    /** Which of them: bare, sqlite, postgres, kannel. */
    only: {type: 'string', default: 'bare,sqlite,postgres,kannel'},
    /** Flags of Node for one more gateway with SQLite, instead of those of `npm start`. */
    flags: {type: 'string'},
    /** A folder for the gateway's CPU profiles. */
    profile: {type: 'string'},
  },
});
const [count, rounds, connections] = [Number(values.count), Number(values.rounds), 64];
const wanted = values.only.split(',');
const common = {count, rounds, connections};
const profileTo = values.profile === undefined ? {} : {profileTo: values.profile};
const otherFlags = 'SQLite, other flags';
const pairs = [
  ['SQLite', 'bare'],
  ['SQLite', otherFlags],
  ['PostgreSQL', 'bare'],
  ['PostgreSQL', 'SQLite'],
  ['SQLite', 'Kannel, spool store'],
  ['SQLite', 'Kannel, no store'],
] as const;

leaveCoreZero();
const postgres = wanted.includes('postgres') ? await startBenchPostgres() : undefined;
const rivals = [];
if (wanted.includes('bare')) rivals.push(await startYardstick(common));
if (wanted.includes('sqlite')) rivals.push(await startPath({name: 'SQLite', ...profileTo, ...common}));
if (values.flags !== undefined)
  rivals.push(await startPath({name: otherFlags, flags: values.flags.split(' '), ...common}));
if (postgres) rivals.push(await startPath({name: 'PostgreSQL', store: postgres.newUrl(), ...profileTo, ...common}));
if (wanted.includes('kannel') && hasKannel()) {
  rivals.push(await startKannel({name: 'Kannel, spool store', store: 'spool', ...common}));
  rivals.push(await startKannel({name: 'Kannel, no store', store: 'none', ...common}));
}

const results = await interleave(rivals, count, rounds);
await Promise.all(rivals.map(rival => rival.stop()));
await postgres?.stop();
printTable(toRows(results, pairs));
if (wanted.includes('kannel') && !hasKannel())
  console.log('Kannel is not installed and was left out: apt-get install kannel.');
const kannel = hasKannel() ? {kannel: kannelVersion()} : {};
writeResult('path', {count, rounds, ...kannel, results, ratios: toRatioResults(results, pairs)});
