import {writeFile} from 'node:fs/promises';
import {Worker} from 'node:worker_threads';

/**
 * Submissions a second of the carrier alone, against the same pretend SMSC driven by the plain `smpp` package in the same run:
 * `node bench/smpp.ts [submissions a round] [rounds] [--json=file]`. The SMSC has a thread of its own and each client, too; the two clients
 * take turns, so that both meet the machine in the same mood, and the median of their rounds counts.
 */
export interface Job {
  client: 'carrier' | 'plain';
  port: number;
  window: number;
  submissions: number;
  receipts: boolean;
}

export interface Result {
  perSecond: number;
  cpuMicroseconds: number;
}

const [count = 20_000, rounds = 5] = process.argv
  .slice(2)
  .filter(word => !word.startsWith('--'))
  .map(Number);
const file = process.argv.find(word => word.startsWith('--json='))?.slice(7);
const cases = [
  {window: 10, receipts: false},
  {window: 100, receipts: false},
  {window: 10, receipts: true},
  {window: 100, receipts: true},
];

const smsc = new Worker(new URL('./smpp/smsc.ts', import.meta.url));
const port = await next<number>(smsc);
const rows: Array<Record<string, string | number>> = [];
for (const each of cases) rows.push(await compare(each));
await smsc.terminate();
console.table(rows);
if (file !== undefined) await writeFile(file, `${JSON.stringify({submissions: count, rounds, rows}, undefined, 2)}\n`);

async function compare({window, receipts}: {window: number; receipts: boolean}) {
  const plain: Result[] = [];
  const carrier: Result[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await run({client: 'plain', port, window, submissions: count, receipts}));
    carrier.push(await run({client: 'carrier', port, window, submissions: count, receipts}));
  }
  const [plainRate, carrierRate] = [plain, carrier].map(results => median(results.map(({perSecond}) => perSecond)));
  return {
    window,
    receipts: receipts ? 'with' : 'without',
    'plain/s': Math.round(plainRate ?? 0),
    'carrier/s': Math.round(carrierRate ?? 0),
    ratio: Math.round(((carrierRate ?? 0) / (plainRate ?? 1)) * 100) / 100,
    'plain cpu µs': Math.round(median(plain.map(({cpuMicroseconds}) => cpuMicroseconds))),
    'carrier cpu µs': Math.round(median(carrier.map(({cpuMicroseconds}) => cpuMicroseconds))),
  };
}

async function run(job: Job): Promise<Result> {
  const worker = new Worker(new URL(`./smpp/${job.client}.ts`, import.meta.url), {workerData: job});
  const result = await next<Result>(worker);
  await worker.terminate();
  return result;
}

function next<T>(worker: Worker): Promise<T> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function median(values: number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
