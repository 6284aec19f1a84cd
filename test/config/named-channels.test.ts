import test from 'ava';
import {ConfigError} from '../../src/config/mistakes.ts';
import {loadConfig} from '../../src/config.ts';
import {writeFiles} from '../helpers/config-file.ts';

const settings = 'type: nexus, url: https://digital.example.com, ccid: 45acae06';
const channel = (platform: string, id: string) =>
  `  - {id: "${id}", platform: ${platform}, address: "+${id}", webhookSecret: hook-${platform}, apiSecret: api-${platform}, carriers: [smsc-${platform}]}`;

function toFile(id: string): string {
  const rule = `{require: [{name: x-proof, value: only-for-us}]}`;
  return [
    'platforms:',
    `  acme: {${settings}, headers: {channels: {"${id}": ${rule}}}}`,
    `  beta: {${settings}}`,
    'carriers:',
    ...['acme', 'beta'].map(
      name => `  smsc-${name}: {type: smpp, host: smsc.example.net, systemId: a, password: password}`,
    ),
    'channels:',
    channel('acme', '16504661149'),
    channel('beta', '16504661150'),
  ].join('\n');
}

const complains = test.macro({
  exec(t, id: string, ...expected: string[]) {
    const path = writeFiles(t, {'gateway.yaml': toFile(id)});
    const mistakes: string[] = [];
    try {
      loadConfig({path, env: {}});
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      mistakes.push(...error.mistakes.map(mistake => `${mistake.path}: ${mistake.message}`));
    }
    t.deepEqual(mistakes, expected);
  },
  title: (title = '') => title,
});

const place = 'platforms.acme.headers.channels';
test('takes settings for a channel of the platform', complains, '16504661149');
test(
  'refuses settings for a mistyped channel: what they require would be asked of nobody',
  complains,
  '1650466114',
  `${place}.1650466114: is no channel of this platform: did you mean \`16504661149\`?`,
);
test(
  'refuses settings for a channel of another platform',
  complains,
  '16504661150',
  `${place}.16504661150: is no channel of this platform: did you mean \`16504661149\`?`,
);
