import {execFileSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import {openSqliteStore} from '../../src/store/sqlite/index.ts';
import {type Store, StoreUnavailable} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';
import {toOutbound} from '../store/contract/kit.ts';
import {type Server, startServer} from '../store/open-postgres.ts';
import {silent} from '../store/silent.ts';

/** Disks that are really full: small file systems of their own. Mounting them needs root. */

const rest = {maxOutbound: 1_000_000, log: silent, onReady() {}};

function mountDisk(t: ExecutionContext, megabytes: number, owner?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder]);
  } catch {
    throw new Error('this test mounts a small disk: run it as root, or in a container with SYS_ADMIN');
  }
  t.teardown(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, {recursive: true, force: true});
  });
  if (owner !== undefined) execFileSync('chown', [owner, folder]);
  return folder;
}

function phoneOf(number: number): string {
  return `+1415${String(5_550_000 + number)}`;
}

/** Which nothing can make shorter. */
const toText = () => randomBytes(6000).toString('base64');

/** Texts until the store says "later"; those it took. */
async function fillUp(t: ExecutionContext, store: Store, from: number): Promise<string[]> {
  const taken: string[] = [];
  for (let number = from; number < from + 20_000; number += 1) {
    try {
      await store.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number), text: toText()}));
      taken.push(`m${number}`);
    } catch (error) {
      t.true(error instanceof StoreUnavailable, String(error));
      return taken;
    }
  }
  throw new Error('the disk never was full');
}

async function expectAll(t: ExecutionContext, store: Store, ids: readonly string[]): Promise<void> {
  const records = await Promise.all(ids.map(id => store.get(id, true)));
  t.deepEqual(
    ids.filter((_, index) => records[index]?.text === undefined),
    [],
  );
}

async function takesAgain(store: Store, id: string): Promise<void> {
  await until(
    'the store to take texts again',
    () =>
      store.acceptOutbound(toOutbound(id, {to: phoneOf(9999)})).then(
        () => true,
        () => false,
      ),
    60_000,
  );
}

test.serial('SQLite on a full disk says "later", loses nothing, and goes on when there is room', async t => {
  const folder = mountDisk(t, 8);
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(2_000_000));
  const store = await openSqliteStore({file: join(folder, 'data', 'gateway.db'), ...rest, now: Date.now, onLost() {}});
  t.teardown(() => store.close());
  const taken = await fillUp(t, store, 0);
  t.true(taken.length > 10);
  await expectAll(t, store, taken);
  rmSync(ballast);
  await takesAgain(store, 'again');
  await t.notThrowsAsync(store.probe());
  await expectAll(t, store, [...taken, 'again']);
});

async function startOnDisk(t: ExecutionContext): Promise<{server: Server; folder: string}> {
  const server = await startServer();
  t.teardown(() => server.stop());
  const [found] = await server.query(`select current_setting('data_directory') as data`);
  const data = String(found?.data);
  const owner = execFileSync('stat', ['-c', '%u:%g', data]).toString().trim();
  const folder = mountDisk(t, 24, owner);
  const place = join(folder, 'space');
  mkdirSync(place);
  execFileSync('chown', [owner, place]);
  await server.query(`create tablespace small location '${place}'`);
  await server.query(`alter role gateway set default_tablespace = small`);
  return {server, folder};
}

test.serial('PostgreSQL on a full disk says "later", loses nothing, and goes on when there is room', async t => {
  const {server, folder} = await startOnDisk(t);
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(6_000_000));
  const store = await openPostgresStore({url: server.newUrl(), ...rest});
  t.teardown(() => store.close());
  const taken = await fillUp(t, store, 0);
  t.true(taken.length > 10);
  await expectAll(t, store, taken);
  rmSync(ballast);
  await takesAgain(store, 'again');
  await expectAll(t, store, [...taken, 'again']);
});
