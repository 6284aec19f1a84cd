import {spawn} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {apiKey, ccid} from '../peers.ts';
import {ours, startTenant, toFile} from './file.ts';

test('the exported curl commands do what apply does, in a real shell', async t => {
  const {nexus, folder, open} = await startTenant(t);
  writeFileSync(join(folder, 'commands'), `set -e\n${open().export('curl', '')}`);
  writeFileSync(join(folder, 'nexus-headers'), `x-api-key: ${apiKey}\nx-ccid: ${ccid}\n`, {mode: 0o600});
  const [first, second] = ours.secret;
  const env = {
    PATH: process.env.PATH,
    webhookSecret_16504661149: first?.webhook.secret,
    apiSecret_16504661149: first?.api.secret,
    webhookSecret_72345: second?.webhook.secret,
    apiSecret_72345: second?.api.secret,
  };
  const child = spawn('sh', ['commands'], {cwd: folder, env, stdio: 'ignore'});
  t.is(await new Promise(resolve => child.once('close', resolve)), 0);
  t.deepEqual(nexus.services.get('Async'), {data: {channels: ours.data}, secret: {channels: ours.secret}});
  t.false((await open().plan({})).pending);
});

test('the exported curl commands tell secrets apart that are of one id, or of ids that look alike', async t => {
  const {nexus, write, open} = await startTenant(t);
  const file = toFile(nexus.url);
  const more = (id: string, platform: string, address: string) =>
    `  - {id: "${id}", platform: ${platform}, address: "${address}", webhookSecret: w, apiSecret: a, carriers: [smsc-a]}\n`;
  const beta = `  beta: {type: nexus, url: ${nexus.url}, ccid: another}\ncarriers:\n`;
  write(
    file.replace('carriers:\n', beta) +
      more('16504661149', 'beta', '+16504661150') +
      more('ACME-1', 'acme', 'ACME1') +
      more('ACME_1', 'acme', 'ACME2'),
  );
  const [guard = ''] =
    open()
      .export('curl', '')
      .match(/^: .*&& /m) ?? [];
  t.deepEqual(guard.match(/(?<=webhookSecret_)\w+/g), [
    'acme_16504661149',
    '72345',
    'acme_ACME_1_3',
    'acme_ACME_1_4',
    'beta_16504661149',
  ]);
});

const sendsNothing = test.macro(async (t: ExecutionContext, shell: readonly string[]) => {
  const {nexus, folder, open} = await startTenant(t);
  writeFileSync(join(folder, 'commands'), open().export('curl', ''));
  writeFileSync(join(folder, 'nexus-headers'), `x-api-key: ${apiKey}\nx-ccid: ${ccid}\n`, {mode: 0o600});
  const env = {PATH: process.env.PATH, webhookSecret_16504661149: 'one', apiSecret_16504661149: ''};
  const [program = 'sh', ...more] = shell;
  const child = spawn(program, [...more, 'commands'], {cwd: folder, env, stdio: 'ignore'});
  t.not(await new Promise(resolve => child.once('close', resolve)), 0);
  t.deepEqual(nexus.requests, []);
});

test('the exported curl commands send nothing while a secret is missing', sendsNothing, ['sh']);
test('they send nothing by a shell that goes on after a mistake', sendsNothing, ['sh', '-i']);

test('the exported curl commands need no new curl', async t => {
  const {open} = await startTenant(t);
  const options =
    open()
      .export('curl', '')
      .match(/ --?[a-zA-Z][\w-]*/g) ?? [];
  t.deepEqual([...new Set(options)].sort(), [' --data-binary', ' --fail', ' -H', ' -X']);
});

test('the checklist names what only a person can do, and the channels without a section', async t => {
  const {nexus, write, open} = await startTenant(t);
  write(toFile(nexus.url).replace(/ {4}nexusServices: \{section: chat\.SMS_Main.*\n/, ''));
  const list = open().export('checklist', '');
  t.regex(list, /16504661149 has no nexusServices block/);
  t.regex(list, /Designer: the application for 72345 has a chat endpoint named Campaigns/);
  t.regex(list, /CX Contact: a dialing profile sends by 72345/);
});

test('the JSON for mutagen has both sections', async t => {
  const {open} = await startTenant(t);
  const [transaction] = JSON.parse(open().export('json', 'Acme "1"')).transactions;
  t.is(transaction.tenant, 'Acme "1"');
  t.deepEqual(Object.keys(transaction.userProperties), ['chat.SMS_Main', 'chat.SMS_Campaigns']);
  t.is(transaction.userProperties['chat.SMS_Campaigns'].cxcOnly, 'true');
});
