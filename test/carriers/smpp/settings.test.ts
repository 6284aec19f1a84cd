import {createPrivateKey} from 'node:crypto';
import test from 'ava';
import {smpp} from '../../../src/carriers/smpp/index.ts';
import {smppOptions} from '../../../src/carriers/smpp/options/schema.ts';
import {toSettings} from '../../../src/carriers/smpp/settings.ts';
import {createAuthority} from '../../helpers/certificate.ts';

const authority = createAuthority();
const [own, other] = [authority.issue('own'), authority.issue('other')];
const locked = {
  cert: own.cert,
  key: createPrivateKey(own.key)
    .export({type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right'})
    .toString(),
};
const least = {host: 'smsc.example.net', systemId: 'acme', password: 'secret'};
const settingsOf = (changes: object = {}) => toSettings(smppOptions.parse({...least, ...changes}));

test('the defaults are 3 transceivers at 20 a second over verified TLS on 2776', t => {
  const {options, hosts, link, text, submit} = settingsOf();
  t.like(options, {binds: 3, bindType: 'transceiver', messagesPerSecond: 20, window: 10});
  t.deepEqual(hosts, [{host: 'smsc.example.net', port: 2776}]);
  t.deepEqual(link.tls, {rejectUnauthorized: true, minVersion: 'TLSv1.2'});
  t.like(submit, {sourceTon: 'auto', destinationNpi: 'auto', registeredDelivery: 1, validityFormat: 'relative'});
  t.deepEqual(text.charsets, [
    {dcs: 0, charset: 'gsm_0338'},
    {dcs: 8, charset: 'utf-16be'},
  ]);
});

test("genesysDefaults gives seed 004's values, which single settings override", t => {
  const {text, submit} = settingsOf({genesysDefaults: true, destinationTon: 1});
  t.like(submit, {sourceTon: 0, sourceNpi: 0, destinationTon: 1, destinationNpi: 0});
  t.deepEqual(
    text.charsets.map(({dcs, charset}) => `${dcs} ${charset}`),
    ['0 gsm_0338', '1 ASCII', '2 gsm_0338', '3 ISO-8859-1', '5 JIS0201', '6 ISO-8859-5', '7 ISO-8859-8', '8 utf-16be'],
  );
});

const places = test.macro({
  exec(t, changes: object, expected: Array<{host: string; port: number}>) {
    t.deepEqual(settingsOf(changes).hosts, expected);
  },
  title: (what = '') => `hosts: ${what}`,
});
test('2775 without TLS', places, {tls: false}, [{host: 'smsc.example.net', port: 2775}]);
test('a port beside the host', places, {host: 'a:4200'}, [{host: 'a', port: 4200}]);
test('several, each with its port', places, {host: undefined, hosts: ['a:1', 'b', {host: 'c', port: 3}], port: 9}, [
  {host: 'a', port: 1},
  {host: 'b', port: 9},
  {host: 'c', port: 3},
]);
test('IPv6', places, {host: '[2001:db8::1]:4200'}, [{host: '2001:db8::1', port: 4200}]);
test('IPv6 in brackets beside its port', places, {host: {host: '[2001:db8::1]', port: 3}}, [
  {host: '2001:db8::1', port: 3},
]);
test('IPv6 without a port', places, {host: '2001:db8::1'}, [{host: '2001:db8::1', port: 2776}]);

test('takes the advanced configuration of Genesys as it is, also as pasted text', t => {
  const advancedConfiguration = {
    protocolSpecificCodeMapping: {88: {genericErrorCode: 3, genericErrorCause: 'X', description: 'd'}},
    charsets: [{dcs: 3, charset: 'ISO-8859-1'}],
  };
  for (const written of [advancedConfiguration, JSON.stringify(advancedConfiguration)]) {
    const {codes, text} = settingsOf({advancedConfiguration: written});
    t.is(codes[88]?.genericErrorCause, 'X');
    t.is(codes[20]?.genericErrorCause, 'CARRIER_CONGESTED');
    t.deepEqual(text.charsets, [{dcs: 3, charset: 'ISO-8859-1'}]);
  }
});

test('a command_status means the same however many zeros stand before it', t => {
  const meaning = {genericErrorCode: 2, genericErrorCause: 'THROTTLED', description: 'too fast'};
  const {codes} = settingsOf({advancedConfiguration: {protocolSpecificCodeMapping: {'0069': meaning}}});
  t.deepEqual(codes[69], meaning);
});

const refuses = test.macro({
  exec(t, changes: object, ...paths: string[]) {
    const result = smppOptions.safeParse({...least, ...changes});
    t.deepEqual(result.error?.issues.map(issue => issue.path.join('.')).toSorted(), paths.toSorted());
  },
  title: (what = '') => `refuses ${what}, naming the path`,
});
test('an unknown key', refuses, {hots: 'x'}, '');
test('17 binds', refuses, {binds: 17}, 'binds');
test('a TON of 7', refuses, {sourceTon: 7}, 'sourceTon');
test('an NPI the standard has not', refuses, {destinationNpi: 2}, 'destinationNpi');
test('a system_id of 16 characters', refuses, {systemId: 'a'.repeat(16)}, 'systemId');
test('no host', refuses, {host: undefined}, 'host');
test('host and hosts', refuses, {hosts: ['a']}, 'host');
test('a wrong duration', refuses, {enquireLink: '30'}, 'enquireLink');
test('a client certificate without its key', refuses, {tls: {cert: '-----BEGIN CERTIFICATE-----'}}, 'tls.cert');
test('a path where PEM text belongs', refuses, {tls: {ca: '/etc/ca.pem'}}, 'tls.ca');
test('a port beside the host that is none', refuses, {host: 'a:99999'}, 'host');
test('a port of 0 in the list', refuses, {host: undefined, hosts: ['a', 'b:0']}, 'hosts.1');
test('a local address that is a name', refuses, {localAddress: 'eth0'}, 'localAddress');
test('an authority that is no certificate', refuses, {tls: {ca: ['-----BEGIN CERTIFICATE-----']}}, 'tls.ca');
test('a certificate that is none', refuses, {tls: {cert: '-----BEGIN x', key: own.key}}, 'tls.cert');
test('a private key that is none', refuses, {tls: {cert: own.cert, key: '-----BEGIN x'}}, 'tls.key');
test("a private key of another's certificate", refuses, {tls: {cert: own.cert, key: other.key}}, 'tls.cert');
test('a passphrase that does not open the key', refuses, {tls: {...locked, passphrase: 'wrong'}}, 'tls.key');

test('takes a client certificate whose key its passphrase opens', t => {
  t.true(smppOptions.safeParse({...least, tls: {...locked, passphrase: 'right', ca: [authority.cert]}}).success);
});

test('a TLV of no known name', refuses, {tlvs: {nonsense: 1}}, 'tlvs.nonsense');
test('a TLV number of more than 4 octets', refuses, {tlvs: {'0x1400': 4_294_967_296}}, 'tlvs.0x1400');
test('TLV octets that are no hexadecimal pairs', refuses, {tlvs: {'0x1400': 'hex:0f0'}}, 'tlvs.0x1400');
test('a TLV text that one octet a character does not hold', refuses, {tlvs: {'0x1400': '10 €'}}, 'tlvs.0x1400');
test(
  'charsets twice',
  refuses,
  {charsets: [{dcs: 0, charset: 'ASCII'}], advancedConfiguration: {charsets: [{dcs: 0, charset: 'ASCII'}]}},
  'charsets',
);
test(
  'each mistake of an advanced configuration',
  refuses,
  {
    advancedConfiguration: {
      protocolSpecificCodeMapping: {'0x58': {genericErrorCode: 2, genericErrorCause: 'T'}, 69: {genericErrorCode: 9}},
      charsets: [{dcs: 300, charset: 'gsm'}],
    },
  },
  'advancedConfiguration.protocolSpecificCodeMapping.0x58',
  'advancedConfiguration.protocolSpecificCodeMapping.69.genericErrorCode',
  'advancedConfiguration.protocolSpecificCodeMapping.69.genericErrorCause',
  'advancedConfiguration.charsets.0.dcs',
  'advancedConfiguration.charsets.0.charset',
);
test('an advanced configuration that is no JSON', refuses, {advancedConfiguration: '{'}, 'advancedConfiguration');

test('extra TLVs: by name, by tag, as text, number and octets', t => {
  const {tlvs} = settingsOf({tlvs: {source_port: 258, '0x1403': 'abc', 5124: 'hex:00ff', ms_validity: 1}}).submit;
  t.deepEqual(tlvs, {
    source_port: Buffer.of(1, 2),
    tlv_1403: Buffer.from('abc'),
    tlv_1404: Buffer.of(0, 255),
    ms_validity: Buffer.of(1),
  });
});

test('every setting says what it is', t => {
  const schema = smppOptions;
  for (const [name, field] of Object.entries(schema.shape)) t.truthy(field.description, name);
});

test('a channel may have its own service type and TLVs', t => {
  t.true(smpp.entry.safeParse({serviceType: 'OTP', tlvs: {'0x1403': 'x'}}).success);
  t.false(smpp.entry.safeParse({service: 'OTP'}).success);
  t.false(smpp.entry.safeParse({tlvs: {nonsense: 'x'}}).success);
  t.false(smpp.entry.safeParse({tlvs: {'0x1403': 'hex:xy'}}).success);
});
