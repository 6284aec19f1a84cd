import test from 'ava';
import {
  atPublicUrl,
  closedManagement,
  closedNexus,
  closedSmsc,
  drained,
  inAsync,
  inCfg,
  inFile,
  moreChannel,
  noChannels,
  noPublicUrl,
  onNexus,
  onNumber,
  onPool,
  type Plant,
  paused,
  pausedTexts,
  readableStore,
  refusedBinds,
  sectionOf,
  silentSmsc,
  strangeChannel,
  withoutHeader,
  withoutNumber,
  withoutService,
  withSms,
} from './planted.ts';
import {type DoctorWorld, smppChannel, startDoctorWorld, twilioChannel} from './world.ts';

interface Finding {
  level: string;
  code: string;
  message: string;
}

const teardowns: Array<() => unknown> = [];
let world: DoctorWorld;

test.before(async () => {
  world = await startDoctorWorld({teardown: undo => void teardowns.push(undo)});
});

test.after.always(async () => {
  for (const teardown of teardowns.reverse()) await teardown();
});

test.serial('finds nothing where nothing is wrong', async t => {
  const {code, out} = await world.doctor();
  t.deepEqual(toNamed(out), []);
  t.is(code, 0);
});

/** Plants one fault in the set-up: exactly these are named, `mend` stands in the sentence, and the next run finds nothing more of it. */
const finds = test.macro({
  async exec(t, plant: Plant, codes: string, mend: RegExp) {
    const {undo, ...run} = await plant(world);
    try {
      const {code, out} = await world.doctor(run);
      const named = toNamed(out);
      t.deepEqual([...new Set(named.map(finding => finding.code))].sort(), codes.split(' ').sort(), out);
      const [first = ''] = codes.split(' ');
      t.true(
        named.some(finding => finding.code === first && mend.test(finding.message)),
        out,
      );
      t.is(code, toExitCode(named));
    } finally {
      await undo?.();
    }
  },
  title: (_, _plant, codes: string, mend: RegExp) => `finds ${codes} and says what to do: ${mend.source}`,
});

function toNamed(out: string): Finding[] {
  const {findings} = JSON.parse(out) as {findings: Finding[]};
  return findings.filter(({level}) => level !== 'ok');
}

function toExitCode(named: readonly Finding[]): number {
  if (named.some(({code}) => code === 'config_mistake')) return 78;
  return named.some(({level}) => level === 'problem') ? 1 : 2;
}

// The file and its secrets.
test.serial(finds, inFile('ccid:', 'ccidd:'), 'config_mistake', /gateway|yaml/);
test.serial(
  finds,
  inFile('tokens: [', 'tokens: [{name: weak, role: reader, token: short-token}, '),
  'secret_short gateway_token',
  /provision secrets/,
);
test.serial(
  finds,
  inFile(
    'role: operator, token: operator-token-of-this-test}',
    'role: operator, token: operator-token-of-this-test}, {name: weak, role: reader, token: changeme-changeme-changeme}',
  ),
  'secret_guessable',
  /provision secrets/,
);
test.serial(
  finds,
  inFile('apiSecret: 0b9c8d7e6f5a4b3c2d1e', 'apiSecret: [0b9c8d7e6f5a4b3c2d1e, 6f1d0c2b9a8e47f3b5d2]'),
  'secret_both_ways',
  /Take two/,
);

// The store.
test.serial(finds, inFile(/store: .*/, 'store: sqlite:/dev/null/gateway.db'), 'store_not_writable', /another in store/);
test.serial(finds, inFile(/store: .*/, 'store: sqlite:/'), 'store_no_file', /sqlite:data/);
test.serial(finds, readableStore, 'store_readable', /chmod 600/);

// The running gateway.
test.serial(finds, closedManagement, 'gateway_down', /start it/);
test.serial(finds, ({tenant}) => ({url: tenant.nexus.url}), 'gateway_other', /--url/);
test.serial(
  finds,
  inFile('token: operator-token-of-this-test', 'token: another-token-of-this-test'),
  'gateway_token',
  /reload it/,
);
test.serial(
  finds,
  ({file, smsc}) => ({
    file: file.replace(
      '  twilio-main:\n',
      `  smsc-b: {type: smpp, host: ${smsc.host}, port: ${smsc.port}, tls: false, systemId: acme, password: smppword}\n  twilio-main:\n`,
    ),
  }),
  'gateway_other_file',
  /reload it/,
);
test.serial(finds, paused, 'paused', /resume/);
test.serial(finds, pausedTexts, 'paused', /resume .*--accepted-before 2026-11-20T22:10:00\.000Z/);
test.serial(finds, drained, 'draining', /resume/);

