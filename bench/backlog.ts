import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {outboundQueue} from '../src/core/queue.ts';
import {openPostgresStore} from '../src/store/postgres/index.ts';
import {openSqliteStore} from '../src/store/sqlite/index.ts';
import type {NewOutbound, Store} from '../src/store/store.ts';

/**
 * What a backlog costs: intake and claims a second with an empty store and with a million texts waiting, and the memory of this process.
 * `node bench/backlog.ts [backlog] [postgres://…]`; progress on stderr.
 */
const backlog = Number(process.argv[2] ?? 1_000_000);
const url = process.argv[3];
const atOnce = 400;
const sample = 5000;
const queue = outboundQueue('acme', 'c1', 'smsc', 'bulk');
const folder = await mkdtemp(join(tmpdir(), 'bench-backlog-'));
const store = await open();
const rows: Array<Record<string, string | number>> = [];
let accepted = 0;

await measure('empty');
await fill();
await measure(`${backlog} waiting`);
console.table(rows);
await store.close();
await rm(folder, {recursive: true});

function open(): Promise<Store> {
  const common = {
    maxOutbound: backlog * 2,
    log: {debug() {}, info() {}, warn() {}, error() {}},
    onReady() {},
  };
  if (url !== undefined) return openPostgresStore({url, ...common});
  return openSqliteStore({file: join(folder, 'gateway.db'), now: () => Date.now(), onLost() {}, ...common});
}

async function measure(step: string): Promise<void> {
  const intake = await rate(() => acceptMany(sample));
  const claims = await rate(async () => {
    for (let left = sample; left > 0; left -= 100) await store.claim([queue], 100);
  });
  global.gc?.();
  rows.push({
    step,
    'accepted a second': intake,
    'claimed a second': claims,
    'resident MiB': Math.round(process.memoryUsage().rss / 2 ** 20),
  });
}

async function rate(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return Math.round((sample * 1000) / (performance.now() - startedAt));
}

async function fill(): Promise<void> {
  const goal = accepted + backlog;
  while (accepted < goal) {
    await acceptMany(Math.min(20_000, goal - accepted));
    process.stderr.write(`\r${accepted} accepted`);
  }
  process.stderr.write('\n');
}

async function acceptMany(count: number): Promise<void> {
  const end = accepted + count;
  async function work(): Promise<void> {
    while (accepted < end) {
      accepted += 1;
      await store.acceptOutbound(toOutbound(accepted));
    }
  }
  await Promise.all(Array.from({length: atOnce}, work));
}

function toOutbound(number: number): NewOutbound {
  const text = 'Your order has left our house and will be with you tomorrow between nine and eleven.';
  const to = `+1415${String(number).padStart(7, '0')}`;
  const names = {messageId: `m${number}`, platform: 'acme', channel: 'c1', from: '+16504661149', to};
  const outbound = {...names, text, media: [], traceId: 'a'.repeat(32)};
  const raw = JSON.stringify({messages: [{text, padding: 'x'.repeat(400)}]});
  return {outbound, raw, priority: 'bulk', carrier: 'smsc', replyWindowMs: 86_400_000, expiresInMs: 3_600_000_000};
}
