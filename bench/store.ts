import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {outboundQueue, postQueue} from '../src/core/queue.ts';
import {openPostgresStore} from '../src/store/postgres/index.ts';
import {openSqliteStore} from '../src/store/sqlite/index.ts';
import type {Claim, NewOutbound} from '../src/store/store.ts';

/** How many whole lives a second the store carries: accepted, claimed, started, taken, delivered, told. `node bench/store.ts [lives] [at once] [postgres://…] [sealed]` */
const [lives = 20_000, atOnce = 500] = process.argv
  .slice(2, 4)
  .filter(word => /^\d/.test(word))
  .map(Number);
const url = process.argv.slice(4).find(word => word.startsWith('postgres'));
const keys = process.argv.includes('sealed') ? [{id: 'k1', key: randomBytes(32).toString('base64')}] : [];
const secrecy = {keys, seals: keys.length > 0, phoneKeys: []};
const outboundName = outboundQueue('acme', 'c1', 'smsc', 'bulk');
const receiptName = postQueue('receipt', 'acme', 'c1');

const folder = await mkdtemp(join(tmpdir(), 'bench-store-'));
const log = {debug() {}, info() {}, warn() {}, error() {}};
const file = join(folder, 'gateway.db');
const hooks = {now: () => Date.now(), log, onReady() {}, onLost() {}};
const common = {maxOutbound: 10_000_000, secrecy, ...hooks};
const store = url === undefined ? await openSqliteStore({file, ...common}) : await openPostgresStore({url, ...common});

const rows: Array<Record<string, string | number>> = [];
await measure('accept', lives, number => store.acceptOutbound(toOutbound(number)));
await measure('claim, start, settle', lives, undefined, sendAll);
await measure('receipt', lives, number => store.receipt('smsc', toReceipt(number)));
await measure('claim, post', lives, undefined, postAll);
await measure('whole life, steady', lives, number => live(lives + number));
console.table(rows);
await store.close();
await rm(folder, {recursive: true});

async function measure(
  name: string,
  count: number,
  each: ((number: number) => Promise<unknown>) | undefined,
  all: () => Promise<unknown> = () => inParallel(count, each),
): Promise<void> {
  const before = {at: performance.now(), cpu: process.cpuUsage(), ...store.counts()};
  await all();
  const seconds = (performance.now() - before.at) / 1000;
  const {user, system} = process.cpuUsage(before.cpu);
  const {groups, calls} = store.counts();
  rows.push({
    step: name,
    perSecond: Math.round(count / seconds),
    'cpu µs': Math.round((user + system) / count),
    'calls a commit': Math.round((calls - before.calls) / (groups - before.groups)),
  });
}

async function inParallel(count: number, each: ((number: number) => Promise<unknown>) | undefined): Promise<void> {
  let next = 0;
  async function work(): Promise<void> {
    while (next < count) await each?.(next++);
  }
  await Promise.all(Array.from({length: atOnce}, work));
}

async function sendAll(): Promise<void> {
  for (let left = lives; left > 0; ) {
    const claims = await store.claim([outboundName], atOnce);
    await Promise.all(claims.map(send));
    left -= claims.length;
  }
}

async function postAll(): Promise<void> {
  for (let left = lives; left > 0; ) {
    const claims = await store.claim([receiptName], atOnce);
    await Promise.all(
      claims.map(({job, fence}) => store.settle({job, fence, events: [{event: 'posted'}], to: 'posted'})),
    );
    left -= claims.length;
  }
}

async function send(claim: Claim): Promise<string> {
  const {job, fence, work} = claim;
  const id = work.kind === 'outbound' ? work.outbound.messageId : '';
  await store.start({job, fence, segment: 0, attempt: 1, carrier: 'smsc', plan: {name: 'gsm7', segments: 1}});
  const taken = {segment: 0, attempt: 1, carrierMessageId: id, receiptWithinMs: 1000};
  await store.settle({job, fence, events: [{event: 'send_taken', detail: {segment: 0}}], to: 'taken', ...taken});
  return id;
}

async function live(number: number): Promise<void> {
  await store.acceptOutbound(toOutbound(number));
  const [claim] = await store.claim([outboundName], 1);
  if (claim === undefined) throw new Error('an accepted text could not be claimed');
  const id = await send(claim);
  await store.receipt('smsc', {
    carrierMessageId: id,
    state: 'delivered',
    final: true,
    receivedAt: Date.now(),
    raw: 'stat:DELIVRD',
  });
  const [receipt] = await store.claim([receiptName], 1);
  if (receipt === undefined) throw new Error('a receipt could not be claimed');
  await store.settle({job: receipt.job, fence: receipt.fence, events: [{event: 'posted'}], to: 'posted'});
}

function toReceipt(number: number) {
  const raw = 'id:0 sub:001 dlvrd:001 submit date:2611202300 done date:2611202300 stat:DELIVRD err:000';
  return {carrierMessageId: toId(number), state: 'delivered', final: true, receivedAt: Date.now(), raw} as const;
}

function toOutbound(number: number): NewOutbound {
  const to = `+1415${String(number).padStart(7, '0')}`;
  const text = 'Your order has left our house and will be with you tomorrow between nine and eleven.';
  const outbound = {
    messageId: toId(number),
    platform: 'acme',
    channel: 'c1',
    from: '+16504661149',
    to,
    text,
    media: [],
    traceId: 'a'.repeat(32),
  };
  const times = {replyWindowMs: 86_400_000, expiresInMs: 3_600_000};
  const raw = JSON.stringify({messages: [{text, padding: 'x'.repeat(400)}]});
  return {outbound, raw, externalKey: `acme|c1|${number}`, priority: 'bulk', carrier: 'smsc', ...times};
}

/** As ids are: of a hash, in no order. */
function toId(number: number): string {
  return ((BigInt(number + 1) * 0x9e3779b97f4a7c15n) % 2n ** 64n).toString(16).padStart(16, '0');
}
