import test from 'ava';
import type {Reached} from '../../../provisioning/doctor/connect.ts';
import {judgeEndpoint, judgeLeaving} from '../../../provisioning/doctor/endpoint.ts';
import type {Finding} from '../../../provisioning/doctor/finding.ts';
import {isServing, judgeGateway} from '../../../provisioning/doctor/gateway.ts';
import type {Running} from '../../../provisioning/doctor/management.ts';
import {judgeAddress, judgeWebhook} from '../../../provisioning/doctor/public-url.ts';
import {judgeSecrets} from '../../../provisioning/doctor/secrets.ts';
import {judgeSections, parseCfg} from '../../../provisioning/doctor/sections.ts';
import {judgeAsync, judgeSms} from '../../../provisioning/doctor/services.ts';
import {judgeStore, type StoreFacts} from '../../../provisioning/doctor/store.ts';

/** What can't be planted on one machine is judged from facts. */
const judges = test.macro({
  exec(t, findings: Finding | readonly Finding[], codes: string, mend: RegExp) {
    const all = [findings].flat();
    t.is(all.map(({code}) => code).join(' '), codes);
    t.regex(all[0]?.message ?? '', mend);
  },
  title: (title = '', _findings, codes: string) => `${title}: ${codes || 'nothing'}`,
});

const now = Date.parse('2026-11-20T12:00:00Z');
const day = 86_400_000;
const gigabyte = 1_000_000_000;

const good: StoreFacts = {
  path: '/data/gateway.db',
  unwritable: undefined,
  fileSystem: 0xef53,
  freeBytes: 100 * gigabyte,
  fsyncMs: 2,
  readable: false,
  isNoFile: false,
};
test('a store on a good disk', judges, judgeStore(good), 'store', /local file system/);
test('a store on NFS', judges, judgeStore({...good, fileSystem: 0x6969}), 'store_network_file_system', /postgres/);
test('half a gigabyte left', judges, judgeStore({...good, freeBytes: gigabyte / 2}), 'store_low', /retention/);
test('a disk that is full', judges, judgeStore({...good, freeBytes: 5_000_000}), 'store_full', /Make room now/);
test('a slow disk', judges, judgeStore({...good, fsyncMs: 80}), 'store_slow', /SSD/);
test('a disk far too slow', judges, judgeStore({...good, fsyncMs: 900}), 'store_too_slow', /faster disk/);

const endpoint = {
  name: 'platform acme',
  host: 'digital.example.com',
  port: 443,
  http: true,
  tls: {servername: 'digital.example.com'},
};
const open = (distrust: string | undefined, validTo: number): Reached => ({
  kind: 'open',
  addresses: ['192.0.2.1'],
  from: '192.0.2.9',
  certificate: {distrust, validTo},
});
test(
  'a party with a good certificate',
  judges,
  judgeEndpoint(endpoint, open(undefined, now + 90 * day), now),
  'reached',
  /until 2027-02-18/,
);
test(
  'a certificate that ends soon',
  judges,
  judgeEndpoint(endpoint, open(undefined, now + 9 * day), now),
  'tls_ends_soon',
  /renewed/,
);
test(
  'a certificate that has ended',
  judges,
  judgeEndpoint(endpoint, open('CERT_HAS_EXPIRED', now - day), now),
  'tls_expired',
  /2026-11-19/,
);
test(
  'a certificate of tomorrow',
  judges,
  judgeEndpoint(endpoint, open('CERT_NOT_YET_VALID', now + 90 * day), now),
  'tls_not_yet_valid',
  /clock/,
);
for (const [whose, settings, mend] of [
  [
    'of a carrier with both settings',
    {ca: 'tls.ca', servername: 'tls.servername'},
    /as tls\.ca, or .*or give tls\.servername\.$/,
  ],
  ['of Twilio', {ca: 'ca'}, /as ca, or have its whole chain served.*use the name it has\.$/],
  ['of our own', undefined, /who calls it has to know its authority: have its whole chain.*use the name it has\.$/],
] as const) {
  test(`what mends a certificate ${whose}`, t => {
    const own = {...endpoint, tls: {...endpoint.tls, ...(settings && {settings})}};
    const codes = ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'];
    const told = codes.map(code => judgeEndpoint(own, open(code, now + 90 * day), now).message);
    t.regex(told.join(' '), mend);
  });
}

test(
  'a name nobody knows',
  judges,
  judgeEndpoint(endpoint, {kind: 'unresolved', code: 'ENOTFOUND'}, now),
  'dns_unresolved',
  /DNS/,
);
test(
  'a firewall',
  judges,
  judgeEndpoint(endpoint, {kind: 'unreached', code: 'ETIMEDOUT'}, now),
  'unreached',
  /allow-list/,
);
test(
  'the address we leave from',
  judges,
  judgeLeaving([open(undefined, now), open(undefined, now)]),
  'leaving',
  /from 192\.0\.2\.9:/,
);

