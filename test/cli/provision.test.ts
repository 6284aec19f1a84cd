import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {run} from '../helpers/run-command.ts';
import {startTenant} from '../provisioning/setup/file.ts';

test('plan, apply, remove and restore by the command line', async t => {
  const {nexus, folder, path} = await startTenant(t);
  const env = {GATEWAY_CONFIG: path};
  const planned = await run(['provision', 'plan'], env);
  t.is(planned.code, 1);
  t.regex(planned.out, /\+ channel 16504661149: webhook https:.*secrets \*{8}\n/);

  const applied = await run(['provision', 'apply', '--yes', '--backup', join(folder, 'b1')], env);
  t.is(applied.code, 0, applied.err);
  t.regex(applied.out, /What stood before is kept in .*\nacme: service Async: written\nacme: service SMS: written\n/);
  const again = await run(['provision', 'plan', '--json'], env);
  t.is(again.code, 0);
  t.false(JSON.parse(again.out).pending);
  t.is((await run(['provision', 'apply'], env)).out, 'All is as it should be.\n');

  const before = nexus.services.get('Async');
  const removed = await run(['provision', 'remove', '72345', '--yes', '--backup', join(folder, 'b2')], env);
  t.is(removed.code, 0);
  t.regex(removed.out, /written\nThe file still has 72345: take it out, or the next apply brings it back\.\n$/);
  const restored = await run(['provision', 'restore', join(folder, 'b2'), '--backup', join(folder, 'b3')], env);
  t.is(restored.out, `What stood before is kept in ${join(folder, 'b3')}.\nacme: service Async: put back\n`);
  t.deepEqual(nexus.services.get('Async'), before);
});

test('nothing is written where nobody can be asked', async t => {
  const {nexus, folder, path} = await startTenant(t);
  const {code, err} = await run(['provision', 'apply', '--backup', join(folder, 'b')], {GATEWAY_CONFIG: path});
  t.is(code, 64);
  t.regex(err, /look at the plan, then say --yes/);
  t.is(nexus.services.size, 0);
  t.false(existsSync(join(folder, 'b')));
});

test('exports by kind', async t => {
  const {path} = await startTenant(t);
  const {code, out} = await run(['provision', 'export', 'cfg', '--config', path]);
  t.is(code, 0);
  t.true(out.startsWith('[chat.SMS_Main]\nchannelId=16504661149\n'));
  t.is((await run(['provision', 'export', 'pdf', '--config', path])).code, 64);
});

test('tells faults by their exit codes', async t => {
  const {nexus, path} = await startTenant(t);
  const plan = ['provision', 'plan', '--config', path];
  nexus.fault({status: 401, times: 1});
  t.is((await run(plan)).code, 77);
  nexus.fault({status: 500, times: 1});
  t.is((await run(plan)).code, 69);
  nexus.fault({status: 200, body: '<html>', times: 1});
  t.is((await run(plan)).code, 1);
  await nexus.stop();
  const {code, err} = await run(plan);
  t.is(code, 69);
  t.regex(err, /gave no answer \(ECONNREFUSED\)/);
  t.is((await run(['provision', 'plan', '--config', '/nowhere.yaml'])).code, 78);
  t.is((await run(['provision', 'restore', '/nowhere', '--config', path])).code, 1);
  t.is((await run(['provision'])).code, 64);
});
