import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {run} from './run.ts';

const folder = join(import.meta.dirname, '../../provisioning');
const scripts = readdirSync(folder).filter(
  name => name.endsWith('.sh') && (statSync(join(folder, name)).mode & 0o111) !== 0,
);

test('the scripts are there', t => {
  t.true(scripts.length >= 14);
});

for (const script of scripts) {
  test(`${script} --help tells options, values and exit codes without asking for any`, async t => {
    const {code, stdout, stderr} = await run(t, script, ['--help']);
    t.is(code, 0);
    t.is(stderr, '');
    t.true(stdout.startsWith(script));
    for (const word of ['Values', '--env-file', '--dry-run', 'Exit codes']) t.true(stdout.includes(word), word);
    t.true(stdout.split('\n').every(line => line.length <= 160));
  });
}

test('every value the help texts name is one a script can be given', t => {
  const text = readFileSync(join(folder, 'settings.sh'), 'utf8');
  const known = new Set(/settings='([^']*)'/.exec(text)?.[1]?.split(/\s+/));
  const guide = [
    ...['nexusURL', 'baseURL', 'ccid', 'apiKey', 'apikey', 'asyncPhoneNumber', 'asyncEmailDomain', 'asyncWebhookURL'],
    ...['asyncAPISignatureKey', 'asyncWebhookSignatureKey', 'kaleyraURL', 'kaleyraUserName', 'kaleyraPassword'],
    ...['gcLoginURL', 'gcAPIURL', 'orgId', 'clientId', 'clientSecret', 'access_token', 'GMAKey', 'tfn'],
    ...['nexusProvider', 'designerEndpointName'],
  ];
  t.deepEqual(
    guide.filter(name => !known.has(name)),
    [],
  );
  for (const script of scripts) {
    const help =
      /usage\(\) \{\n {2}cat <<'END'\n([\s\S]*?)\nEND/.exec(readFileSync(join(folder, script), 'utf8'))?.[1] ?? '';
    for (const [name] of help.matchAll(/\b[a-z]+(?:[A-Z][A-Za-z]*|_token)\b/g)) {
      if (/^(channelId|webhookURL|mGage|mGageSMS|kBytes)$/.test(name)) continue;
      t.true(known.has(name), `${script}: ${name}`);
    }
  }
});

const lacks = test.macro({
  async exec(t, command: string, missing: string) {
    const [script = '', ...args] = command.split(' ');
    const {code, stderr} = await run(t, script, args);
    t.is(code, 78, stderr);
    t.is(stderr.split('.sh: ')[1]?.split('. Put each')[0], `missing: ${missing}`);
  },
  title: (_, command: string) => `${command} tells all values it lacks at once`,
});

test(lacks, 'service-sms.sh', 'nexusURL ccid apiKey');
test(lacks, 'service-mgage.sh', 'nexusURL ccid apiKey kaleyraURL kaleyraUserName kaleyraPassword');
test(
  lacks,
  'service-async.sh',
  'nexusURL ccid apiKey asyncPhoneNumber asyncWebhookURL asyncWebhookSignatureKey asyncAPISignatureKey',
);
test(lacks, 'service-purecloud-idp.sh', 'nexusURL ccid apiKey gcLoginURL clientId clientSecret');
test(lacks, 'service-portico.sh', 'nexusURL ccid apiKey gcAPIURL');
test(lacks, 'gc-token.sh --print', 'gcLoginURL clientId clientSecret');
test(lacks, 'gws-token.sh --print', 'authURL gwsUser gwsPassword gwsClientSecret');
test(lacks, 'gc-numbers.sh', 'gcAPIURL access_token');
test(lacks, 'gc-numbers-available.sh', 'gcAPIURL access_token');
test(lacks, 'gc-order.sh 1', 'gcAPIURL access_token');
test(lacks, 'gc-number-order.sh', 'gcAPIURL access_token tfn nexusURL ccid GMAKey orderEmail orderComment');
test(lacks, 'nexus-apikey.sh --dry-run', 'nexusURL gwsToken');
test(lacks, 'nexus-services.sh --section chat.A', 'tfn designerEndpointName');
test(
  lacks,
  'gateway-channel.sh --folder channels.d',
  'asyncPhoneNumber asyncWebhookSignatureKey asyncAPISignatureKey gatewayPlatform gatewayCarriers gatewayURL gatewayToken',
);