const config = {carriers: new Map([['smsc-a', {}]]), management: {tokens: []}} as unknown as Parameters<
  typeof judgeGateway
>[2];
const up = (changes: {
  status?: string;
  checks?: Record<string, string>;
  usable?: boolean;
  gates?: object[];
}): Running => ({
  kind: 'up',
  health: {
    status: changes.status ?? 'ready',
    checks: changes.checks ?? {store: 'ok', stopping: 'no'},
    carriers: [{name: 'smsc-a', usable: changes.usable ?? true, state: 'refused: 0x0000000E'}],
  },
  detail: {kind: 'told', told: {gates: (changes.gates ?? []) as never}},
});
const judged = (running: Running) => judgeGateway('http://127.0.0.1:8081', running, config);
test('a gateway at work', judges, judged(up({})), 'gateway', /ready/);
test(
  'a gateway whose store fails',
  judges,
  judged(up({status: 'not ready', checks: {store: 'disk I/O error', stopping: 'no'}})),
  'gateway_not_ready',
  /disk I\/O error/,
);
test(
  'a gateway that starts',
  judges,
  judged(up({status: 'not ready', checks: {store: 'ok', starting: 'yes', stopping: 'no'}})),
  'gateway_starting',
  /ask again/,
);
test(
  'a gateway that stops',
  judges,
  judged(up({status: 'not ready', checks: {store: 'ok', stopping: 'yes'}})),
  'gateway_stopping',
  /start it again/,
);
test('a carrier that is down', judges, judged(up({usable: false})), 'carrier_down', /refused: 0x0000000E/);
test(
  'a parked queue',
  judges,
  judged(up({gates: [{kind: 'parked', filter: {platform: 'acme'}, reason: 'HTTP 401'}]})),
  'parked',
  /HTTP 401.*by itself/,
);
test(
  'a queue paused by hand',
  judges,
  judged(up({gates: [{kind: 'paused', filter: {channel: '72345', kind: 'outbound', phone: '+14155550123'}}]})),
  'paused',
  /To go on: nexus-async-gateway resume --channel 72345 --phone \+14155550123\.$/,
);
test(
  'everything paused by hand',
  judges,
  judged(up({gates: [{kind: 'paused', filter: {}}]})),
  'paused',
  /everything\. To go on: nexus-async-gateway resume\.$/,
);
test(
  'posts paused by hand, those of a time',
  judges,
  judged(up({gates: [{kind: 'paused', filter: {kind: 'receipt', acceptedBefore: '2026-11-20T12:00:00.000Z'}}]})),
  'paused',
  /resume --kind receipt --accepted-before 2026-11-20T12:00:00\.000Z\.$/,
);
test(
  'a channel drained by hand',
  judges,
  judged(up({gates: [{kind: 'draining', filter: {channel: '72345', kind: 'outbound'}, reason: 'by hand'}]})),
  'draining',
  /webhooks for it are answered 503 until somebody takes that back.*resume --channel 72345\.$/,
);
test(
  'a carrier drained by hand',
  judges,
  judged(up({gates: [{kind: 'draining', filter: {carrier: 'smsc-a', kind: 'outbound'}, reason: 'by hand'}]})),
  'draining',
  /nothing more goes by this carrier.*resume --carrier smsc-a\.$/,
);
test('only a carrier that can send is being served', t => {
  t.true(isServing(up({}), 'smsc-a'));
  t.false(isServing(up({usable: false}), 'smsc-a'));
  t.false(isServing({kind: 'down', code: 'ECONNREFUSED'}, 'smsc-a'));
});

const url = 'https://gw.example.com/nexus/webhook/acme/1';
const answer = (status: number, refusal?: string) =>
  ({kind: 'answer', status, messageId: status === 200 ? 'x' : undefined, refusal}) as const;
const called = (signed: ReturnType<typeof answer>, direct?: ReturnType<typeof answer>) =>
  judgeWebhook({channel: '1', url, signed: [signed], forged: answer(401, 'signature_wrong'), direct});
