import test, {type ExecutionContext} from 'ava';
import {openPostgresStore} from '../../../src/store/postgres/index.ts';
import {setStoreAside} from '../../../src/store/set-aside.ts';
import type {Store} from '../../../src/store/store.ts';
import * as kit from '../contract/kit.ts';
import {type Server, startServer} from '../open-postgres.ts';
import {findBroken} from '../postgres-checks.ts';
import {silent} from '../silent.ts';
import {createListener, expectAlive, expectAside, expectPartAside, fill, sixHoursMs} from './kit.ts';

/**
 * The server for tests comes without pg_dump: what it does is done in SQL. `rows` are all rows of a schema at one moment, as in a dump; they are put
 * into tables made anew (a dump read in again), or into the same tables (as a copy of the server's files or disks leaves them).
 */
let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

type Rows = Map<string, string>;

async function tablesOf(schema: string): Promise<string[]> {
  const listed = await server.query(`select tablename from pg_tables where schemaname = $1 order by 1`, [schema]);
  return listed.map(({tablename}) => String(tablename)).filter(name => name !== 'migration');
}

async function readRows(schema: string): Promise<Rows> {
  const rows: Rows = new Map();
  for (const table of await tablesOf(schema)) {
    const [found] = await server.query(`select coalesce(json_agg(r), '[]')::text as rows from ${schema}.${table} r`);
    rows.set(table, String(found?.rows));
  }
  return rows;
}

async function putBack(schema: string, rows: Rows): Promise<void> {
  for (const [table, json] of rows) {
    await server.query(`truncate ${schema}.${table}`);
    const insert = `insert into ${schema}.${table} select * from json_populate_recordset(null::${schema}.${table}, $1::json)`;
    await server.query(insert, [json]);
  }
  await server.query(`
    do $$ declare given record; begin
      for given in select table_name, column_name from information_schema.columns
        where table_schema = '${schema}' and is_identity = 'YES'
      loop
        execute format('select setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) from ${schema}.%I',
          '${schema}.' || given.table_name, given.column_name, given.column_name, given.table_name);
      end loop;
      perform setval('${schema}.fence', (select coalesce(max(fence), 0) + 1000 from ${schema}.job));
    end $$`);
}

async function setClock(schema: string, now: number): Promise<void> {
  await server.query(
    `create or replace function ${schema}.now_ms() returns bigint language sql volatile as 'select ${now}::bigint'`,
  );
}

async function open(t: ExecutionContext, url: string, isRestored = false) {
  const {log, told} = createListener();
  const store = await openPostgresStore({url, maxOutbound: 1000, log, onReady() {}, isRestored});
  t.teardown(() => store.close());
  return {store, told};
}

function newSchema(): {url: string; schema: string} {
  const url = server.newUrl();
  return {url, schema: new URL(url).searchParams.get('schema') ?? ''};
}

/** A gateway that runs, what a backup of that moment holds, and what it did afterwards. */
async function liveOn(t: ExecutionContext): Promise<{url: string; schema: string; rows: Rows}> {
  const {url, schema} = newSchema();
  const {store} = await open(t, url);
  await setClock(schema, kit.startOfTime);
  await fill(store);
  // A sign of life by this clock, as a gateway that runs gives one each second.
  await server.query(`update ${schema}.replica set seen_at = ${kit.startOfTime}`);
  const rows = await readRows(schema);
  for (const claim of await store.claim([kit.inboundQueue], 10)) await kit.settlePosted(store, claim);
  await store.close();
  await setClock(schema, kit.startOfTime + sixHoursMs);
  return {url, schema, rows};
}

async function expectHeld(t: ExecutionContext, store: Store, schema: string): Promise<void> {
  await expectAside(t, store);
  await expectPartAside(t, store);
  await expectAlive(t, store);
  t.deepEqual(await findBroken(server, schema), []);
}

test.serial('nothing leaves by itself of a copy of files of six hours ago, and everything else goes on', async t => {
  const {url, schema, rows} = await liveOn(t);
  await putBack(schema, rows);
  const {store, told} = await open(t, url);
  await expectHeld(t, store, schema);
  t.is(told.length, 1);
  t.regex(String(told[0]?.why), /no replica was seen here for more than an hour/);
});

test.serial('a dump that was read in again is known by its tables, however young it is', async t => {
  const {rows} = await liveOn(t);
  const {url, schema} = newSchema();
  await (await open(t, url)).store.close();
  await setClock(schema, kit.startOfTime + 1000);
  await putBack(schema, rows);
  const {store, told} = await open(t, url);
  await expectHeld(t, store, schema);
  t.deepEqual(told, [{why: 'its tables were made anew since a replica was here', count: 7}]);
});

test.serial('of replicas that start at once on a backup none claims what it owes', async t => {
  const {url, schema, rows} = await liveOn(t);
  await putBack(schema, rows);
  const opened = await Promise.all([1, 2, 3].map(() => open(t, url)));
  for (const {store} of opened) t.deepEqual(await store.claim([...kit.everyOutbound, kit.inboundQueue], 100), []);
  const [first] = opened;
  if (first !== undefined) await expectAside(t, first.store);
  t.deepEqual(await findBroken(server, schema), []);
  const later = await open(t, url);
  t.deepEqual(later.told, []);
});

test.serial('replicas that said good-bye leave no backup, however long ago that was', async t => {
  const {url, schema} = await liveOn(t);
  const {store, told} = await open(t, url);
  t.deepEqual(told, []);
  t.is((await store.claimOverdue(kit.everyOutbound, 10)).length + (await store.claim(kit.everyOutbound, 10)).length, 2);
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('any store is a backup when an operator says so', async t => {
  const {url, schema, rows} = await liveOn(t);
  await putBack(schema, rows);
  await setClock(schema, kit.startOfTime + 60_000);
  const {store, told} = await open(t, url, true);
  await expectHeld(t, store, schema);
  t.is(told[0]?.why, 'an operator said so');
});

test.serial('it is not said of a database on which replicas live', async t => {
  const {url} = newSchema();
  const {store} = await open(t, url);
  await store.acceptOutbound(kit.toOutbound('m1'));
  const now = () => 0;
  t.regex(JSON.stringify(await setStoreAside({url, log: silent, now})), /a gateway runs on this database/);
  t.is((await store.claim(kit.everyOutbound, 10)).length, 1);
  await store.close();
  t.deepEqual(await setStoreAside({url, log: silent, now}), {count: 1});
});
