import {spawn} from 'node:child_process';
import {chmod, mkdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Worker} from 'node:worker_threads';
import test from 'ava';
import Database from 'better-sqlite3';
import {openStore, StoreRefused} from '../../src/store/index.ts';
import {type Claim, StoreUnavailable} from '../../src/store/store.ts';
import * as kit from './contract/kit.ts';
import {storeContract} from './contract.ts';
import {makeFolder, openSqlite} from './open-sqlite.ts';
import {silent} from './silent.ts';

storeContract(openSqlite);

function openFile(file: string) {
  const rest = {maxOutbound: 10, now: () => kit.startOfTime, log: silent, onReady() {}, onLost() {}};
  return openStore({url: `sqlite:${file}`, ...rest});
}

test('everything acknowledged is there after SIGKILL in the middle of a stream', async t => {
  const file = join(await makeFolder(t), 'gateway.db');
  const child = spawn(process.execPath, [join(import.meta.dirname, 'streamer.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('lost started') && printed.length > 20_000) child.kill('SIGKILL');
  }
  const store = await openFile(file);
  t.teardown(() => store.close());
  const told = printed
    .split('\n')
    .slice(0, -1)
    .map(line => line.split(' ')[0] ?? '');
  t.true(told.length > 500);
  const records = await Promise.all(told.map(id => store.get(id, true)));
  t.deepEqual(
    told.filter((_, index) => records[index]?.text === undefined),
    [],
  );
  t.is(await kit.stateOf(store, 'sent'), 'sent');
  t.is(await kit.stateOf(store, 'lost'), 'unknown');
  t.deepEqual(
    (await store.dueWatches(10)).filter(({state}) => state === 'unknown').map(({messageId}) => messageId),
    ['lost'],
  );
});

test('a second store on one file is refused, in this process and in another, until the first is closed', async t => {
  const {file, store} = await openSqlite(t);
  await t.throwsAsync(openFile(file), {instanceOf: StoreRefused, message: /another process uses/});
  await store.acceptOutbound(kit.toOutbound('m1'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'streamer.ts'), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let complaint = '';
  for await (const chunk of child.stderr) complaint += chunk;
  t.regex(complaint, /another process uses/);
  await store.close();
  const again = await openFile(file);
  t.is((await again.get('m1', false))?.state, 'accepted');
  await again.close();
});

test('files and folder are for their owner only', async t => {
  const {file, store} = await openSqlite(t);
  await store.acceptOutbound(kit.toOutbound('m1'));
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`])
    t.is((await stat(path)).mode & 0o777, 0o600, path);
  t.is((await stat(join(file, '..'))).mode & 0o777, 0o700);
});

test('a file that others could read is closed to them', async t => {
  const file = join(await makeFolder(t), 'gateway.db');
  await writeFile(file, '');
  await chmod(file, 0o644);
  await (await openFile(file)).close();
  t.is((await stat(file)).mode & 0o777, 0o600);
});

const refuses = test.macro({
  async exec(t, make: (folder: string) => Promise<string>, message: RegExp) {
    const file = await make(await makeFolder(t));
    const error = await t.throwsAsync(openFile(file), {instanceOf: StoreRefused, message});
    t.is((error as StoreRefused).exitCode, 78);
  },
  title: title => `refuses ${title}, with exit code 78`,
});

test('a folder', refuses, makeFolderIn, /is not a file/);
test('a file that is no database', refuses, makeNoDatabase, /can't be used as a store/);
test('a file of a newer version', refuses, makeNewer, /newer version/);
test('a place where nothing can be written', refuses, async () => '/dev/null/gateway.db', /folder must be writable/);
test('an empty name', refuses, async () => '', /has no file/);

async function makeFolderIn(folder: string): Promise<string> {
  await mkdir(join(folder, 'gateway.db'));
  return join(folder, 'gateway.db');
}

async function makeNoDatabase(folder: string): Promise<string> {
  await writeFile(join(folder, 'gateway.db'), 'a letter '.repeat(1000));
  return join(folder, 'gateway.db');
}

async function makeNewer(folder: string): Promise<string> {
  const database = new Database(join(folder, 'gateway.db'));
  database.pragma('user_version = 999');
  database.close();
  return join(folder, 'gateway.db');
}

test('refuses what it has no engine for', async t => {
  const rest = {maxOutbound: 10, now: () => 0, log: silent, onReady() {}, onLost() {}};
  for (const url of ['postgres://', 'mysql://db/gateway', 'data/gateway.db']) {
    await t.throwsAsync(openStore({url, ...rest}), {instanceOf: StoreRefused});
  }
});

test('what gathers while a commit runs shares the next one', async t => {
  const {store} = await openSqlite(t);
  const before = store.counts();
  await Promise.all(Array.from({length: 300}, (_, index) => store.acceptOutbound(kit.toOutbound(`m${index}`))));
  const {groups, calls} = store.counts();
  t.is(calls - before.calls, 300);
  t.true(groups - before.groups <= 2);
});

test('a row that can not be written fails alone, and the rest of its group is stored', async t => {
  const {store} = await openSqlite(t);
  const good = kit.toOutbound('good');
  const bad = {...kit.toOutbound('bad'), carrier: JSON.parse('null')};
  const answers = await Promise.allSettled([bad, good].map(message => store.acceptOutbound(message)));
  t.deepEqual(
    answers.map(({status}) => status),
    ['rejected', 'fulfilled'],
  );
  t.is(await store.get('bad', false), undefined);
  t.deepEqual(
    (await store.depths()).map(({waiting}) => waiting),
    [1],
  );
});

test('so do many of them', async t => {
  const {store} = await openSqlite(t);
  const carrier: string = JSON.parse('null');
  const messages = Array.from({length: 20}, (_, index) =>
    kit.toOutbound(`m${index}`, index % 2 === 0 ? {carrier} : {}),
  );
  const answers = await Promise.allSettled(messages.map(message => store.acceptOutbound(message)));
  t.is(answers.filter(({status}) => status === 'fulfilled').length, 10);
  t.is((await store.find({limit: 100})).messages.length, 10);
});

test('a full disk refuses what does not fit, and the store goes on by itself when there is room', async t => {
  const {store, file, clock} = await openSqlite(t, {maxOutbound: 1_000_000, maxPages: 200});
  const text = 'x'.repeat(10_000);
  let stored = 0;
  const error = await t.throwsAsync(
    async () => {
      for (; stored < 1000; stored += 1) await store.acceptOutbound(kit.toOutbound(`m${stored}`, {text}));
    },
    {instanceOf: StoreUnavailable},
  );
  t.regex(error?.message ?? '', /SQLITE_FULL/);
  t.true(stored > 10);
  const failed = await Promise.allSettled([1, 2].map(id => store.acceptOutbound(kit.toOutbound(`w${id}`, {text}))));
  t.true(
    failed.every(
      ({status, reason}: {status: string; reason?: unknown}) =>
        status === 'rejected' && reason instanceof StoreUnavailable,
    ),
  );
  t.is((await store.find({limit: 10})).messages[0]?.messageId, `m${stored - 1}`);

  const operator = new Database(file);
  operator.exec('delete from payload where message <= 10');
  operator.close();
  clock.now += 1;
  t.is((await store.acceptOutbound(kit.toOutbound('w1', {text}))).result, 'stored');
  await t.notThrowsAsync(store.probe());
});

test('a store that is locked out of its file says so, and goes on afterwards', async t => {
  const {store, file} = await openSqlite(t);
  const intruder = new Database(file);
  t.teardown(() => intruder.close());
  intruder.exec('begin immediate');
  await t.throwsAsync(store.probe(), {instanceOf: StoreUnavailable, message: /SQLITE_BUSY/});
  await t.throwsAsync(store.acceptOutbound(kit.toOutbound('m1')), {instanceOf: StoreUnavailable});
  intruder.exec('rollback');
  t.is((await store.acceptOutbound(kit.toOutbound('m1'))).result, 'stored');
});

test('close waits for what was asked before it, and refuses what comes after', async t => {
  const {store} = await openSqlite(t);
  const asked = store.acceptOutbound(kit.toOutbound('m1'));
  const closed = store.close();
  await t.throwsAsync(store.acceptOutbound(kit.toOutbound('m2')), {instanceOf: StoreUnavailable});
  t.is((await asked).result, 'stored');
  await closed;
});

test('a store that is closed while it is about to ask its worker is closed once', async t => {
  const url = `sqlite:${join(await makeFolder(t), 'gateway.db')}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'closer.ts'), url]);
  t.teardown(() => child.kill('SIGKILL'));
  const [told, complained] = await Promise.all([child.stdout, child.stderr].map(stream => stream.toArray()));
  t.deepEqual({told: String(told), complained: String(complained)}, {told: 'closed\n', complained: ''});
});

