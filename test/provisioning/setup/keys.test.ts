import test from 'ava';
import {ProvisionError, toNewSecrets} from '../../../provisioning/setup/index.ts';
import {runCommand} from '../../../src/cli/index.ts';
import {createConfigReader} from '../../../src/config.ts';
import {startTenant} from './file.ts';

const token = 'token-of-the-authentication-service';
const wanted = {name: 'SMS gateway', token};

async function run(argv: string[], env: Record<string, string> = {}) {
  const ran = {code: -1, out: '', err: ''};
  ran.code = await runCommand(argv, {
    out(text) {
      ran.out += text;
    },
    err(text) {
      ran.err += text;
    },
    env,
    ...createConfigReader({env}),
  });
  return ran;
}

test('an API key is created and shown once', async t => {
  const {nexus, path} = await startTenant(t, {token});
  const {code, out} = await run(['provision', 'apikey', '--config', path], {GWS_TOKEN: token});
  t.is(code, 0);
  t.is(out, `NEXUS_API_KEY=${nexus.apiKeys.get('SMS gateway')}\n`);
  const body = JSON.parse(nexus.requests.at(-1)?.body.toString('utf8') ?? '');
  t.deepEqual(body.data.permissions, ['nexus:cluster:*']);
});

test('a second key of that name is not created unasked', async t => {
  const {nexus, open} = await startTenant(t, {token});
  await open().createKey(wanted);
  await t.throwsAsync(open().createKey(wanted), {message: /has a key named SMS gateway: say another/});
  t.is(nexus.apiKeys.size, 1);
});

test('a token that is refused, or missing, is told', async t => {
  const {path, open} = await startTenant(t, {token});
  const error = await t.throwsAsync(open().createKey({...wanted, token: 'old'}), {instanceOf: ProvisionError});
  t.is(error.trouble, 'forbidden');
  t.is((await run(['provision', 'apikey', '--config', path])).code, 64);
});

test('a token that no header takes is told as the mistake it is', async t => {
  const {nexus, open} = await startTenant(t, {token});
  const broken = open().createKey({...wanted, token: `${token}\nEND`});
  await t.throwsAsync(broken, {message: 'GWS_TOKEN holds a character that no header has: copy it again.'});
  t.deepEqual(nexus.requests, []);
});

test('no answer after sending says that the key may be there', async t => {
  const {nexus, open} = await startTenant(t, {token});
  nexus.fault({method: 'POST', silence: 'drop', processed: true});
  await t.throwsAsync(open().createKey(wanted), {message: /may have been created: look/});
});

test('secrets are strong, new each time, and ready for an environment file', async t => {
  const {code, out} = await run(['provision', 'secrets']);
  t.is(code, 0);
  t.regex(
    out,
    /^ASYNC_WEBHOOK_SIGNATURE_KEY=[\da-f]{64}\nASYNC_API_SIGNATURE_KEY=[\da-f]{64}\nOPS_TOKEN=[\da-f]{64}\n$/,
  );
  t.not(out, (await run(['provision', 'secrets'])).out);
  t.regex(toNewSecrets(['mail.example.com']), /^ASYNC_WEBHOOK_SIGNATURE_KEY_mail_example_com=/);
});
