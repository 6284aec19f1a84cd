import {parseArgs} from 'node:util';
import {startPeers} from '../src/sandbox/peers.ts';
import {startBenchGateway} from './lib/gateway.ts';
import {postWebhooks} from './lib/load.ts';
import {startPinned} from './lib/pinned.ts';
import {formatSpread, printTable, progress, toSpread, writeResult} from './lib/report.ts';

/**
 * How much of a bare HTTP server's rate the whole path keeps: webhook → stored → submit_sm → response → receipt → signed post.
 * Gateway and yardstick on one core, peers and load on the other, rounds interleaved. Every message is counted to its end.
 */
const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '10000'},
    rounds: {type: 'string', default: '5'},
    /** A folder for the gateway's CPU profiles. */
    profile: {type: 'string'},
  },
});
const count = Number(values.count);
const rounds = Number(values.rounds);
const connections = 64;

let receipts = 0;
let submits = 0;
const peers = await startPeers({
  nexus: {keep: 1, onEvent: () => (receipts += 1)},
  smsc: {remember: false, onEvent: ({event}) => (submits += event === 'submit' ? 1 : 0)},
});
const gateway = await startBenchGateway(peers, undefined, undefined, values.profile);
const bare = startPinned(0, [new URL('lib/bare.ts', import.meta.url).pathname]);
const bareUrl = `http://127.0.0.1:${(await bare.line(line => line.startsWith('port '))).slice(5)}`;

interface Round {
  rate: number;
  cpuUs: number;
}

async function measure(run: () => Promise<void>, cpuUs: () => number): Promise<Round> {
  const [cpu, from] = [cpuUs(), performance.now()];
  await run();
  return {rate: (count / (performance.now() - from)) * 1000, cpuUs: (cpuUs() - cpu) / count};
}

async function wholePath(round: string): Promise<void> {
  const [hadReceipts, hadSubmits] = [receipts, submits];
  await postWebhooks({url: gateway.url, count, connections, round});
  const deadline = performance.now() + 120_000;
  while (receipts - hadReceipts < count && performance.now() < deadline)
    await new Promise(resolve => setTimeout(resolve, 5));
  const [told, sent] = [receipts - hadReceipts, submits - hadSubmits];
  if (told !== count || sent !== count)
    throw new Error(`of ${count} messages ${sent} were sent and ${told} receipts posted`);
}

const results: Record<'bare' | 'path', Round[]> = {bare: [], path: []};
await wholePath('warm');
for (let round = 0; round < rounds; round += 1) {
  progress(`round ${round + 1} of ${rounds}: bare`);
  results.bare.push(
    await measure(() => postWebhooks({url: bareUrl, count, connections, round: `${round}`}), bare.cpuUs),
  );
  progress(`round ${round + 1} of ${rounds}: path`);
  results.path.push(await measure(() => wholePath(`${round}`), gateway.process.cpuUs));
}
progress('');

const ratios = toSpread(results.path.map(({rate}, index) => rate / (results.bare[index]?.rate ?? Number.NaN)));
printTable([
  ['', 'messages/s', 'CPU µs a message'],
  ...(['bare', 'path'] as const).map(name => [
    name,
    formatSpread(toSpread(results[name].map(({rate}) => rate))),
    formatSpread(toSpread(results[name].map(({cpuUs}) => cpuUs))),
  ]),
  ['path / bare', formatSpread(ratios, 3), ''],
]);
writeResult('path', {count, rounds, results, ratio: ratios});
await Promise.all([gateway.stop(), bare.stop(), peers.stop()]);