// Names, ways, clocks.
test.serial(finds, closedSmsc, 'unreached', /carrier smsc-a.*host, port and firewall/);
test.serial(finds, closedNexus, 'unreached', /platform acme.*host, port and firewall/);
test.serial(finds, inFile('tls: false', 'tls: true'), 'tls_not_spoken', /port for TLS/);
test.serial(
  finds,
  inFile('tls: false', 'tls: false\n    localAddress: 192.0.2.77'),
  'local_address',
  /correct localAddress/,
);
test.serial(finds, () => ({aheadMs: 600_000}), 'clock_wrong', /ahead of.*NTP/);
test.serial(finds, () => ({aheadMs: -20_000}), 'clock_off', /behind.*NTP/);

// The public URL and the signature round trip.
test.serial(finds, noPublicUrl, 'public_url_unreachable', /proxy/);
test.serial(
  finds,
  atPublicUrl(response => response.end('<html>Welcome</html>')),
  'public_url_not_ours',
  /point the proxy/,
);
test.serial(
  finds,
  atPublicUrl(response => response.writeHead(502).end()),
  'public_url_proxy',
  /proxy's target/,
);
test.serial(
  finds,
  atPublicUrl(response => response.writeHead(308, {location: 'https://other.example.com'}).end()),
  'public_url_redirects',
  /leads to as publicUrl/,
);
test.serial(
  finds,
  atPublicUrl(response => response.end('{"messageId":"1"}')),
  'signature_not_checked',
  /reportOnlyUntil/,
);
test.serial(finds, withoutHeader('x-hub-signature'), 'public_url_header', /X-Hub-Signature.*pass all headers on/);
test.serial(
  finds,
  atPublicUrl(response => response.writeHead(401, {'www-authenticate': 'Basic'}).end('<html>Who are you?</html>')),
  'public_url_login',
  /log-in.*without one/,
);
test.serial(
  finds,
  inFile('webhookSecret: 6f1d0c2b9a8e47f3b5d2', 'webhookSecret: 6f1d0c2b9a8e47f3b5d3'),
  'webhook_secret async_webhook_secret',
  /reload it/,
);
test.serial(
  finds,
  ({file}) => ({file: file + moreChannel}),
  'webhook_channel async_channel_missing nexus_channel_unknown section_missing',
  /reload it/,
);

// Nexus, by its messaging API.
test.serial(
  finds,
  inFile('apiSecret: 0b9c8d7e6f5a4b3c2d1e', 'apiSecret: 0b9c8d7e6f5a4b3c2d1f'),
  'nexus_api_secret async_api_secret',
  /hubpp_webhook_invalid_signature_total/,
);
test.serial(
  finds,
  inFile(/ccid: .*/, 'ccid: 11111111-6b7c-4f97-9c76-471cb5c21bf7'),
  'nexus_forbidden async_missing sms_missing',
  /check ccid/,
);
test.serial(
  finds,
  inFile('contract: {}', 'contract: {inboundPath: "/channels/{channelId}/message"}'),
  'nexus_inbound_path',
  /probe/,
);
test.serial(
  finds,
  inFile('contract: {}', 'contract: {receiptPath: "/channels/{channelId}/receipt"}'),
  'nexus_receipt_path',
  /probe/,
);
test.serial(
  finds,
  inFile('contract: {}', 'contract: {reportOnlyUntil: "2099-01-01T00:00:00Z"}'),
  'signature_report_only',
  /take contract.reportOnlyUntil out/,
);
test.serial(finds, noChannels, 'nexus_not_found', /not in the service Async \(run provision apply\), or .*probe/);
test.serial(
  finds,
  inFile('contract: {}', 'contract: {inboundPath: "/{channelId}/message", receiptPath: "/{channelId}/receipt"}'),
  'nexus_not_found',
  /url or contract.inboundPath is another/,
);
test.serial(finds, strangeChannel, 'nexus_channel_unknown', /provision apply/);
test.serial(finds, onNexus({status: 500}), 'nexus_failing', /its log/);
test.serial(finds, onNexus({status: 200, headers: {'content-type': 'text/html'}}), 'nexus_web_page', /log-in page/);

