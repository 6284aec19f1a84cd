import test from 'ava';
import {loadConfig} from '../../src/config.ts';
import {writeFiles} from '../helpers/config-file.ts';

const file = (statuses: string) => `
platforms:
  acme:
    type: nexus
    url: https://digital.example.com
    ccid: 45acae06
    contract: {receiptStatuses: [${statuses}]}
carriers:
  smsc: {type: smpp, host: smsc.example.net, systemId: acme, password: password}
channels:
  - id: "16504661149"
    platform: acme
    address: "+16504661149"
    webhookSecret: hook-secret
    apiSecret: api-secret
    carriers: [smsc]
`;

const warns = test.macro({
  exec(t, statuses: string, expected: RegExp) {
    const {warnings} = loadConfig({path: writeFiles(t, {'gateway.yaml': file(statuses)}), env: {}});
    t.regex(warnings.join('\n'), expected);
  },
  title: (title = '') => title,
});

test(
  'a file that asks for receipts that are never made is served as before, and told',
  warns,
  'Sent, Delivered, Failed',
  /:7 platforms\.acme\.contract\.receiptStatuses\[0\]: is a receipt that is never made: .*Take it out\.$/,
);
test('says nothing of receipts that are made', warns, 'Delivered, Failed', /^$/);
