import test from 'ava';
import {carrierTypes} from '../../src/carriers/index.ts';
import {ConfigError, loadConfig} from '../../src/config.ts';
import {goodFile, writeFiles} from '../helpers/config-file.ts';
import {partyTypes} from '../helpers/party-types.ts';

const forgets =
  'carriers.west.recovery.lookBack: is longer than texts are remembered, retention or at least 7 days: older ones would be posted again.';

const looksBack = test.macro({
  exec(t, recovery: string, retention: string, expected: string[]) {
    const west = `{type: twilio, accountSid: AC${'1'.repeat(32)}, authTokens: [x], recovery: ${recovery}}`;
    const file = goodFile.replace('  south:', `  west: ${west}\n  south:`);
    const path = writeFiles(t, {'gateway.yaml': `${file}\nretention: ${retention}\ntextRetention: 1d\n`});
    const types = {...partyTypes, carrierTypes: [...partyTypes.carrierTypes, ...carrierTypes]};
    const told: string[] = [];
    try {
      loadConfig({path, env: {}, ...types});
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      told.push(...error.mistakes.map(mistake => `${mistake.path}: ${mistake.message}`));
    }
    t.deepEqual(told, expected);
  },
  title: (_, recovery: string, retention: string, expected: string[]) =>
    `a look back of ${recovery} with a retention of ${retention} ${expected.length === 0 ? 'is' : 'is not'} taken`,
});

test(looksBack, '{lookBack: 7d}', '1d', []);
test(looksBack, '{lookBack: 169h}', '1d', [forgets]);
test(looksBack, '{lookBack: 24d, enabled: false}', '1d', []);
test(looksBack, '{lookBack: 20d}', '20d', []);
test(looksBack, '{lookBack: 21d}', '20d', [forgets]);
