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

  test(`${script} tells all values it lacks at once`, async t => {
    const {code, stderr} = await run(t, script, ['--dry-run']);
    t.true(code === 78 || code === 64, stderr);
    t.regex(stderr, new RegExp(`^${script}: .*\\.\n$`, 's'));
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
