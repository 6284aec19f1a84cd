import test, {type ExecutionContext} from 'ava';
import type {Log} from '../../src/core/log.ts';
import {moveStore} from '../../src/store/move.ts';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import {StoreRefused} from '../../src/store/refused.ts';
import * as kit from './contract/kit.ts';
import {toOutbound} from './contract/kit.ts';
import {startServer} from './open-postgres.ts';
import {openSqlite} from './open-sqlite.ts';
import {silent} from './silent.ts';

/** A store on a server with these settings, and what its log was told of durability. */
async function open(t: ExecutionContext, settings: Readonly<Record<string, string>>) {
  t.timeout(120_000);
  const server = await startServer(settings);
  t.teardown(() => server.stop());
  const warnings: unknown[] = [];
  const warn: Log['warn'] = (code, detail) => {
    if (code === 'store.not_durable') warnings.push(detail);
  };
  async function openStore() {
    const url = server.newUrl();
    const store = await openPostgresStore({url, maxOutbound: 100, log: {...silent, warn}, onReady() {}});
    t.teardown(() => store.close());
    return {store, url, schema: new URL(url).searchParams.get('schema')};
  }
  return {server, openStore, warnings};
}

/** A server whose role does not wait for the disk; `settings` tells with which setting rows of `schema` were written. */
async function openCareless(t: ExecutionContext) {
  const opened = await open(t, {});
  const {server} = opened;
  await server.query('alter role gateway set synchronous_commit = off');
  const asked = await server.query(`select current_setting('synchronous_commit') as setting`);
  t.deepEqual(asked, [{setting: 'off'}]);

  async function watch(schema: string | null): Promise<() => Promise<unknown>> {
    await server.query(`
      create table ${schema}.written (setting text);
      create function ${schema}.note() returns trigger language plpgsql as
        $$ begin insert into ${schema}.written values (current_setting('synchronous_commit')); return null; end $$;
      create trigger note after insert or update on ${schema}.message
        for each statement execute function ${schema}.note()`);
    return () => server.query(`select distinct setting from ${schema}.written`);
  }

  return {...opened, watch};
}

test('a text is on disk when it is answered, whatever its role’s own setting says', async t => {
  const {openStore, watch, warnings} = await openCareless(t);
  const {store, schema} = await openStore();
  const settings = await watch(schema);
  await store.acceptOutbound(toOutbound('m1'));
  await kit.startSegment(store, await kit.claimOne(store));
  t.deepEqual(await settings(), [{setting: 'on'}]);
  t.deepEqual(warnings, []);
});

test('and so is what was moved when its file is put aside', async t => {
  const {openStore, watch} = await openCareless(t);
  const {store: first, schema, url} = await openStore();
  await first.close();
  const settings = await watch(schema);
  const {store, file} = await openSqlite(t);
  await store.acceptOutbound(toOutbound('m1'));
  await store.close();
  const result = await moveStore({from: `sqlite:${file}`, to: url, now: Date.now(), log: silent, tell() {}});
  t.true('moved' in result && result.moved.get('message') === 1);
  t.deepEqual(await settings(), [{setting: 'on'}]);
});

test('a server that may lose what it has committed is told of', async t => {
  const {openStore, warnings} = await open(t, {fsync: 'off', full_page_writes: 'off'});
  await openStore();
  t.deepEqual(warnings, [{why: 'fsync is off'}, {why: 'full_page_writes is off'}]);
});

const database = 'latin';

test('a database that can not write every text is refused', async t => {
  const {server} = await open(t, {fsync: 'off'});
  await server.query(`create database ${database} encoding 'LATIN1' template template0`);
  const url = server.newUrl().replace('/postgres?', `/${database}?`);
  const opening = openPostgresStore({url, maxOutbound: 100, log: silent, onReady() {}});
  await t.throwsAsync(opening, {instanceOf: StoreRefused, message: /is in LATIN1.*make one in UTF8/});
});

test('and one that knows of no encoding gives back what was written', async t => {
  const {server} = await open(t, {fsync: 'off'});
  await server.query(`create database ${database} encoding 'SQL_ASCII' template template0`);
  const url = server.newUrl().replace('/postgres?', `/${database}?`);
  const store = await openPostgresStore({url, maxOutbound: 100, log: silent, onReady() {}});
  t.teardown(() => store.close());
  const text = 'It’s €5 – 早く 🙂';
  await store.acceptOutbound(toOutbound('m1', {text}));
  t.like(await kit.claimOne(store), {work: {outbound: {text}}});
});
