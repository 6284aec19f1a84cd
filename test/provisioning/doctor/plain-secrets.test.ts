// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of the configuration are what is tested.
import {chmodSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {basename, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {judgeFiles, lookAtFiles} from '../../../provisioning/doctor/file.ts';
import {holdsPlainSecret} from '../../../provisioning/doctor/plain-secrets.ts';
import {makeFolder} from '../run.ts';

const holds = test.macro((t: ExecutionContext, text: string, isPlain: boolean) => {
  t.is(holdsPlainSecret(text), isPlain);
});

test('the password of an SMSC', holds, 'carriers: {a: {type: smpp, password: smppword}}', true);
test('one of digits', holds, 'carriers: {a: {type: smpp, password: 12345678}}', true);
test('one by reference', holds, 'carriers: {a: {type: smpp, password: "${SMPP_PASSWORD}"}}', false);
test('one by file', holds, 'carriers: {a: {type: smpp, password: "${file:/run/secrets/smpp}"}}', false);
test('one with what only looks like a reference', holds, 'carriers: {a: {password: "$${x}"}}', true);
test('tokens of Twilio, one by reference', holds, 'carriers: {a: {authTokens: ["${A}", plain]}}', true);
test('an API key of Nexus', holds, 'platforms: {a: {provisioning: {apiKey: 9b7682b7}}}', true);
test('a token of the API', holds, 'management: {tokens: [{name: ops, token: "${OPS}"}, {token: t}]}', true);
test('a private key', holds, 'listen: {tls: {cert: "-----BEGIN", key: "-----BEGIN PRIVATE KEY"}}', true);
test('the database in its URL', holds, 'store: postgres://gateway:pw@db/gateway', true);
test('the database in its URL, by reference', holds, 'store: "postgres://gateway:${PGPASSWORD}@db/gateway"', false);
test('a proxy with a password', holds, 'platforms: {a: {proxy: "http://me:pw@proxy:3128"}}', true);
test('a channel of channels.d', holds, '- {id: "1", webhookSecret: [a, b], apiSecret: "${B}"}', true);
test(
  'what is no secret',
  holds,
  'publicUrl: https://a.example.com:8443/x@y\nstore: sqlite:a.db\nkeywords: {mode: x}',
  false,
);
test(
  'a header that webhooks must have',
  holds,
  'platforms: {a: {headers: {require: [{name: x-gate, value: ["${A}", plain]}]}}}',
  true,
);
test('a header of one channel', holds, 'platforms: {a: {headers: {channels: {"1": {require: [{value: x}]}}}}}', true);
test('what traces are sent with', holds, 'traces: {headers: {authorization: Bearer x}}', true);
test('the same by reference', holds, 'traces: {headers: {authorization: "Bearer ${T}", x-tenant: acme}}', false);
test('the header that tells a channel', holds, 'channels: [{id: "1", byHeader: [{name: x, value: y}]}]', false);
test('an empty file', holds, '', false);

test('a file that others may read and that holds the password of an SMSC is told of', t => {
  const path = join(makeFolder(t), 'gateway.yaml');
  writeFileSync(path, 'carriers: {smsc-a: {type: smpp, password: smppword}}\n');
  const codes = (mode: number) => {
    chmodSync(path, mode);
    const config = {warnings: [], channels: []} as unknown as Parameters<typeof judgeFiles>[1];
    return judgeFiles(lookAtFiles(path, []), config).map(({code}) => code);
  };
  t.deepEqual(codes(0o640), ['file', 'file_readable']);
  t.deepEqual(codes(0o600), ['file']);
});

test('the files of channels.d that are looked at are those the gateway reads', t => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'gateway.yaml'), '{}', {mode: 0o644});
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(join(folder, 'channels.d', 'b.yml'), 'webhookSecret: one', {mode: 0o644});
  writeFileSync(join(folder, 'channels.d', '.c.yaml'), 'webhookSecret: [', {mode: 0o644});
  symlinkSync('somebody@desk.4711', join(folder, 'channels.d', '.#b.yaml'));
  const found = lookAtFiles(join(folder, 'gateway.yaml'), []);
  t.deepEqual(
    found.map(({path, holdsSecrets}) => [basename(path), holdsSecrets]),
    [
      ['gateway.yaml', false],
      ['b.yml', true],
    ],
  );
});