// Its services.
test.serial(finds, inFile('apiKey: 9b7682b7', 'apiKey: 00000000'), 'services_api_key', /provisioning.apiKey/);
test.serial(finds, inFile(/provisioning: .*/, 'provisioning: {}'), 'services_unread', /provisioning.apiKey/);
test.serial(finds, withoutService('Async'), 'async_missing', /provision apply/);
test.serial(finds, withoutService('SMS'), 'sms_missing', /provision apply/);
test.serial(finds, withSms({provider: 'mGage'}), 'sms_provider', /names mGage.*--replace/);
test.serial(finds, withSms({tokenProvider: 'Purecloud'}), 'sms_provider', /Portico.*--replace/);
test.serial(
  finds,
  inAsync(({data}) => data.channels.splice(0, 1)),
  'async_channel_missing',
  /provision apply/,
);
test.serial(
  finds,
  inAsync(({data}) => Object.assign(data.channels[0] ?? {}, {webhook: {url: 'https://old.example.com'}})),
  'async_webhook',
  /old.example.com.*provision apply/,
);
test.serial(
  finds,
  inAsync(({data}) => Object.assign(data.channels[0] ?? {}, {channelId: `+${smppChannel}`})),
  'async_channel_form async_stray',
  /--drop \+/,
);
test.serial(
  finds,
  inAsync(({data}) => data.channels.push(...data.channels.slice(0, 1))),
  'async_channel_twice',
  /take one out/,
);
test.serial(
  finds,
  inAsync(({secret}) => Object.assign(secret.channels[0]?.webhook ?? {}, {secret: 'of-somebody-else'})),
  'async_webhook_secret',
  /provision apply/,
);
test.serial(
  finds,
  inAsync(({secret}) => Object.assign(secret.channels[0]?.api ?? {}, {secret: 'of-somebody-else'})),
  'async_api_secret',
  /provision apply/,
);
test.serial(
  finds,
  inAsync(({secret}) => Object.assign(secret.channels[0]?.api ?? {}, {secret: '********'})),
  'async_secrets_hidden',
  /a text from an agent/,
);
test.serial(
  finds,
  inAsync(({data}) =>
    data.channels.push({channelId: '16504669999', webhook: {url: `${world.front.url}/nexus/webhook`}}),
  ),
  'async_stray',
  /--drop 16504669999/,
);
test.serial(
  finds,
  inAsync(({data}) =>
    data.channels.push({channelId: 'mail.example.com', webhook: {url: `${world.front.url}/nexus/webhook`}}),
  ),
  'async_email',
  /no e-mail/,
);

// The transaction NexusServices.
test.serial(finds, () => ({args: ['--json']}), 'sections_unread', /--nexus-services/);
test.serial(
  finds,
  () => ({args: ['--json', '--nexus-services', '/dev/null/none.cfg']}),
  'sections_file',
  /check the name/,
);
test.serial(finds, inCfg(sectionOf(smppChannel), ''), 'section_missing', /export cfg/);
test.serial(
  finds,
  inCfg(`channelId=${smppChannel}`, `channelId=+${smppChannel}`),
  'section_channel_form',
  /as in the service Async/,
);
test.serial(
  finds,
  ({cfg}) => ({cfg: `${cfg}\n[chat.Old]\nchannelId=${smppChannel}\n`}),
  'section_twice',
  /Delete all but one/,
);
test.serial(finds, inCfg('[chat.SMS_Main]', '[SMS Main]'), 'section_name', /must be chat\./);
test.serial(finds, inCfg('[chat.SMS_Main]', '[chat.SMS_1]'), 'section_digits', /digits/);
test.serial(finds, inCfg('provider=Async\n', ''), 'section_no_provider', /Portico.*provider = Async/);
test.serial(finds, inCfg('provider=Async', 'provider=Portico'), 'section_provider', /provider = Async/);
test.serial(
  finds,
  inCfg('endpoint=chat.SMS_Endpoint', 'endpoint=SMS_Endpoint'),
  'section_endpoint_form',
  /must be chat\./,
);
test.serial(finds, inCfg('endpoint=chat.SMS_Endpoint', 'endpoint=chat.Voice'), 'section_endpoint', /export cfg/);
test.serial(finds, inCfg('cxcOnly=false', 'cxcOnly=true'), 'section_cxc_only', /reach no agent/);
test.serial(finds, inCfg('media=chat', 'media=email'), 'section_option', /media = chat/);

