import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {loadConfig} from '../src/config.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the complete sample of the README has no mistake and no warning', t => {
  const sample = /<!-- sample -->\n```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(path, sample);
  const names = [...sample.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const env = Object.fromEntries(names.map((name, index) => [name, `made-up-value-for-tests-${index}`]));
  const sid = `AC${'0'.repeat(32)}`;
  const config = loadConfig({path, env: {...env, TWILIO_ACCOUNT_SID: sid}});
  t.is(config.channels.length, 2);
  t.deepEqual(config.warnings, []);
});
