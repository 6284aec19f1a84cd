import {parseArgs} from 'node:util';
import {canTrace} from './lib/fsync.ts';
import {type Latencies, startPaced} from './lib/paced.ts';
import {leaveCoreZero} from './lib/pinned.ts';
import {formatRounds, printTable, progress, writeResult} from './lib/report.ts';

/**
 * Half the rate that saturates it, for a minute, open loop: what comes late counts from when it should have left. Each gateway is first driven as fast
 * as it goes through the whole path, to know the rate it is given half of. Every message is counted to its end.
 */
const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '60'},
    rounds: {type: 'string', default: '2'},
    /** Texts to find the saturated rate with. */
    count: {type: 'string', default: '10000'},
    /** Webhooks a second, instead of half the saturated rate. */
    rate: {type: 'string'},
    /** ms added to each fsync of the second gateway. */
    fsync: {type: 'string', default: '5'},
    /** A folder for the CPU profiles of the gateway without a tracer. */
    profile: {type: 'string'},
  },
});
const [seconds, rounds, count] = [Number(values.seconds), Number(values.rounds), Number(values.count)];
const delayed = `fsync + ${values.fsync} ms`;

leaveCoreZero();
const gateways = [
  await startPaced({name: 'gateway', count, ...(values.profile !== undefined && {profileTo: values.profile})}),
];
if (canTrace()) gateways.push(await startPaced({name: delayed, count, fsyncDelayMs: Number(values.fsync)}));
const results: Record<string, Latencies[]> = Object.fromEntries(gateways.map(({name}) => [name, []]));
const saturated: Record<string, number> = {};
for (const {name, saturate} of gateways) {
  progress(`${name}: looking for the rate that saturates it`);
  saturated[name] = await saturate();
}
for (let round = 1; round <= rounds; round += 1)
  for (const {name, run} of gateways) {
    const rate = values.rate === undefined ? (saturated[name] ?? 0) / 2 : Number(values.rate);
    progress(`round ${round} of ${rounds}: ${name}, ${Math.round(rate)} webhooks a second for ${seconds} s`);
    results[name]?.push(await run(rate, seconds));
  }
progress('');
await Promise.all(gateways.map(({stop}) => stop()));

const of = (name: string, member: keyof Latencies) => (results[name] ?? []).map(each => each[member]);
const members = ['webhookP50', 'webhookP99', 'webhookP999', 'submitP50', 'submitP99', 'submitP999'] as const;
printTable([
  ['ms', 'webhooks/s', 'webhook p50', 'p99', 'p99.9', 'accepted→submitted p50', 'p99', 'p99.9'],
  ...gateways.map(({name}) => [
    name,
    formatRounds(of(name, 'rate')),
    ...members.map(member => formatRounds(of(name, member), 1)),
  ]),
]);
console.log('Accepted→submitted: from when the 200 was read to when the SMSC had read the submit_sm, at least 0.');
if (gateways.length === 1) console.log(`${delayed} was left out: that takes strace and the right to trace.`);
writeResult('latency', {seconds, rounds, saturated, results});
