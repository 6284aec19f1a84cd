import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createAdminServer} from '../../src/sandbox/admin/server.ts';
import {makeFolder, run} from './run.ts';

const secrets = {
  apiKey: 'secret-api-key',
  apikey: 'secret-cluster-key',
  GMAKey: 'secret-gma-key',
  asyncWebhookSignatureKey: 'secret-webhook-key',
  asyncAPISignatureKey: 'secret-channel-key',
  kaleyraPassword: 'secret-kaleyra-password',
  clientSecret: 'secret-client-secret',
  access_token: 'secret-access-token',
  gwsToken: 'secret-gws-token',
  gwsClientSecret: 'secret-gws-client',
  gwsPassword: 'secret-gws-password',
  gaxPassword: 'secret-gax-password',
  gatewayToken: 'secret-gateway-token',
};

const values = {
  ccid: '45acae06-6b7c-4f97-9c76-471cb5c21bf7',
  asyncPhoneNumber: '16504661149',
  asyncWebhookURL: 'https://genesys-webhook.company.com',
  kaleyraUserName: 'acme',
  clientId: 'client',
  tfn: '18885550100',
  orderEmail: 'sms.admin@acme.test.com',
  orderComment: 'ACME',
  designerEndpointName: 'SMS_Endpoint',
  tenantName: 'Acme',
  gwsUser: 'admin',
  gaxUser: 'admin',
  gatewayPlatform: 'acme',
  gatewayCarriers: 'north',
};
const urls = ['nexusURL', 'kaleyraURL', 'gcLoginURL', 'gcAPIURL', 'authURL', 'gwsURL', 'gaxURL', 'gatewayURL'];

const section = ['--section', 'chat.SMS_Main'];
const commands: string[][] = [
  ['service-sms.sh'],
  ['service-mgage.sh'],
  ['service-async.sh'],
  ['service-purecloud-idp.sh'],
  ['service-portico.sh'],
  ['nexus-apikey.sh', '--another', '--env-file', 'acme.env'],
  ['gws-token.sh', '--env-file', 'acme.env'],
  ['gc-token.sh', '--env-file', 'acme.env'],
  ['gc-numbers.sh'],
  ['gc-numbers-available.sh'],
  ['gc-number-order.sh', '--accept-cost'],
  ['gc-order.sh', '1'],
  ['nexus-services.sh', ...section, '--json'],
  ['nexus-services.sh', ...section, '--gax'],
  ['nexus-services.sh', ...section, '--gws'],
  ['gateway-channel.sh', '--folder', 'channels.d'],
];

function makeEnvFolder(t: ExecutionContext): string {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'acme.env'), '', {mode: 0o600});
  return folder;
}

/** A folder of programs that note their arguments and hand over to the real ones: what `ps` would show. */
function makeWatchedPrograms(t: ExecutionContext) {
  const folder = makeFolder(t);
  const seen = join(folder, 'seen');
  mkdirSync(join(folder, 'bin'));
  for (const name of ['curl', 'awk', 'cat', 'cp', 'date', 'find', 'grep', 'mkdir', 'mv', 'rm', 'tr']) {
    const real = execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim();
    const file = join(folder, 'bin', name);
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' ${name} "$@" >>'${seen}'\nexec '${real}' "$@"\n`);
    chmodSync(file, 0o755);
  }
  return {path: `${join(folder, 'bin')}:${process.env.PATH}`, seen: () => readFileSync(seen, 'utf8')};
}

/** A system that takes everything and answers what each script hopes for. */
async function startAll(t: ExecutionContext) {
  const annex = {userproperties: {property: []}};
  const server = await createAdminServer(({method, path}) => {
    if (path.endsWith('/login')) return {status: 200, headers: {'set-cookie': 'session=1'}};
    if (path === '/gax/api/cfg/objects') return {status: 200, body: [{dbid: '1', ...annex}]};
    if (path.endsWith('/token')) return {status: 200, body: {access_token: 'secret-new-token', expires_in: 60}};
    if (path.endsWith('/transactions')) return {status: 200, body: {transactions: [{DBID: '1'}]}};
    if (path.includes('/provisioning/services/') && method === 'GET') return {status: 404};
    return {status: 200, body: {id: '1', orderStatus: 'Complete', data: {id: 'secret-new-key'}}};
  });
  t.teardown(() => server.stop());
  return {server, env: {...values, ...secrets, ...Object.fromEntries(urls.map(name => [name, server.url]))}};
}

for (const [script = '', ...args] of commands) {
  const title = [script, ...args].join(' ');

  test(`${title} has no secret among the arguments of a program, nor in what it says`, async t => {
    const {server, env} = await startAll(t);
    const programs = makeWatchedPrograms(t);
    const folder = makeEnvFolder(t);
    const {stdout, stderr} = await run(t, script, args, {env: {...env, PATH: programs.path}, folder});
    t.true(programs.seen().includes(script === 'nexus-services.sh' && args.includes('--json') ? 'awk' : 'curl'));
    t.notRegex(programs.seen() + stdout + stderr, /secret-/);
    t.true(server.requests.length > 0 || args.includes('--json'), stderr);
  });

  test(`${title} --dry-run shows no secret and changes nothing`, async t => {
    const {server, env} = await startAll(t);
    const folder = makeEnvFolder(t);
    const {code, stdout, stderr} = await run(t, script, [...args, '--dry-run'], {env, folder});
    t.is(code, 0, stderr);
    t.notRegex(stdout + stderr, /secret-/);
    const changes = server.requests.filter(({method, path}) => method !== 'GET' && !path.endsWith('/login'));
    t.deepEqual(changes, []);
    t.false(existsSync(join(folder, 'channels.d')));
  });
}

test('a new token and a new key go into the env file alone, which others may not read', async t => {
  const {env} = await startAll(t);
  const folder = makeEnvFolder(t);
  for (const script of ['gc-token.sh', 'gws-token.sh', 'nexus-apikey.sh']) {
    const args = script === 'nexus-apikey.sh' ? ['--another'] : [];
    const {stdout, stderr} = await run(t, script, [...args, '--env-file', 'acme.env'], {env, folder});
    t.notRegex(stdout + stderr, /secret-/);
  }
  const text = readFileSync(join(folder, 'acme.env'), 'utf8');
  t.is(text, 'access_token="secret-new-token"\ngwsToken="secret-new-token"\napikey="secret-new-key"\n');
});