test('a webhook that opens to its secret only', judges, called(answer(200)), 'webhook', /no other/);
test(
  'a proxy that writes bodies anew',
  judges,
  called(answer(401, 'signature_wrong'), answer(200)),
  'public_url_rewrites',
  /very bytes/,
);
test(
  'a proxy that writes bodies anew while signatures are refused by 503',
  judges,
  called(answer(503, 'signature_wrong'), answer(200)),
  'public_url_rewrites',
  /very bytes/,
);
test(
  'a proxy in front of a gateway that refuses in the form of Nexus',
  judges,
  called(answer(401, 'signature_refused'), answer(200)),
  'public_url_rewrites',
  /changes the body or takes a header away\. Have it pass the very bytes and all headers on/,
);
test(
  'a channel that the running gateway has taken out',
  judges,
  called(answer(404, 'channel_removed')),
  'webhook_channel',
  /reload it/,
);
test(
  'a proxy that takes a required header away',
  judges,
  called(answer(401, 'header_wrong'), answer(200)),
  'webhook_header',
  /takes them away/,
);
test('a gateway that stores nothing', judges, called(answer(503, 'not_stored')), 'webhook_not_stored', /disk/);
test('a public URL that is not given', judges, judgeAddress(undefined, []), 'public_url_missing', /as https:/);
test(
  'a loopback address for a Nexus elsewhere',
  judges,
  judgeAddress('http://127.0.0.1:8080', ['digital.example.com']),
  'public_url_private',
  /proxy in front/,
);
test(
  'a private address for Twilio',
  judges,
  judgeAddress('https://10.1.2.3', ['api.twilio.com']),
  'public_url_private',
  /api\.twilio\.com/,
);
test('a private address for a Nexus in the same network', t => {
  t.deepEqual(judgeAddress('https://10.1.2.3', ['digital.example.com']), []);
});

test(
  'services that are not shown',
  judges,
  [...judgeAsync('acme', {kind: 'hidden'}, [], ''), ...judgeSms('acme', {kind: 'hidden'})],
  'async_hidden sms_hidden',
  /only POST/,
);
test(
  'a service Async of another form',
  judges,
  judgeAsync('acme', {kind: 'document', document: {data: {channels: 7}}}, [], ''),
  'async_unreadable',
  /by hand/,
);

test(
  'a service Async whose channels stand elsewhere',
  judges,
  judgeAsync('acme', {kind: 'document', document: {services: [{channels: [{channelId: '1'}]}]}}, [], ''),
  'async_unreadable',
  /by hand/,
);

test(
  'a service SMS whose provider stands elsewhere',
  judges,
  judgeSms('acme', {kind: 'document', document: [{data: {provider: 'Async'}}]}),
  'sms_unreadable',
  /by hand/,
);

const short = {webhookSecrets: ['w'.repeat(40)], apiSecrets: ['0b9c8d7e6f5a4b3c2d1e'], id: '72345'};
const token = {name: 'ops', role: 'operator', token: 'short'};
test(
  'a weak secret of a channel goes to the other side too',
  judges,
  judgeSecrets({channels: [short], management: {tokens: []}} as unknown as Parameters<typeof judgeSecrets>[0]),
  'secret_guessable',
  /webhookSecret of channel 72345 can be guessed\. .*then provision apply\.$/,
);
test(
  'a weak token goes to those who use it',
  judges,
  judgeSecrets({channels: [], management: {tokens: [token]}} as unknown as Parameters<typeof judgeSecrets>[0]),
  'secret_short',
  /token of ops has 5 characters.*give it to those who use it\.$/,
);
const sender = {channelId: 'ACME', url: 'https://gw.example.com/x', webhookSecret: 'a', apiSecret: 'b'};
test(
  'a channel that is a name is not taken for another name',
  judges,
  judgeAsync('acme', {kind: 'document', document: {data: {channels: [{channelId: 'mail.example.com'}]}}}, [sender], ''),
  'async_channel_missing',
  /has no channel ACME\. Run provision apply/,
);
const annexOfOne = parseCfg(
  '[chat.SMS_Main]\nchannelId=16504661149\nprovider=Async\nendpoint=chat.SMS_Main_App\ncxcOnly=false\n',
);
const channelsOfTwo = [
  {channel: '16504661149', services: undefined},
  {channel: '72345', services: undefined},
];
test(
  'a number that is a WhatsApp channel too',
  judges,
  judgeSections(
    [...parseCfg('[chat.WA]\nchannelId=16504661149\nchannelType=whatsapp\nprovider=Other\n'), ...annexOfOne],
    channelsOfTwo.slice(0, 1),
    1,
  ),
  'section',
  /\[chat\.SMS_Main] leads channel 16504661149/,
);
test(
  'a section that is missing',
  judges,
  judgeSections(annexOfOne, channelsOfTwo.slice(1), 1),
  'section_missing',
  /reach no agent/,
);
test(
  'a section that may be in the options of another tenant',
  judges,
  judgeSections(annexOfOne, channelsOfTwo.toReversed(), 2),
  'section_of_other_tenant section',
  /channel 72345: right if the channel is another tenant's\. Look with the NexusServices of each/,
);
