import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import test, {type ExecutionContext} from 'ava';
import {createPretendGenesysCloud} from '../../src/sandbox/admin/genesys-cloud.ts';
import {createPretendGws} from '../../src/sandbox/admin/gws.ts';
import {createPretendServices} from '../../src/sandbox/admin/nexus-services.ts';
import {createAdminServer} from '../../src/sandbox/admin/server.ts';
import {makeFolder} from '../provisioning/run.ts';
import {ours, startTenant} from '../provisioning/setup/file.ts';

const root = join(import.meta.dirname, '../..');
const login = {user: 'Acme\\admin', password: 'admin-password', clientSecret: 'client-secret'};
const client = {clientId: 'client', clientSecret: 'cloud-secret'};

/** The blocks of one chapter of the README, in their order. */
function readBlocks(title: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, rest = ''] = readme.split(`\n## ${title}\n`);
  const [chapter = ''] = rest.split(/^## /m);
  return [...chapter.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('');
}

async function startPeers(t: ExecutionContext) {
  const ccid = '45acae06-6b7c-4f97-9c76-471cb5c21bf7';
  const gws = await createPretendGws(login);
  const nexus = await createPretendServices({ccid, apiKey: '9b7682b7-cbce-422f-9bbb-ecda85e61695', token: gws.token});
  const cloud = await createPretendGenesysCloud({...client, available: ['18885550100']});
  const gateway = await createAdminServer(({headers}) => ({
    status: headers.authorization === 'Bearer ops-token' ? 200 : 401,
  }));
  for (const server of [gws, nexus, cloud, gateway]) t.teardown(() => server.stop());
  return {gws, nexus, cloud, gateway};
}

test('every command of the provisioning chapter runs as it is written', async t => {
  const {gws, nexus, cloud, gateway} = await startPeers(t);
  const folder = makeFolder(t);
  symlinkSync(join(root, 'provisioning'), join(folder, 'provisioning'));
  writeFileSync(join(folder, 'commands'), `set -e\n${readBlocks('Provisioning')}`);
  const env = {
    PATH: process.env.PATH,
    nexusURL: nexus.url,
    gatewayURL: gateway.url,
    authURL: gws.url,
    gwsUser: login.user,
    gwsPassword: login.password,
    gwsClientSecret: login.clientSecret,
    kaleyraURL: 'https://directtext.example.com',
    kaleyraUserName: 'acme',
    kaleyraPassword: 'kaleyra-password',
    gcLoginURL: cloud.url,
    gcAPIURL: cloud.url,
    ...client,
    orderEmail: 'sms.admin@acme.test.com',
    orderComment: 'Nexus Premise ACME Corp',
  };
  const {status, stderr} = await runShell(join(folder, 'commands'), folder, env);
  t.is(status, 0, stderr);

  t.deepEqual([...nexus.services.keys()].sort(), ['Async', 'PorticoSMS', 'PurecloudIDP', 'SMS', 'mGageSMS']);
  t.like(nexus.services.get('Async'), {data: {channels: [{channelId: '16504661149'}, {channelId: '18885550100'}]}});
  t.is(nexus.apiKeys.size, 1);
  t.deepEqual(cloud.numbers, ['18885550100']);
  t.is(gateway.requests.length, 1);
  t.true(existsSync(join(folder, 'channels.d', '16504661149.yaml')));
  t.regex(
    readFileSync(join(folder, 'CfgTransaction_annex.cfg'), 'utf8'),
    /^\[chat\.SMS_Main]\nchannelId=16504661149\n/,
  );
});

test('every command of the chapter on the one file runs as it is written', async t => {
  const tenant = await startTenant(t);
  const env = {PATH: `${makeNpx(tenant.folder)}:${process.env.PATH}`, GATEWAY_CONFIG: tenant.path};
  const lines = readBlocks('Provisioning from the one file').trim().split('\n');
  t.is(lines.length, 6);
  for (const [index, line] of lines.entries()) {
    writeFileSync(join(tenant.folder, 'command'), line);
    const {status, stderr} = await runShell('command', tenant.folder, env);
    t.is(status, index === 0 ? 1 : 0, `${line}: ${stderr}`);
  }
  t.deepEqual(tenant.nexus.services.get('Async'), {data: {channels: ours.data}, secret: {channels: ours.secret}});
});

test('from an empty tenant to two-way texts with receipts, by the README alone', async t => {
  const pretend = await startTenantProcess(t);
  const folder = makeFolder(t);
  const blocks = readBlocks('From an empty tenant to two-way texts');
  const typed = /<<'END'\n((?:\w+=.*\n)+)END/.exec(blocks)?.[1] ?? '';
  t.true(typed.trim().split('\n').length <= 12);

  const [publicPort, managementPort] = [await freePort(), await freePort()];
  const own: Values = {...pretend, PUBLIC_URL: `http://127.0.0.1:${publicPort}`};
  const values = typed.replace(/^(\w+)=.*$/gm, (line, name: string) => (own[name] ? `${name}=${own[name]}` : line));
  const commands = blocks
    .replace(typed, values)
    .replaceAll('8080', String(publicPort))
    .replaceAll('8081', String(managementPort));
  writeFileSync(join(folder, 'commands'), `set -e\ntrap 'kill "$!" || :' EXIT\n${commands}`);
  const env = {
    PATH: `${makeNpx(folder)}:${process.env.PATH}`,
    GATEWAY_URL: `http://127.0.0.1:${managementPort}`,
  };
  const {status, stdout, stderr} = await runShell('commands', folder, env);
  t.is(status, 0, stdout + stderr);

  t.regex(stdout, /\n0 ✗, 0 \?, \d+ ✓\n/);
  t.regex(stdout, /✓ delivered, and Nexus has the receipt\.\n/);
  const report = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as Report;
  t.true(report.phones.some(({text}) => text === 'Your order has shipped.'));
  t.true(report.inbound.some(({text}) => text === 'Thank you!'));
  t.true(report.receipts.some(receipt => receipt.status === 'Delivered'));
});

type Values = Record<string, string>;

interface Report {
  phones: Array<{text: string}>;
  inbound: Array<{text: string}>;
  receipts: Array<{status: string}>;
}

/** `npm run tenant`; answers the values it prints. */
async function startTenantProcess(t: ExecutionContext): Promise<Values> {
  const program = join(root, 'src/sandbox/run-tenant.ts');
  const child = spawn(process.execPath, [program], {stdio: ['ignore', 'pipe', 'inherit']});
  t.teardown(() => void child.kill());
  const values: Values = {};
  for await (const line of createInterface({input: child.stdout})) {
    const [name = '', value = ''] = line.split('=');
    values[name] = value;
    if (name === 'DESK_URL') break;
  }
  return values;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** A folder for PATH with an `npx` that runs the program of this repository. */
function makeNpx(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(root, 'src/main.ts')}' "$@"\n`;
  writeFileSync(join(bin, 'npx'), program, {mode: 0o755});
  return bin;
}

async function runShell(file: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('sh', [file], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']});
  const said = {stdout: '', stderr: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const status = await new Promise<number | null>(resolve => child.once('close', resolve));
  return {status, ...said};
}
