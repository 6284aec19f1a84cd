import test from 'ava';
import {goodFile, writeFiles} from '../helpers/config-file.ts';
import {run} from '../helpers/run-command.ts';

test('tells what a right file amounts to', async t => {
  const path = writeFiles(t, {'gateway.yaml': `${goodFile}store: postgres://sms:s3cret@db/gw\n`});
  const {code, out} = await run(['check', path]);
  t.is(code, 0);
  t.is(
    out.slice(out.indexOf('\n')),
    `

public port      0.0.0.0:8080
public URL       https://sms.example.com
management port  127.0.0.1:8081, 0 tokens
store            postgres://sms:***@db/gw
platforms        acme (desk)
carriers         north (pigeon), south (pigeon)

channel      platform  address       country  priority     carriers      sent within
16504661149  acme      +16504661149  US       interactive  north, south  1 h 0 min
`,
  );
});

test('tells every mistake, with file, line and path, and exits 78', async t => {
  const path = writeFiles(t, {
    'gateway.yaml': goodFile.replace('loft: attic', 'lofft: attic').replace('platform: acme', 'platform: acne'),
  });
  const {code, out, err} = await run(['check', path]);
  t.is(code, 78);
  t.is(out, '');
  t.is(
    err,
    `${path} has 3 mistakes:
  ${path}:6 carriers.north.loft: must be text: it is missing.
  ${path}:6 carriers.north.lofft: is not a setting: did you mean \`loft\`?
  ${path}:10 channels[0].platform: names no platform: did you mean \`acme\`?
`,
  );
});

test('takes the file from GATEWAY_CONFIG', async t => {
  const path = writeFiles(t, {'gateway.yaml': goodFile});
  t.is((await run(['check'], {GATEWAY_CONFIG: path})).code, 0);
});

test('prints both results as JSON', async t => {
  const right = writeFiles(t, {'gateway.yaml': goodFile});
  const summary = JSON.parse((await run(['check', right, '--json'])).out);
  t.true(summary.ok);
  t.deepEqual(summary.channels[0].carriers, ['north', 'south']);
  const {code, out} = await run(['check', '/nowhere.yaml', '--json']);
  t.is(code, 78);
  t.false(JSON.parse(out).ok);
});

test('tells warnings without failing', async t => {
  const path = writeFiles(t, {'gateway.yaml': goodFile.replace('api-secret-1', 'short')});
  const {code, out} = await run(['check', path]);
  t.is(code, 0);
  t.regex(out, /\nWarnings:\n {2}.*gateway\.yaml:\d+ channels\[0\]\.apiSecret: is a secret of fewer than 8 characters/);
});

test('never prints a secret', async t => {
  const path = writeFiles(t, {'gateway.yaml': goodFile});
  const ran = await Promise.all([run(['check', path]), run(['check', path, '--json'])]);
  for (const {out} of ran) t.notRegex(out, /webhook-secret|api-secret/);
});

test('prints the settings', async t => {
  const {code, out} = await run(['check', '--settings']);
  t.is(code, 0);
  t.true(out.startsWith('#### Settings: gateway\n'));
});
