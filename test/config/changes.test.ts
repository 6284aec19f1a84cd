import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {describeChange, findChanges} from '../../src/config/changes.ts';
import {listLeaving, toServed, withoutLeft} from '../../src/config/leaving.ts';
import {type Config, loadConfig} from '../../src/config.ts';

const file = `
publicUrl: https://gateway.example.com
management: {tokens: [{name: ops, role: operator, token: a-long-token}]}
platforms:
  acme: {type: nexus, url: https://digital.example.com, ccid: 45acae06}
carriers:
  smsc-a: {type: smpp, host: a.example.net, systemId: acme, password: secret-1}
  smsc-b: {type: smpp, host: b.example.net, systemId: acme, password: secret-2}
channels:
  - {id: "16504661149", platform: acme, address: "+16504661149", webhookSecret: webhook-1, apiSecret: api-secret-1, carriers: [smsc-a]}
  - {id: "16504661150", platform: acme, address: "+16504661150", webhookSecret: webhook-2, apiSecret: api-secret-2, carriers: [smsc-b]}
`;

function load(t: ExecutionContext, text: string): Config {
  const folder = mkdtempSync(join(tmpdir(), 'changes-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  writeFileSync(join(folder, 'gateway.yaml'), text);
  return loadConfig({path: join(folder, 'gateway.yaml'), env: {}});
}

type Edit = readonly [from: string, to: string];

function edited(...edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => text.replace(from, to), file);
}

const without149: Edit = [file.split('\n').find(line => line.includes('id: "16504661149"')) ?? '', ''];
const without150: Edit = [file.split('\n').find(line => line.includes('id: "16504661150"')) ?? '', ''];
const withoutB: Edit = [file.split('\n').find(line => line.includes('smsc-b:')) ?? '', ''];

const finds = test.macro({
  exec(t, _: string, edits: readonly Edit[], expected: readonly string[]) {
    const changes = findChanges(load(t, file), load(t, edited(...edits)));
    t.deepEqual(
      changes.map(change => `${describeChange(change)}${change.needsRestart ? ', needs a restart' : ''}`),
      [...expected],
    );
  },
  title: (_, what: string) => `finds ${what}`,
});

test(finds, 'nothing in the same file', [], []);
test(finds, 'a password by its name, not its value', [['secret-1', 'secret-9']], ['carrier smsc-a changed (password)']);
test(
  finds,
  'secrets of a channel',
  [['webhookSecret: webhook-1', 'webhookSecret: [webhook-1, webhook-9]']],
  ['channel acme 16504661149 changed (webhookSecrets)'],
);
test(finds, 'a channel less', [without149], ['channel acme 16504661149 removed']);
test(
  finds,
  'a carrier and its channel less',
  [without150, withoutB],
  ['carrier smsc-b removed', 'channel acme 16504661150 removed'],
);
test(
  finds,
  'an operator more',
  [['tokens: [', 'tokens: [{name: eve, role: reader, token: other-token}, ']],
  ['setting management.tokens changed'],
);
test(
  finds,
  'what needs a restart, each setting by its own name',
  [
    [
      'publicUrl: https://gateway.example.com',
      'publicUrl: https://sms.example.com\nlisten: {port: 9090}\nstore: sqlite:data/other.db',
    ],
  ],
  [
    'setting listen.port changed, needs a restart',
    'setting publicUrl changed, needs a restart',
    'setting store changed, needs a restart',
  ],
);

test('what left is served, marked, until it is empty; its carrier goes with it', t => {
  const before = load(t, file);
  const served = toServed(before, load(t, edited(without150, withoutB)));
  t.deepEqual(listLeaving(served), [{platform: 'acme', channel: '16504661150'}]);
  t.deepEqual(
    [...served.carriers].map(([name, {leaving}]) => [name, leaving]),
    [
      ['smsc-a', undefined],
      ['smsc-b', true],
    ],
  );
  t.is(withoutLeft(served, []), served);
  const empty = withoutLeft(served, listLeaving(served));
  t.deepEqual([...empty.carriers.keys()], ['smsc-a']);
  t.deepEqual(
    empty.channels.map(({id}) => id),
    ['16504661149'],
  );
});

test('a channel that changes its carrier keeps the former one while texts go by it', t => {
  const before = load(t, file);
  const served = toServed(before, load(t, edited(['carriers: [smsc-b]', 'carriers: [smsc-a]'], withoutB)));
  t.deepEqual(listLeaving(served), [{platform: 'acme', channel: '16504661150', carrier: 'smsc-b'}]);
  const again = toServed(served, load(t, file));
  t.deepEqual(listLeaving(again), [{platform: 'acme', channel: '16504661150', carrier: 'smsc-a'}]);
  const empty = withoutLeft(served, listLeaving(served));
  t.deepEqual([...empty.carriers.keys()], ['smsc-a']);
  t.false('leavingCarriers' in (empty.channels[1] ?? {}));
});

test('what left and is there again is added, and is no longer leaving', t => {
  const served = toServed(load(t, file), load(t, edited(without149)));
  const next = load(t, file);
  t.deepEqual(findChanges(served, next).map(describeChange), ['channel acme 16504661149 added']);
  t.deepEqual(listLeaving(toServed(served, next)), []);
});

test('settings that can not change stay as they were', t => {
  const before = load(t, file);
  const next = load(t, edited(['publicUrl: https://gateway.example.com', 'publicUrl: https://sms.example.com']));
  const served = toServed(before, next);
  t.is(served.publicUrl, 'https://gateway.example.com');
  t.deepEqual(findChanges(served, next).map(describeChange), ['setting publicUrl changed']);
});
