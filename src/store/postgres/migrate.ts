import pg from 'pg';
import type {Log} from '../../core/log.ts';
import {StoreRefused} from '../refused.ts';
import type {Address} from './address.ts';
import {toFailing, toState} from './failure.ts';
import {migrations} from './migrations.ts';

/** PostgreSQL 14: the oldest version with its support not long over, and with `xid8`. */
const oldestServer = 140_000;
const againMs = 1000;
const waitMs = 30_000;
const connectMs = 5000;
const settings = `
  select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
    current_setting('full_page_writes') as pages, current_setting('server_encoding') as encoding`;
/** What every text can be written in; `SQL_ASCII` keeps bytes as they come. */
const encodings = ['UTF8', 'SQL_ASCII'];
/** Its certificate is not trusted, or is another's (Node's TLS error codes). */
const distrusts = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
/** The user or the database is not there, a right is missing: waiting does not help. */
const lasting = /^(28|3D|42501|0A)/;

/** Makes or completes the tables, one replica after the other; waits a while for a server that is starting. */
export async function migrate(address: Address, log: Log): Promise<void> {
  for (let waited = 0; ; waited += againMs) {
    try {
      return await migrateOnce(address, log);
    } catch (error) {
      if (error instanceof StoreRefused) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
      const isLasting = lasting.test(toState(error)) || distrusts.test(code) || toFailing(error) === 'fault';
      if (isLasting || waited >= waitMs) throw toRefused(address, code);
      log.warn('store.waits', {database: address.name, why: code});
      await new Promise(resolve => setTimeout(resolve, againMs));
    }
  }
}

function toRefused({name, schema}: Address, code: string): StoreRefused {
  return new StoreRefused(
    `the database ${name} can't be used (${code}); its user needs to log in, and to create in the schema ${schema} (or to create that schema)`,
  );
}

async function migrateOnce(address: Address, log: Log): Promise<void> {
  const client = new pg.Client({...address.config, connectionTimeoutMillis: connectMs});
  client.on('error', () => {});
  await client.connect();
  try {
    await examineServer(client, address, log);
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [address.toLockKey('migrate')]);
    await applyAll(client, address, log);
    await client.query('commit');
  } finally {
    await client.end().catch(() => {});
  }
}

interface ServerSettings {
  version: number;
  fsync: string;
  pages: string;
  encoding: string;
}

async function examineServer(client: pg.Client, {name}: Address, log: Log): Promise<void> {
  const {rows} = await client.query<ServerSettings>(settings);
  const [server] = rows;
  if (server === undefined) throw new Error('the database told no settings');
  const {version, fsync, pages, encoding} = server;
  if (version < oldestServer)
    throw new StoreRefused(`the server of ${name} is version ${version}; the store needs PostgreSQL 14 or later`);
  if (!encodings.includes(encoding))
    throw new StoreRefused(
      `the database ${name} is in ${encoding}, which can't write every text; make one in UTF8 (create database … encoding 'UTF8' template template0)`,
    );
  if (fsync === 'off') log.warn('store.not_durable', {why: 'fsync is off'});
  if (pages === 'off') log.warn('store.not_durable', {why: 'full_page_writes is off'});
}

async function applyAll(client: pg.Client, {schema}: Address, log: Log): Promise<void> {
  const {rows} = await client.query('select to_regnamespace($1) is null as missing', [schema]);
  if (rows[0]?.missing === true) await client.query(`create schema ${schema}`);
  await client.query(`set local search_path = ${schema}`);
  await client.query(
    'create table if not exists migration (name text primary key, at timestamptz not null default now())',
  );
  const applied = await client.query<{name: string}>('select name from migration');
  const known = new Set(applied.rows.map(({name}) => name));
  for (const {name, sql} of migrations) {
    if (known.delete(name)) continue;
    await client.query(sql);
    await client.query('insert into migration (name) values ($1)', [name]);
    log.info('store.migrated', {name});
  }
  if (known.size > 0) {
    log.warn('store.newer', {why: `a newer version has been here (${[...known].join(', ')}); finish the update soon`});
  }
}
