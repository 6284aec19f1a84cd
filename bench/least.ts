import {parseArgs} from 'node:util';
import {hasKannel, startKannel} from './lib/kannel.ts';
import {startLeast} from './lib/least.ts';
import {startPath} from './lib/path.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {printTable, writeResult} from './lib/report.ts';
import {interleave, toRatioResults, toRows} from './lib/rounds.ts';
import {startYardstick} from './lib/yardstick.ts';

/**
 * How far the gateway is from the least that does the same work without keeping any promise but durability (`least/server.ts`): what is beyond it are
 * features, and what a rival has beyond it is out of reach. Kannel is one where Debian's package is installed.
 */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '5000'},
    rounds: {type: 'string', default: '8'},
    connections: {type: 'string', default: '64'},
  },
});
const [count, rounds, connections] = [Number(values.count), Number(values.rounds), Number(values.connections)];
const common = {count, rounds, connections};
const [whole, intake, forgetful, gateway] = ['least', 'least, intake alone', 'least, without a store', 'gateway'];
const kannels = [
  ['Kannel, spool store', 'spool'],
  ['Kannel, no store', 'none'],
] as const;
const pairs = [
  [gateway, whole],
  [intake, 'bare'],
  [whole, 'bare'],
  [gateway, 'bare'],
  ...kannels.flatMap(([name]) => [[whole, name] as const, [forgetful, name] as const]),
] as const;

leaveCoreZero();
const rivals = [
  await startYardstick(common),
  await startLeast({name: intake, keeps: true, sends: false, ...common}),
  await startLeast({name: whole, keeps: true, sends: true, ...common}),
  await startLeast({name: forgetful, keeps: false, sends: true, ...common}),
  await startPath({name: gateway, ...common}),
];
if (hasKannel()) for (const [name, store] of kannels) rivals.push(await startKannel({name, store, ...common}));
const results = await interleave(rivals, count, rounds);
await Promise.all(rivals.map(rival => rival.stop()));
printTable(toRows(results, pairs));
if (!hasKannel()) console.log('Kannel is not installed and was left out: apt-get install kannel.');
writeResult('least', {count, rounds, connections, results, ratios: toRatioResults(results, pairs)});
