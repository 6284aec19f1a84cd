import {chmodSync, readdirSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {apiKey, ccid, lastWritten, startServices} from './peers.ts';
import {makeFolder, run} from './run.ts';

const hostile: Record<string, string> = {
  'quotes and dollars': `it's "$HOME" \`id\` $(id) \${PATH}`,
  backslashes: String.raw`a\b\\c\n\"\u0041\ `.trim(),
  'a line break in the middle and at the end': 'one\ntwo\n',
  'tabs, carriage returns and control characters': 'a\tb\rc\u0001\u001b[31m\u007f',
  Unicode: 'pässwörd – 密码 🔑 \u2028',
  'what curl reads as a file': '@/etc/passwd',
  'what shells take apart': '-n *; rm -rf "$x" & | > < # ! ~ % {} []',
  'blanks at both ends': '  two  ',
};
const account = {kaleyraURL: 'https://directtext.example.com', kaleyraUserName: 'acme'};

const ways = {
  'the environment': (_t: ExecutionContext, kaleyraPassword: string) => ({env: {kaleyraPassword}, args: []}),
  'an env file': (t: ExecutionContext, kaleyraPassword: string) => {
    const file = join(makeFolder(t), 'acme.env');
    const quoted = kaleyraPassword.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    writeFileSync(file, `# secrets\n\nexport kaleyraPassword="${quoted}"  \n`, {mode: 0o600});
    return {env: {}, args: ['--env-file', file]};
  },
  'a file of its own': (t: ExecutionContext, kaleyraPassword: string) => {
    const file = join(makeFolder(t), 'secret');
    writeFileSync(file, kaleyraPassword);
    return {env: {kaleyraPassword_FILE: file}, args: []};
  },
};

for (const [what, password] of Object.entries(hostile)) {
  for (const [from, way] of Object.entries(ways)) {
    test(`${what} in a secret from ${from} arrive as they are`, async t => {
      const {nexus, env} = await startServices(t);
      const given = way(t, password);
      const {code, stderr} = await run(t, 'service-mgage.sh', given.args, {env: {...env, ...account, ...given.env}});
      t.is(code, 0, stderr);
      // What `cat` in a shell leaves of a file: line breaks at its end are not the value's.
      const arrived = from === 'a file of its own' ? password.replace(/\n+$/, '') : password;
      t.deepEqual(nexus.services.get('mGageSMS')?.secret, {username: 'acme', password: arrived});
    });
  }
}

test('a key for a header arrives with all its marks', async t => {
  const marks = String.raw`q"uote d$ollar b\ack's %41 `.trim();
  const {env} = await startServices(t, {apiKey: marks});
  t.is((await run(t, 'service-sms.sh', [], {env: {...env, apiKey: marks}})).code, 0);
});

test('a key with a line break is refused before anything is sent', async t => {
  const {nexus, env} = await startServices(t);
  const {code, stderr} = await run(t, 'service-sms.sh', [], {env: {...env, apiKey: 'a\r\nx-ccid: other'}});
  t.is(code, 78);
  t.regex(stderr, /x-api-key holds a line break/);
  t.is(nexus.requests.length, 0);
});

test('a contact centre id stays one segment of the path', async t => {
  const odd = '../a b?c#d%é';
  const {nexus, env} = await startServices(t, {ccid: odd});
  await run(t, 'service-portico.sh', [], {env: {...env, ccid: odd, gcAPIURL: 'https://api.mypurecloud.com'}});
  t.is(nexus.requests[0]?.path, `/nexus/v3/provisioning/services/${encodeURIComponent(odd)}/PorticoSMS`);
});

async function refusesValue(t: ExecutionContext, env: Record<string, string>, sentence: RegExp) {
  const all = {nexusURL: 'https://digital.example.com', ccid, apiKey, ...env};
  const {code, stderr} = await run(t, 'service-async.sh', ['--dry-run'], {env: all});
  t.is(code, 78);
  t.regex(stderr, sentence);
}

const phone = {asyncWebhookURL: 'https://gw.example.com', asyncWebhookSignatureKey: 'a', asyncAPISignatureKey: 'b'};
test(
  'a number with a plus is no channelId',
  refusesValue,
  {...phone, asyncPhoneNumber: '+16504661149'},
  /digits alone/,
);
test('a number has an end', refusesValue, {...phone, asyncPhoneNumber: '1650466114916504'}, /16 digits/);
test(
  'a URL has a scheme',
  refusesValue,
  {...phone, asyncPhoneNumber: '72345', nexusURL: 'digital.example.com'},
  /nexusURL is no URL/,
);
test(
  'a URL has no quotes',
  refusesValue,
  {...phone, asyncPhoneNumber: '72345', nexusURL: 'https://digital.example.com/"'},
  /a character that no URL has/,
);
test(
  'all that is missing is told at once',
  refusesValue,
  {asyncPhoneNumber: '16504661149', asyncWebhookURL: 'https://gw.example.com'},
  /missing: asyncWebhookSignatureKey asyncAPISignatureKey\./,
);

test('baseURL and apikey stand in for nexusURL and apiKey', async t => {
  const {nexus, env} = await startServices(t);
  const {code} = await run(t, 'service-sms.sh', [], {env: {baseURL: `${env.nexusURL}/`, ccid, apikey: apiKey}});
  t.is(code, 0);
  t.is(lastWritten(nexus.requests), '{"url":"N/A","data":{"provider":"Async"},"secret":{}}');
});

test('the environment wins over the env file', async t => {
  const {nexus, env} = await startServices(t);
  const file = join(makeFolder(t), 'acme.env');
  writeFileSync(file, `nexusURL=https://other.example.com\nccid='${ccid}'\r\napiKey=${apiKey}\n`, {mode: 0o600});
  t.is((await run(t, 'service-sms.sh', ['--env-file', file], {env: {nexusURL: env.nexusURL}})).code, 0);
  t.is(nexus.services.size, 1);
});

test('an env file is data: nothing in it runs', async t => {
  const folder = makeFolder(t);
  const file = join(folder, 'acme.env');
  writeFileSync(file, 'ccid=$(touch ran)`touch ran`\nPATH=/nowhere\nrm -rf x=1\nnexusURL baseURL=1\nfoo=1\n', {
    mode: 0o600,
  });
  const env = {nexusURL: 'http://127.0.0.1:9', apiKey};
  const {stdout, stderr} = await run(t, 'service-portico.sh', ['--dry-run', '--env-file', file], {
    env: {...env, gcAPIURL: 'https://api.mypurecloud.com'},
    folder,
  });
  t.true(stdout.includes('x-ccid: $(touch ran)`touch ran`'));
  t.regex(stderr, /no script takes a value named 'foo'/);
  t.deepEqual(readdirSync(folder), ['acme.env']);
});

test("curl's own settings may stand in the env file", async t => {
  const {nexus, env} = await startServices(t);
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(503).end();
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  t.teardown(() => proxy.close());
  const file = join(makeFolder(t), 'acme.env');
  const {port} = proxy.address() as AddressInfo;
  writeFileSync(file, `all_proxy=http://127.0.0.1:${port}\n`, {mode: 0o600});
  const {code, stderr} = await run(t, 'service-sms.sh', ['--env-file', file], {env});
  t.is(code, 69, stderr);
  t.deepEqual(asked, [`GET ${env.nexusURL}/nexus/v3/provisioning/services/${ccid}/SMS`]);
  t.deepEqual(nexus.requests, []);
});

test('an env file that others may read is warned of', async t => {
  const file = join(makeFolder(t), 'acme.env');
  writeFileSync(file, `ccid=${ccid}\n`);
  chmodSync(file, 0o644);
  const env = {nexusURL: 'https://digital.example.com', apiKey, gcAPIURL: 'https://api.mypurecloud.com'};
  const {code, stderr} = await run(t, 'service-portico.sh', ['--dry-run', '--env-file', file], {env});
  t.is(code, 0);
  t.regex(stderr, /chmod 600/);
});
