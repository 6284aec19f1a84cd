// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what looks like a reference is what is tested.
import {mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type AdminAnswer, createAdminServer} from '../../src/sandbox/admin/server.ts';
import {load} from '../helpers/config-file.ts';
import {customGateway} from './peers.ts';
import {makeFolder, run} from './run.ts';

const parties = `
platforms:
  acme: {type: desk, url: https://desk.example.com}
carriers:
  north: {type: pigeon, loft: attic}
  south: {type: pigeon, loft: tower}
`;

function toReloaded(...changes: string[]): AdminAnswer {
  return {status: 200, body: {applied: true, mistakes: [], warnings: [], changes, needsRestart: []}};
}

type Answer = AdminAnswer | (() => AdminAnswer);

async function startGateway(t: ExecutionContext, answer: Answer = toReloaded('channel acme 16504661149 added')) {
  const gateway = await createAdminServer(({method, path, headers}) => {
    if (method !== 'POST' || path !== '/api/reload') return {status: 404};
    if (headers.authorization !== 'Bearer ops-token') return {status: 401};
    return typeof answer === 'function' ? answer() : answer;
  });
  t.teardown(() => gateway.stop());
  const folder = makeFolder(t);
  const env = {
    ...customGateway,
    gatewayURL: gateway.url,
    gatewayToken: 'ops-token',
    gatewayPlatform: 'acme',
    gatewayCarriers: 'south, north',
    designerEndpointName: 'SMS_Endpoint',
  };
  return {gateway, folder, env, file: join(folder, 'channels.d', '16504661149.yaml')};
}

const into = ['--folder', 'channels.d'];

test('writes a channel the gateway reads as it was meant, hostile secrets too, and has it reloaded', async t => {
  const {gateway, folder, env, file} = await startGateway(t);
  const secrets = {
    asyncWebhookSignatureKey: 'we"b $HOME ${HOME} $${x} ${ \\ #: - é 🔑\n\u0001',
    asyncAPISignatureKey: "'api': {secret} ${file:/etc/passwd}",
  };
  const args = [...into, '--section', 'chat.SMS_Main', '--cxc-only', '--bulk', '--description', 'a: "b" ${c} #d'];
  const {code, stdout, stderr} = await run(t, 'gateway-channel.sh', args, {env: {...env, ...secrets}, folder});
  t.is(code, 0, stderr);
  t.regex(stdout, /and the gateway serves it/);
  t.is(statSync(file).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(join(folder, 'channels.d')), ['16504661149.yaml']);
  t.is(gateway.requests.length, 1);

  const {config, mistakes} = load(t, parties, {}, {'channels.d/16504661149.yaml': readFileSync(file, 'utf8')});
  t.deepEqual(mistakes, []);
  const [channel] = config?.channels ?? [];
  t.is(channel?.address, '+16504661149');
  t.deepEqual(channel?.webhookSecrets, [secrets.asyncWebhookSignatureKey]);
  t.deepEqual(channel?.apiSecrets, [secrets.asyncAPISignatureKey]);
  t.deepEqual(
    channel?.carriers.map(({carrier}) => carrier),
    ['south', 'north'],
  );
  t.is(channel?.priority, 'bulk');
  t.is(channel?.description, 'a: "b" ${c} #d');
  t.deepEqual(
    config?.nexusServices.map(({section, endpoint, cxcOnly}) => ({section, endpoint, cxcOnly})),
    [{section: 'chat.SMS_Main', endpoint: 'chat.SMS_Endpoint', cxcOnly: true}],
  );
});

test('writes a short code with its country', async t => {
  const {folder, env} = await startGateway(t, toReloaded('channel acme 72345 added'));
  await run(t, 'gateway-channel.sh', [...into, '--country', 'US'], {env: {...env, asyncPhoneNumber: '72345'}, folder});
  const text = readFileSync(join(folder, 'channels.d', '72345.yaml'), 'utf8');
  const {config, mistakes} = load(t, parties, {}, {'channels.d/72345.yaml': text});
  t.deepEqual(mistakes, []);
  t.is(config?.channels[0]?.address, '72345');
});

test('may be run twice', async t => {
  const {folder, env, file} = await startGateway(t);
  await run(t, 'gateway-channel.sh', into, {env, folder});
  const first = readFileSync(file, 'utf8');
  t.is((await run(t, 'gateway-channel.sh', into, {env, folder})).code, 0);
  t.is(readFileSync(file, 'utf8'), first);
});

test('takes a new channel back that the gateway did not find, for the folder is another one', async t => {
  const {folder, env} = await startGateway(t, toReloaded('channel acme 18005550100 changed (country)'));
  const {code, stdout, stderr} = await run(t, 'gateway-channel.sh', into, {env, folder});
  t.is(code, 78);
  t.is(stdout, '');
  t.regex(
    stderr,
    /found no new channel 16504661149 in them: channels\.d is not the channels\.d beside its gateway\.yaml/,
  );
  t.deepEqual(readdirSync(join(folder, 'channels.d')), []);
});

