import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {StoreRefused} from '../../src/gateway.ts';
import {createLog} from '../../src/log.ts';
import {startSandbox} from '../../src/sandbox.ts';

function start(t: ExecutionContext, folder: string, lines: string[]) {
  const log = createLog({level: 'warn', pretty: false, destination: {write: line => void lines.push(line)}});
  const print = (line: string) => void lines.push(line);
  return startSandbox({folder, publicPort: 0, managementPort: 0, log, onLost: error => t.fail(error.message), print});
}

function makeFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

test('a folder that can not be written is told as that, and nothing stays started', async t => {
  const folder = join(makeFolder(t), 'data');
  writeFileSync(folder, 'a file');
  const lines: string[] = [];
  const refused = await t.throwsAsync(start(t, folder, lines), {instanceOf: StoreRefused});
  t.regex(String(refused?.message), /data can't be written \(EEXIST\): start it in a folder where/);
  t.deepEqual(lines, []);
});

test('a second one in the same folder leaves the file of the first as it is', async t => {
  t.timeout(120_000);
  const folder = makeFolder(t);
  const lines: string[] = [];
  const first = await start(t, folder, lines);
  const file = readFileSync(join(folder, 'sandbox.yaml'), 'utf8');
  await t.throwsAsync(start(t, folder, lines), {instanceOf: StoreRefused});
  t.is(readFileSync(join(folder, 'sandbox.yaml'), 'utf8'), file);
  t.deepEqual(
    readdirSync(folder).filter(name => name.endsWith('.yaml')),
    ['sandbox.yaml'],
  );
  await first.stop();
});
