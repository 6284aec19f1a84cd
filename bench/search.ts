import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Database from 'better-sqlite3';
import {openSqliteStore} from '../src/store/sqlite/index.ts';
import type {MessageFilter} from '../src/store/store.ts';

/**
 * How long people wait for what they look for, among few messages and among many:
 * `node bench/search.ts [small] [large] [result.json]`, 10,000 and 10,000,000 unless given.
 */
const [small = 10_000, large = 10_000_000] = process.argv.slice(2, 4).map(Number);
const resultFile = process.argv[4];
const looks = 200;
const batch = 500_000;
const epoch = 1_800_000_000_000;
const spacingMs = 100;
/** Messages a phone has, everywhere alike. */
const perPhone = 20;

interface Look {
  name: string;
  toFilter(count: number, number: number): Omit<MessageFilter, 'limit'>;
}

const allLooks: readonly Look[] = [
  {name: 'phone', toFilter: (count, number) => ({phone: toPhone(anyOf(count / perPhone, number))})},
  {
    name: 'phone, failed',
    toFilter: (count, number) => ({phone: toPhone(anyOf(count / perPhone, number)), state: 'failed'}),
  },
  {name: "carrier's id", toFilter: (count, number) => ({carrierMessageId: (anyOf(count, number) + 1).toString(16)})},
  {name: 'a minute', toFilter: (count, number) => toMinute(epoch + anyOf(count, number) * spacingMs)},
  {name: 'failed', toFilter: () => ({state: 'failed'})},
  {name: 'nobody', toFilter: () => ({phone: '+19995550100'})},
];

interface Index {
  name: string;
  sql: string;
}

const numbers = 'with recursive n(i) as (select @from union all select i + 1 from n where i + 1 < @to)';

const insertMessages = `
  insert into message (seq, id, direction, platform, channel, carrier, phone, address, priority, state, segments, trace, accepted_at,
    expires_at, state_at, ended_at)
  ${numbers} select i + 1, lower(hex(randomblob(16))), 'outbound', 'acme', 'c' || (i % 20), 'smsc', printf('+1415%07d', i % @phones),
    '+16504661149', 'bulk', iif(i % 1000 = 0, 'failed', 'delivered'), 1, lower(hex(randomblob(16))), @epoch + i * @spacingMs,
    @epoch + i * @spacingMs, @epoch + i * @spacingMs, @epoch + i * @spacingMs from n`;

const insertSegments = `
  insert into segment (message, cycle, idx, attempt, carrier, state, id_key, carrier_message_id, started_at, answered_at)
  ${numbers} select i + 1, 1, 0, 1, 'smsc', 'delivered', printf('%x', i + 1), printf('%x', i + 1), @epoch + i * @spacingMs,
    @epoch + i * @spacingMs from n`;

const insertEvents = `
  insert into event (message, n, at, event, detail)
  ${numbers} select i + 1, 1, @epoch + i * @spacingMs, 'send_taken', '{"carrier":"smsc","segment":0,"attempt":1}' from n`;

const rows: Array<Record<string, string | number>> = [];
for (const count of [small, large]) await measure(count);
console.table(rows);
if (resultFile !== undefined) await writeFile(resultFile, `${JSON.stringify({looks, rows}, undefined, 2)}\n`);

async function measure(count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-search-'));
  const file = join(folder, 'gateway.db');
  const silent = {debug() {}, info() {}, warn() {}, error() {}};
  const open = () =>
    openSqliteStore({file, maxOutbound: 1, now: () => Date.now(), log: silent, onReady() {}, onLost() {}});
  await (await open()).close();
  build(file, count);
  const store = await open();
  for (const {name, toFilter} of allLooks) {
    const took: number[] = [];
    let found = 0;
    for (let number = 0; number < looks; number += 1) {
      const begin = performance.now();
      const {messages} = await store.find({...toFilter(count, number), limit: 50});
      took.push(performance.now() - begin);
      found += messages.length;
    }
    took.sort((one, other) => one - other);
    const at = (share: number) => Math.round((took[Math.floor(took.length * share)] ?? 0) * 100) / 100;
    rows.push({
      messages: count,
      'looked for': name,
      found: Math.round(found / looks),
      'p50 ms': at(0.5),
      'p99 ms': at(0.99),
    });
  }
  await store.close();
  await rm(folder, {recursive: true});
}

/** Straight into the file: ten million lives one by one would take hours, and leave the same rows. */
function build(file: string, count: number): void {
  const database = new Database(file);
  for (const pragma of ['journal_mode = off', 'synchronous = off', 'cache_size = -2000000']) database.pragma(pragma);
  const indexes = database
    .prepare("select name, sql from sqlite_master where type = 'index' and sql is not null")
    .all() as Index[];
  // Made at the end, all at once: the same indexes in a fraction of the time.
  for (const {name} of indexes) database.exec(`drop index ${name}`);
  const statements = [insertMessages, insertSegments, insertEvents].map(sql => database.prepare(sql));
  const phones = Math.max(1, Math.floor(count / perPhone));
  const insert = database.transaction((from: number, to: number) => {
    for (const statement of statements) statement.run({from, to, epoch, spacingMs, phones});
  });
  const begin = performance.now();
  for (let done = 0; done < count; done += batch) {
    insert(done, Math.min(done + batch, count));
    if (count > batch) tell(Math.min(done + batch, count), count, begin);
  }
  process.stderr.write('building the indexes\n');
  for (const {sql} of indexes) database.exec(sql);
  database.pragma('journal_mode = wal');
  database.close();
}

function tell(done: number, count: number, begin: number): void {
  const seconds = (performance.now() - begin) / 1000;
  const left = Math.round((seconds / done) * (count - done));
  process.stderr.write(`built ${done.toLocaleString('en')} of ${count.toLocaleString('en')}, ${left} s left\n`);
}

function toPhone(number: number): string {
  return `+1415${String(Math.floor(number)).padStart(7, '0')}`;
}

/** Scattered, and the same at each run. */
function anyOf(count: number, number: number): number {
  return Math.floor((((number * 0x9e3779b1) % 2 ** 32) / 2 ** 32) * Math.floor(count));
}

function toMinute(at: number): Pick<MessageFilter, 'since' | 'until'> {
  return {since: at, until: at + 60_000};
}
