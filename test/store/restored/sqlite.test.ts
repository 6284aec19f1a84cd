import {spawn} from 'node:child_process';
import {copyFile, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import Database from 'better-sqlite3';
import {openStore} from '../../../src/store/index.ts';
import type {Store} from '../../../src/store/store.ts';
import * as kit from '../contract/kit.ts';
import {stateOf, toOutbound} from '../contract/kit.ts';
import {makeFolder} from '../open-sqlite.ts';
import {createListener, expectAlive, expectAside, expectPartAside, fill, phoneOf, sixHoursMs} from './kit.ts';

interface World {
  file: string;
  clock: {now: number};
  told: ReturnType<typeof createListener>['told'];
  open(options?: {file?: string; isRestored?: boolean}): Promise<Store>;
}

async function makeWorld(t: ExecutionContext): Promise<World> {
  const own = join(await makeFolder(t), 'gateway.db');
  const clock = {now: kit.startOfTime};
  const {log, told} = createListener();
  return {
    file: own,
    clock,
    told,
    async open({file = own, ...rest} = {}) {
      const options = {maxOutbound: 1000, now: () => clock.now, log, onReady() {}, onLost() {}, ...rest};
      const store = await openStore({url: `sqlite:${file}`, ...options});
      t.teardown(() => store.close());
      return store;
    },
  };
}

/** As the README says, while the gateway runs. */
async function backUp(file: string): Promise<string> {
  const copy = `${file}.copy`;
  const database = new Database(file);
  await database.backup(copy);
  database.close();
  return copy;
}

/** As the README says, while no gateway runs. */
async function putBack(copy: string, file: string): Promise<void> {
  for (const rest of ['-wal', '-shm']) await rm(`${file}${rest}`, {force: true});
  await copyFile(copy, file);
}

test('nothing leaves by itself of a backup of six hours ago, and everything else goes on', async t => {
  const {file, clock, told, open} = await makeWorld(t);
  const store = await open();
  await fill(store);
  const copy = await backUp(file);
  clock.now += sixHoursMs;
  await store.acceptOutbound(toOutbound('later', {to: phoneOf(8)}));
  await store.close();
  await putBack(copy, file);

  const restored = await open();
  await expectAside(t, restored);
  t.deepEqual(told, [{why: 'it is older than the store that was here last', count: 7}]);
  await expectPartAside(t, restored);
  await expectAlive(t, restored);
  await restored.close();
  await open();
  t.is(told.length, 1, 'from then on it is the store that was here last');
});

test('a backup put back on another machine is known by what is missing beside it', async t => {
  const {file, told, open} = await makeWorld(t);
  const store = await open();
  await fill(store);
  const copy = await backUp(file);
  await store.close();
  const elsewhere = join(await makeFolder(t), 'gateway.db');
  await putBack(copy, elsewhere);
  await expectAside(t, await open({file: elsewhere}));
  t.regex(String(told[0]?.why), /it was copied here/);
});

test('a whole folder that was put back is a backup when an operator says so', async t => {
  const {file, told, open} = await makeWorld(t);
  const store = await open();
  await fill(store);
  await store.close();
  const elsewhere = join(await makeFolder(t), 'gateway.db');
  for (const rest of ['', '.seen']) await copyFile(`${file}${rest}`, `${elsewhere}${rest}`);
  await expectAside(t, await open({file: elsewhere, isRestored: true}));
  t.is(told[0]?.why, 'an operator said so');
});

test('a store that was only away for long, moved with its folder, or killed, is no backup', async t => {
  const {file, clock, told, open} = await makeWorld(t);
  const store = await open();
  await store.acceptOutbound(toOutbound('m1', {expiresInMs: 10 * sixHoursMs}));
  await store.close();
  clock.now += sixHoursMs;
  await (await open()).close();
  const elsewhere = join(await makeFolder(t), 'gateway.db');
  for (const rest of ['', '.seen']) await copyFile(`${file}${rest}`, `${elsewhere}${rest}`);
  const moved = await open({file: elsewhere});
  t.is((await moved.claim(kit.everyOutbound, 10)).length, 1);
  t.deepEqual(told, []);
});

test('a process that is killed at any moment leaves no store that looks like a backup', async t => {
  const {file, told, open} = await makeWorld(t);
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', 'streamer.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('lost started') && printed.length > 5000) child.kill('SIGKILL');
  }
  const store = await open();
  t.deepEqual(told, []);
  t.is(await stateOf(store, 'lost'), 'unknown');
});

test('setting aside that was cut short is gone on with', async t => {
  const {file, told, open} = await makeWorld(t);
  const store = await open();
  await fill(store);
  await store.close();
  const database = new Database(file);
  database.exec(`insert into meta (key, value) values ('restored', 1) on conflict (key) do update set value = 1`);
  database.close();
  await expectAside(t, await open());
  t.is(told[0]?.why, 'setting aside was cut short');
});

test('a witness that can not be read is none', async t => {
  const {file, told, open} = await makeWorld(t);
  const store = await open();
  await fill(store);
  await store.close();
  t.regex(await readFile(`${file}.seen`, 'utf8'), /^\d+ \d+ +\n$/);
  await writeFile(`${file}.seen`, 'odd');
  await expectAside(t, await open());
  t.is(told.length, 1);
});

test('a store of the version before, which has no witness, is no backup', async t => {
  const {file, told, open} = await makeWorld(t);
  const store = await open();
  await store.acceptOutbound(toOutbound('m1'));
  await store.close();
  const database = new Database(file);
  database.exec(`delete from meta where key in ('store', 'beat')`);
  database.close();
  await rm(`${file}.seen`);
  t.is((await (await open()).claim(kit.everyOutbound, 10)).length, 1);
  t.deepEqual(told, []);
});