// The account at the SMSC.
test.serial(finds, inFile('password: smppword', 'password: somebody'), 'smpp_password', /check password/);
test.serial(finds, inFile('systemId: acme', 'systemId: other'), 'smpp_system_id', /check systemId/);
test.serial(finds, refusedBinds, 'smpp_no_spare_bind', /no bind beside/);
test.serial(finds, silentSmsc, 'smpp_silent', /may bind/);
test.serial(finds, inFile('binds: 1', 'bindType: transmitter'), 'smpp_cannot_receive', /transceiver or pair/);
test.serial(finds, inFile('binds: 1', 'bindType: receiver'), 'smpp_cannot_send', /transceiver or pair/);
test.serial(
  finds,
  inFile('binds: 1', 'binds: 1\n    window: 1\n    messagesPerSecond: 90000'),
  'smpp_window',
  /raise window or binds/,
);

// The account at Twilio.
test.serial(
  finds,
  inFile('twilio-token-of-this-test', 'another-token-of-this-test'),
  'credentials',
  /check SID, token/,
);
test.serial(finds, withoutNumber, 'number_not_found', /check the account/);
test.serial(finds, onNumber({sms_url: ''}), 'no_webhook', /set its SmsUrl/);
test.serial(finds, onNumber({sms_url: 'https://old.example.com/sms'}), 'webhook_elsewhere', /set its SmsUrl/);
test.serial(
  finds,
  onNumber({sms_url: 'https://byosms.mypurecloud.com/vendors/v1/twilio/1/mo'}),
  'webhook_of_other_product',
  /Genesys Cloud/,
);
test.serial(finds, onNumber({sms_method: 'GET'}), 'webhook_method', /Use POST/);
test.serial(finds, onNumber({sms_fallback_url: ''}), 'no_fallback', /fallback/);
test.serial(finds, onNumber({sms_application_sid: `AP${'2'.repeat(32)}`}), 'application_overrides', /take it out/);
test.serial(finds, onNumber({capabilities: {sms: false, mms: false, voice: true}}), 'no_sms', /another number/);
test.serial(finds, onPool({use_inbound_webhook_on_number: false}), 'messaging_service_overrides', /Defer to sender/);
test.serial(finds, onPool({campaign_status: 'FAILED'}), 'a2p_failed', /30034/);
test.serial(finds, onPool({campaign_status: 'IN_PROGRESS'}), 'registration_in_progress', /30034/);
test.serial(finds, onPool({numbers: []}), 'a2p_unregistered', /Register/);

// Who answers STOP and HELP.
test.serial(finds, inFile('owner: twilio', 'mode: handle'), 'keywords_twice', /cx-contact/);
test.serial(finds, inFile('    keywords: {owner: twilio}\n', ''), 'keywords_unsaid', /keywords.owner/);
test.serial(
  finds,
  inFile('owner: twilio', 'owner: cx-contact'),
  'keywords_twilio',
  /CX Contact answers.*Twilio answers them too/,
);
test.serial(finds, inFile('owner: twilio', 'owner: carrier'), 'keywords_twilio', /make sure with Twilio/);
test.serial(
  finds,
  inFile('carriers: [smsc-a]', 'carriers: [smsc-a]\n    keywords: {owner: twilio}'),
  'keywords_owner',
  /correct keywords.owner/,
);
test.serial(
  finds,
  inFile('carriers: [smsc-a]', 'carriers: [twilio-main]\n    keywords: {mode: handle}'),
  'keywords_twilio number_not_found',
  /owner to twilio/,
);

test.serial('finds nothing once every fault is taken back', async t => {
  const {code, out} = await world.doctor();
  t.deepEqual(toNamed(out), []);
  t.is(code, 0);
  t.true(out.includes(twilioChannel));
});