test('says it when a file that was there changes nothing', async t => {
  const {folder, env, file} = await startGateway(t, toReloaded());
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(file, 'what stood before');
  const {code, stdout, stderr} = await run(t, 'gateway-channel.sh', into, {env, folder});
  t.is(code, 0, stderr);
  t.regex(stdout, /channels\.d\/16504661149\.yaml, which changes nothing the gateway serves/);
  t.deepEqual(readdirSync(join(folder, 'channels.d')), ['16504661149.yaml']);
});

test('takes a new channel back that the gateway refuses, and tells its mistakes', async t => {
  const mistakes = ['channels.d/16504661149.yaml:6 carriers[1]: no carrier is called moon.'];
  const {folder, env} = await startGateway(t, {status: 422, body: {applied: false, mistakes, warnings: []}});
  const {code, stderr} = await run(t, 'gateway-channel.sh', into, {env, folder});
  t.is(code, 65);
  t.regex(stderr, /no carrier is called moon/);
  t.deepEqual(readdirSync(join(folder, 'channels.d')), []);
});

test('puts back what stood before when the gateway refuses the token', async t => {
  const {folder, env, file} = await startGateway(t);
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(file, 'what stood before');
  const {code} = await run(t, 'gateway-channel.sh', into, {env: {...env, gatewayToken: 'wrong'}, folder});
  t.is(code, 77);
  t.is(readFileSync(file, 'utf8'), 'what stood before');
  t.deepEqual(readdirSync(join(folder, 'channels.d')), ['16504661149.yaml']);
});

test('says it when the gateway is not there', async t => {
  const {gateway, folder, env} = await startGateway(t);
  await gateway.stop();
  const {code, stderr} = await run(t, 'gateway-channel.sh', into, {env, folder});
  t.is(code, 69);
  t.regex(stderr, /16504661149\.yaml is written and the gateway could not be reached\. Check gatewayURL/);
});

test('puts back what the gateway took since a run that was broken off, not what stood before that', async t => {
  const answers = [
    toReloaded(),
    {status: 422, body: {applied: false, mistakes: ['carriers[1]: no carrier is called moon.'], warnings: []}},
  ];
  const {folder, env, file} = await startGateway(t, () => answers.shift() ?? {status: 500});
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(join(folder, 'channels.d/.16504661149.old'), 'what stood before that');
  writeFileSync(file, 'what the gateway took');
  t.is((await run(t, 'gateway-channel.sh', into, {env, folder})).code, 65);
  t.is(readFileSync(file, 'utf8'), 'what the gateway took');
  t.deepEqual(readdirSync(join(folder, 'channels.d')), ['16504661149.yaml']);
});

test('puts back what stood before a run that was broken off, where the gateway does not take its file', async t => {
  const refused = {status: 422, body: {applied: false, mistakes: ['no carrier is called moon.'], warnings: []}};
  const {folder, env, file} = await startGateway(t, refused);
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(join(folder, 'channels.d/.16504661149.old'), 'what stood before that');
  writeFileSync(file, 'what the gateway never took');
  t.is((await run(t, 'gateway-channel.sh', into, {env, folder})).code, 65);
  t.is(readFileSync(file, 'utf8'), 'what stood before that');
});

test('leaves both files of a run that was broken off where the gateway knows neither token nor file', async t => {
  const {folder, env, file} = await startGateway(t);
  mkdirSync(join(folder, 'channels.d'));
  const old = join(folder, 'channels.d/.16504661149.old');
  writeFileSync(old, 'what stood before that');
  writeFileSync(file, 'what the gateway took');
  const {code, stderr} = await run(t, 'gateway-channel.sh', into, {env: {...env, gatewayToken: 'wrong'}, folder});
  t.is(code, 77);
  t.regex(stderr, /refuses the token in gatewayToken/);
  t.is(readFileSync(file, 'utf8'), 'what the gateway took');
  t.is(readFileSync(old, 'utf8'), 'what stood before that');
});

test('a dry run shows file and call, secrets masked, and does neither', async t => {
  const {gateway, folder, env} = await startGateway(t);
  const {code, stdout} = await run(t, 'gateway-channel.sh', [...into, '--dry-run'], {env, folder});
  t.is(code, 0);
  t.regex(stdout, /webhookSecret: "\*{8}"\napiSecret: "\*{8}"\n/);
  t.regex(stdout, /POST .*\/api\/reload\n.*\nAuthorization: Bearer \*{8}\n/);
  t.notRegex(stdout, /signature-key|ops-token/);
  t.is(gateway.requests.length, 0);
  t.deepEqual(readdirSync(folder), []);
});