test('when the worker dies, those who wait are told to come later, and the process learns of it', async t => {
  const file = join(await makeFolder(t), 'gateway.db');
  const created = new Promise<Worker>(resolve => process.once('worker', resolve));
  const lost = Promise.withResolvers<Error>();
  const rest = {maxOutbound: 10, now: () => kit.startOfTime, log: silent, onReady() {}, onLost: lost.resolve};
  const store = await openStore({url: `sqlite:${file}`, ...rest});
  const waiting = store.acceptOutbound(kit.toOutbound('m1'));
  await Promise.all([(await created).terminate(), t.throwsAsync(waiting, {instanceOf: StoreUnavailable})]);
  t.true((await lost.promise) instanceof StoreUnavailable);
  await t.throwsAsync(store.probe(), {instanceOf: StoreUnavailable});
  await store.close();
});

test('a clock that is put back delays nothing that waits', async t => {
  const {store, clock} = await openSqlite(t);
  const [now, soon] = ['+14155550101', '+14155550102'];
  await store.acceptOutbound(kit.toOutbound('now', {to: now}));
  await store.acceptOutbound(kit.toOutbound('soon', {to: soon}));
  const claims = await store.claim([kit.bulk], 2);
  for (const claim of claims) await kit.settleRetry(store, claim, {dueInMs: 500});
  await store.acceptOutbound(kit.toOutbound('last'));
  clock.now -= 3_600_000;
  const idOf = ({work}: (typeof claims)[number]) => work.kind === 'outbound' && work.outbound.messageId;
  t.deepEqual((await store.claim([kit.bulk], 10)).map(idOf), ['last']);
  clock.now += 500;
  t.deepEqual((await store.claim([kit.bulk], 10)).map(idOf), ['now', 'soon']);
});

test('nor what comes back to its queue after the clock was put back', async t => {
  const {store, clock} = await openSqlite(t);
  const idOf = ({work}: Claim) => work.kind === 'outbound' && work.outbound.messageId;
  await kit.loseOne(store, 'unanswered', {to: '+14155550101'});
  await store.acceptOutbound(kit.toOutbound('put off', {to: '+14155550102'}));
  await kit.settleRetry(store, await kit.claimOne(store), {dueInMs: 7_200_000});
  clock.now -= 3_600_000;
  await store.resolve({messageId: 'unanswered', events: [], to: 'requeue'});
  await store.hastenTexts({queues: [kit.bulk], texts: {phone: '+14155550102'}, limit: 10});
  t.deepEqual((await store.claim([kit.bulk], 10)).map(idOf).sort(), ['put off', 'unanswered']);
});
