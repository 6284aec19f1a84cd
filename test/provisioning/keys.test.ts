import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createPretendGws} from '../../src/sandbox/admin/gws.ts';
import {ccid, lastWritten, startServices} from './peers.ts';
import {makeFolder, run} from './run.ts';

async function startKeys(t: ExecutionContext) {
  const {nexus} = await startServices(t, {token: 'gws-token'});
  const file = join(makeFolder(t), 'acme.env');
  writeFileSync(file, `nexusURL=${nexus.url}\nccid=${ccid}\n`, {mode: 0o600});
  return {nexus, file, env: {gwsToken: 'gws-token'}};
}

test('nexus-apikey.sh creates the cluster key of the guide and saves it', async t => {
  const {nexus, file, env} = await startKeys(t);
  const {code, stdout, stderr} = await run(t, 'nexus-apikey.sh', ['--env-file', file], {env});
  t.is(code, 0, stderr);
  t.is(
    lastWritten(nexus.requests),
    '{"data":{"enabled":true,"tenant":"*","name":"Portico Cluster API Key","permissions":["nexus:cluster:*"]}}',
  );
  const key = nexus.apiKeys.get('Portico Cluster API Key') ?? 'none';
  t.true(readFileSync(file, 'utf8').endsWith(`\napikey="${key}"\n`));
  t.false(stdout.includes(key));
});

test("nexus-apikey.sh creates a tenant's key by another name", async t => {
  const {nexus, file, env} = await startKeys(t);
  await run(t, 'nexus-apikey.sh', ['--env-file', file, '--kind', 'tenant', '--name', 'Acme "1"'], {env});
  t.deepEqual(JSON.parse(lastWritten(nexus.requests) ?? ''), {
    data: {enabled: true, tenant: ccid, name: 'Acme "1"', permissions: ['nexus:consumer:*']},
  });
});

test('nexus-apikey.sh creates no key that it could not save', async t => {
  const {nexus, file, env} = await startKeys(t);
  // A name with no room for what is written beside it: also root can't.
  const long = join(dirname(file), 'x'.repeat(255));
  writeFileSync(long, readFileSync(file), {mode: 0o600});
  const {code, stderr} = await run(t, 'nexus-apikey.sh', ['--env-file', long], {env});
  t.is(code, 73, stderr);
  t.regex(stderr, /could not be written: nothing was asked for/);
  t.is(nexus.apiKeys.size, 0);
});

test('a new value takes the place of one that is indented', async t => {
  const {nexus, file, env} = await startKeys(t);
  writeFileSync(file, `${readFileSync(file, 'utf8')}  export apikey=\n\tapikey=an-older-one\n`, {mode: 0o600});
  const {code, stderr} = await run(t, 'nexus-apikey.sh', ['--env-file', file, '--another'], {env});
  t.is(code, 0, stderr);
  const key = nexus.apiKeys.get('Portico Cluster API Key') ?? 'none';
  t.deepEqual(readFileSync(file, 'utf8').match(/.*apikey=.*/g), [`apikey="${key}"`]);
});

test('nexus-apikey.sh run twice creates one key', async t => {
  const {nexus, file, env} = await startKeys(t);
  await run(t, 'nexus-apikey.sh', ['--env-file', file], {env});
  const again = await run(t, 'nexus-apikey.sh', ['--env-file', file], {env});
  t.is(again.code, 0);
  t.is(again.stdout, 'apikey: there is one already.\n');
  t.is(nexus.requests.filter(({method}) => method === 'POST').length, 1);
});

test('nexus-apikey.sh does not create a second key of one name', async t => {
  const {nexus, file, env} = await startKeys(t);
  nexus.apiKeys.set('Portico Cluster API Key', 'id');
  const {code, stderr} = await run(t, 'nexus-apikey.sh', ['--env-file', file], {env});
  t.is(code, 3);
  t.regex(stderr, /there is a key named 'Portico Cluster API Key'/);
  t.is(lastWritten(nexus.requests), undefined);
});

test('nexus-apikey.sh does without the list where there is none', async t => {
  const {nexus, file, env} = await startKeys(t);
  nexus.fault({method: 'GET', status: 405});
  t.is((await run(t, 'nexus-apikey.sh', ['--env-file', file], {env})).code, 0);
  t.is(nexus.apiKeys.size, 1);
});

test('nexus-apikey.sh that got no answer warns of a second key', async t => {
  const {nexus, file, env} = await startKeys(t);
  nexus.fault({method: 'POST', silence: 'drop', processed: true});
  const {code, stderr} = await run(t, 'nexus-apikey.sh', ['--env-file', file], {env});
  t.is(code, 75);
  t.regex(stderr, /may have been created\. Look in Provisioning > API Keys/);
});

test('gws-token.sh gets the token for it', async t => {
  const login = {user: 'Acme\\admin', password: 'p&s=w "ö"\n'};
  const gws = await createPretendGws({...login, clientSecret: 'client "secret"'});
  t.teardown(() => gws.stop());
  const env = {
    authURL: gws.url,
    gwsUser: login.user,
    gwsPassword: login.password,
    gwsClientSecret: 'client "secret"',
  };
  const {code, stdout, stderr} = await run(t, 'gws-token.sh', ['--print'], {env});
  t.is(code, 0, stderr);
  t.is(stdout, `${gws.token}\n`);
  const shown = await run(t, 'gws-token.sh', ['--dry-run'], {env});
  t.regex(shown.stdout, /grant_type=password&password=\*{8}\n/);
});

test('new-secrets.sh makes both keys of a channel once, 256 random bits each', async t => {
  const {file} = await startKeys(t);
  const {code, stdout} = await run(t, 'new-secrets.sh', ['--env-file', file]);
  t.is(code, 0);
  const text = readFileSync(file, 'utf8');
  const [webhook, api] = [...text.matchAll(/^async\w+SignatureKey="([\da-f]{64})"$/gm)].map(([, key]) => key);
  t.truthy(webhook);
  t.not(webhook, api);
  t.false(stdout.includes(webhook ?? ''));
  t.is((await run(t, 'new-secrets.sh', ['--env-file', file])).code, 0);
  t.is(readFileSync(file, 'utf8'), text);
});
