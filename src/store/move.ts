import {existsSync, renameSync} from 'node:fs';
import Database from 'better-sqlite3';
import pg from 'pg';
import type {Log} from '../core/log.ts';
import {type Address, parseAddress} from './postgres/address.ts';
import {toSentence} from './postgres/failure.ts';
import {migrate} from './postgres/migrate.ts';
import {StoreRefused} from './refused.ts';
import {lastNumber} from './sql-prune.ts';
import {open} from './sqlite/open.ts';

export interface MoveOptions {
  /** `sqlite:…` */
  from: string;
  /** `postgres://…` */
  to: string;
  now: number;
  log: Log;
  /** How far it is, in words. */
  tell(line: string): void;
}

/** How many rows of each table, or why nothing was moved. */
export type Moved = {moved: ReadonlyMap<string, number>} | {refused: string};

const rowsAtOnce = 500;

/**
 * Everything of an SQLite store into an empty PostgreSQL one, in one transaction: claims that were open are settled as after a crash. Afterwards the
 * file is called `….moved`, so that nobody sends from it again.
 */
export async function moveStore(options: MoveOptions): Promise<Moved> {
  try {
    return {moved: await move(options)};
  } catch (error) {
    if (error instanceof StoreRefused) return {refused: error.message};
    return {refused: `nothing was moved: ${toSentence(error)}`};
  }
}

const unbounded = Number.MAX_SAFE_INTEGER;

async function move({from, to, now, log, tell}: MoveOptions): Promise<Map<string, number>> {
  const file = from.replace(/^sqlite:/, '');
  if (!from.startsWith('sqlite:') || !existsSync(file))
    throw new StoreRefused(`${from} is no SQLite store that is there`);
  const address = parseAddress(to);
  await migrate(address, log);
  const source = open({
    file,
    bounds: {maxOutbound: unbounded, maxOutboundPerPlatform: unbounded},
    now,
    maxPages: undefined,
    secrecy: undefined,
  });
  const client = new pg.Client(address.config);
  client.on('error', () => {});
  try {
    await client.connect();
    const moved = await copyAll(new Database(file, {readonly: true}), client, address, tell);
    renameSync(file, `${file}.moved`);
    return moved;
  } finally {
    await client.end().catch(() => {});
    source.close();
  }
}

async function copyAll(
  database: Database.Database,
  client: pg.Client,
  {schema, name}: Address,
  tell: MoveOptions['tell'],
): Promise<Map<string, number>> {
  const moved = new Map<string, number>();
  try {
    await client.query(`
      begin; set local search_path = ${schema}; set local synchronous_commit = on;
      lock table message, replica in exclusive mode`);
    const used = await client.query('select 1 from message union all select 1 from replica limit 1');
    if (used.rows.length > 0) {
      throw new StoreRefused(
        `${name} has messages, or a gateway that runs on it; name a schema nobody has used: ?schema=…`,
      );
    }
    for (const table of tablesOf(database)) {
      moved.set(table, await copyTable(database, client, table, rows => tell(`${table}: ${rows}`)));
    }
    for (const statement of afterwards) await client.query(statement);
    await client.query('commit');
    return moved;
  } finally {
    database.close();
  }
}

function tablesOf(database: Database.Database): string[] {
  const listed = database.prepare(
    `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name`,
  );
  return (listed.all() as Array<{name: string}>).map(({name}) => name);
}

async function copyTable(
  database: Database.Database,
  client: pg.Client,
  table: string,
  onRows: (rows: number) => void,
): Promise<number> {
  const columns = (database.pragma(`table_info(${table})`) as Array<{name: string}>).map(({name}) => name).join(', ');
  const insert = `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`;
  let count = 0;
  let rows: unknown[] = [];
  for (const row of database.prepare(`select ${columns} from ${table}`).iterate()) {
    rows.push(row);
    if (rows.length < rowsAtOnce) continue;
    await client.query(insert, [toJson(rows)]);
    count += rows.length;
    rows = [];
    onRows(count);
  }
  if (rows.length > 0) await client.query(insert, [toJson(rows)]);
  return count + rows.length;
}

/** A text of PostgreSQL can hold every character but NUL. */
function toJson(rows: readonly unknown[]): string {
  return JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value,
  );
}

/** Numbers go on after the highest there is, what waits is counted, and every lane is listed: many replicas know none by heart. */
const afterwards = [
  'update job set lane = lone, lone = null where lone is not null',
  `do $$
    declare given record;
    begin
      for given in select table_name, column_name from information_schema.columns
        where table_schema = current_schema() and is_identity = 'YES'
      loop
        execute format('select setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) from %I',
          given.table_name, given.column_name, given.column_name, given.table_name);
      end loop;
    end $$`,
  `select setval(pg_get_serial_sequence('message', 'seq'), max(last) + 1, false) from (
    select max(seq) as last from message union all select value from meta where key = '${lastNumber}' union all select 0) as numbers`,
  `select setval('fence', greatest((select coalesce(max(fence), 0) from job), (select coalesce(max(value), 0) from meta where key = 'epoch') * 4294967296) + 1)`,
  `insert into queue_count (replica, writer, queue, waiting, outbound)
    select 0, 0, queue, count(*) filter (where state <> 'leased'), 0 from job group by queue
    union all select 0, 0, 0, 0, count(*) from job where kind = 'outbound'`,
];
