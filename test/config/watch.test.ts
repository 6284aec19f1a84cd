import {appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {readSources} from '../../src/config/sources.ts';
import {watchSources} from '../../src/config/watch.ts';
import {until} from '../helpers/until.ts';

const log = {debug() {}, info() {}, warn() {}, error() {}};

function open(t: ExecutionContext, lookMs = 600_000) {
  const folder = mkdtempSync(join(tmpdir(), 'watch-'));
  const path = join(folder, 'gateway.yaml');
  const secret = join(folder, 'elsewhere', 'password');
  writeFileSync(path, `password: \${file:${secret}}\n`);
  let changes = 0;
  const {digest: since} = readSources(path);
  async function onChange(): Promise<void> {
    changes += 1;
  }
  const unwatch = watchSources({path, since, settleMs: 30, lookMs, onChange, log});
  t.teardown(async () => {
    await unwatch();
    rmSync(folder, {recursive: true, force: true});
  });
  return {folder, path, secret, changes: () => changes};
}

test('a file renamed into the place of another is noticed, and the next one too', async t => {
  const {folder, path, changes} = open(t);
  for (const count of [1, 2]) {
    writeFileSync(join(folder, 'new'), `listen: {port: ${count}}\n`);
    renameSync(join(folder, 'new'), path);
    await until('the change', () => changes() >= count);
  }
  t.is(changes(), 2);
});

test('channels.d is noticed although it was not there, and what a file reference names', async t => {
  const {folder, secret, changes} = open(t);
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(join(folder, 'channels.d', 'first.yaml'), 'id: "1"\n');
  await until('the first channel', () => changes() > 0);
  const before = changes();
  writeFileSync(join(folder, 'channels.d', 'second.yaml'), 'id: "2"\n');
  await until('the second channel', () => changes() > before);
  const after = changes();
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(secret, 'secret-1\n');
  writeFileSync(join(folder, 'channels.d', 'third.yaml'), 'id: "3"\n');
  await until('the secret', () => changes() > after);
  const last = changes();
  writeFileSync(secret, 'secret-2\n');
  await until('the next secret', () => changes() > last);
  t.pass();
});

test('what changed before anybody watched is noticed', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'watch-'));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, 'listen: {port: 1}\n');
  const {digest: since} = readSources(path);
  writeFileSync(path, 'listen: {port: 2}\n');
  const seen = Promise.withResolvers<string>();
  const onChange = async () => seen.resolve('changed');
  const unwatch = watchSources({path, since, settleMs: 30, lookMs: 600_000, onChange, log});
  t.is(await seen.promise, 'changed');
  await unwatch();
  rmSync(folder, {recursive: true, force: true});
});

test('files that are only touched are not changed', t => {
  const {path} = open(t);
  const {digest} = readSources(path);
  utimesSync(path, new Date(), new Date());
  t.is(readSources(path).digest, digest);
  appendFileSync(path, '# a comment\n');
  t.not(readSources(path).digest, digest);
});

test('a folder that tells nothing is looked into all the same', async t => {
  const {secret, changes} = open(t, 30);
  mkdirSync(join(secret, '..'));
  writeFileSync(secret, 'secret-1\n');
  await until('the change', () => changes() > 0);
  t.pass();
});
