import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {StoreRefused} from '../../src/gateway.ts';
import {createLog} from '../../src/log.ts';
import {startSandbox} from '../../src/sandbox.ts';

test('a folder that can not be written is told as that, and nothing stays started', async t => {
  const place = mkdtempSync(join(tmpdir(), 'sandbox-'));
  t.teardown(() => rmSync(place, {recursive: true, force: true}));
  const folder = join(place, 'data');
  writeFileSync(folder, 'a file');
  const lines: string[] = [];
  const log = createLog({level: 'warn', pretty: false, destination: {write: line => void lines.push(line)}});
  const print = (line: string) => void lines.push(line);
  const refused = await t.throwsAsync(
    startSandbox({folder, publicPort: 0, managementPort: 0, log, onLost: error => t.fail(error.message), print}),
    {instanceOf: StoreRefused},
  );
  t.regex(String(refused?.message), /sandbox\.yaml can't be written \(EEXIST\): start it in a folder where/);
  t.deepEqual(lines, []);
});
