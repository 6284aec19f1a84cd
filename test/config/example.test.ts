import {readFileSync} from 'node:fs';
import test from 'ava';
import {loadConfig} from '../../src/config.ts';
import {writeFiles} from '../helpers/config-file.ts';

const example = readFileSync(new URL('../../provisioning/gateway.example.yaml', import.meta.url), 'utf8');
const live = example.replaceAll(/^\s*#.*$/gm, '');
const names = [...live.matchAll(/\$\{([A-Z_]+)\}/g)].map(match => match[1] ?? '');
const env = {
  ...Object.fromEntries(names.map(name => [name, `value-of-${name}`])),
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
};

test('the example is a configuration without mistake or warning', t => {
  const path = writeFiles(t, {'gateway.yaml': example});
  const config = loadConfig({path, env});
  t.deepEqual(config.warnings, []);
  t.deepEqual([...config.platforms.keys()], ['acme']);
  t.deepEqual([...config.carriers.keys()], ['smsc-a', 'twilio-main']);
  t.deepEqual(
    config.channels.map(({id, address, country, priority}) => [id, address, country, priority]),
    [
      ['16504661149', '+16504661149', 'US', 'interactive'],
      ['44636', '44636', 'US', 'bulk'],
    ],
  );
  t.deepEqual(
    config.nexusServices.map(({section, cxcOnly}) => [section, cxcOnly]),
    [
      ['chat.SMS_Main', false],
      ['chat.SMS_Campaigns', true],
    ],
  );
});

test('the example holds no secret: each is a reference', t => {
  const secrets = [...live.matchAll(/(?:Secret|token|password|apiKey|authTokens):\s*(.+)/gi)].map(
    match => match[1] ?? '',
  );
  t.true(secrets.length >= 6);
  for (const value of secrets) t.regex(value, /\$\{[A-Z_]+\}/);
});
