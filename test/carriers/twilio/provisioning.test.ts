import test, {type ExecutionContext} from 'ava';
import {options} from '../../../src/carriers/twilio/options.ts';
import {
  checkSender,
  createTwilioProvisioning,
  toNumberWebhook,
} from '../../../src/carriers/twilio/provisioning/index.ts';
import {createPretendTwilio, type PretendNumber, type PretendService} from '../../../src/sandbox/twilio.ts';
import {accountSid, authToken} from './setup.ts';

const local = '+14155550123';
const tollFree = '+18885550123';
const wanted = toNumberWebhook('https://gw.example.com', 'main', 'https://gw2.example.com');

async function start(t: ExecutionContext, settings: object = {}) {
  const pretend = await createPretendTwilio({accountSid, authToken});
  t.teardown(() => pretend.stop());
  const given = options.parse({accountSid, authTokens: [authToken], apiUrl: pretend.url, ...settings});
  const provisioning = createTwilioProvisioning(given);
  t.teardown(provisioning.close);
  return {pretend, provisioning};
}

function number(changes: Partial<PretendNumber> = {}): PretendNumber {
  return {
    sid: `PN${'1'.repeat(32)}`,
    phone_number: local,
    sms_url: wanted.smsUrl,
    sms_method: 'POST',
    sms_fallback_url: wanted.smsFallbackUrl,
    sms_fallback_method: 'POST',
    sms_application_sid: '',
    capabilities: {sms: true, mms: true, voice: true},
    ...changes,
  };
}

function service(changes: Partial<PretendService> = {}): PretendService {
  return {
    sid: `MG${'2'.repeat(32)}`,
    friendly_name: 'Pool',
    inbound_request_url: null,
    use_inbound_webhook_on_number: true,
    numbers: [`PN${'1'.repeat(32)}`],
    campaign_status: 'VERIFIED',
    ...changes,
  };
}

const finds = test.macro({
  exec: async (
    t,
    changes: Partial<PretendNumber>,
    services: PretendService[],
    codes: string[],
    verification?: string,
  ) => {
    const {pretend, provisioning} = await start(t);
    const one = number(changes);
    pretend.numbers.push(one);
    pretend.services.push(...services);
    if (verification !== undefined) pretend.tollFree.set(one.sid, verification);
    const {findings} = await provisioning.inspect(one.phone_number, wanted);
    t.deepEqual(
      findings.map(finding => (finding.level === 'ok' ? `ok ${finding.code}` : finding.code)),
      codes,
    );
  },
  title: (title = '') => title,
});

test(
  'finds nothing wrong with a number that is ours',
  finds,
  {},
  [service()],
  ['ok webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'overlooks other connection overrides',
  finds,
  {sms_url: `${wanted.smsUrl.split('#')[0]}#rc=1`},
  [service()],
  ['ok webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds a service that drops the texts',
  finds,
  {},
  [service({use_inbound_webhook_on_number: false})],
  ['ok webhook', 'messaging_service_overrides', 'ok a2p'],
);
test(
  'finds a service that sends them elsewhere',
  finds,
  {},
  [service({use_inbound_webhook_on_number: false, inbound_request_url: 'https://x.example'})],
  ['ok webhook', 'messaging_service_overrides', 'ok a2p'],
);
test(
  'takes a service that has our webhook itself',
  finds,
  {},
  [service({use_inbound_webhook_on_number: false, inbound_request_url: wanted.smsUrl})],
  ['ok webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'asks nothing of a number whose service has our webhook for it',
  finds,
  {sms_url: '', sms_fallback_url: '', sms_application_sid: `AP${'3'.repeat(32)}`},
  [service({use_inbound_webhook_on_number: false, inbound_request_url: wanted.smsUrl.split('#')[0] ?? ''})],
  ['ok webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds a service that sends them where the number does, elsewhere',
  finds,
  {sms_url: 'https://x.example/sms'},
  [service({use_inbound_webhook_on_number: false, inbound_request_url: 'https://x.example/sms'})],
  ['webhook_elsewhere', 'messaging_service_overrides', 'ok a2p'],
);
test(
  'knows its own webhook however it is written',
  finds,
  {sms_url: wanted.smsUrl.replace('gw.example.com', 'GW.example.com:443')},
  [service()],
  ['ok webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds an application',
  finds,
  {sms_application_sid: `AP${'3'.repeat(32)}`},
  [service()],
  ['application_overrides', 'ok webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds a number without a webhook',
  finds,
  {sms_url: ''},
  [service()],
  ['no_webhook', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds Genesys Cloud',
  finds,
  {sms_url: 'https://byosms.mypurecloud.de/vendors/v1/twilio/x/mo'},
  [service()],
  ['webhook_of_other_product', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds Dynamics 365',
  finds,
  {sms_url: 'https://eu.omnichannelengagementhub.com/twilio'},
  [service()],
  ['webhook_of_other_product', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds another address',
  finds,
  {sms_url: 'https://old.example/x'},
  [service()],
  ['webhook_elsewhere', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds GET and a missing fallback',
  finds,
  {sms_method: 'GET', sms_fallback_url: ''},
  [service()],
  ['ok webhook', 'webhook_method', 'no_fallback', 'ok messaging_service', 'ok a2p'],
);
test(
  'finds a number that has no SMS',
  finds,
  {capabilities: {sms: false, mms: false, voice: true}},
  [service()],
  ['no_sms', 'ok webhook', 'ok messaging_service', 'ok a2p'],
);
test('finds a number without a campaign', finds, {}, [], ['ok webhook', 'a2p_unregistered']);
test(
  'finds a campaign in progress',
  finds,
  {},
  [service({campaign_status: 'IN_PROGRESS'})],
  ['ok webhook', 'ok messaging_service', 'registration_in_progress'],
);
test(
  'finds a failed campaign',
  finds,
  {},
  [service({campaign_status: 'FAILED'})],
  ['ok webhook', 'ok messaging_service', 'a2p_failed'],
);
test('asks no registration of a number outside the US', finds, {phone_number: '+447700900123'}, [], ['ok webhook']);
test(
  'takes a verified toll-free number',
  finds,
  {phone_number: tollFree},
  [],
  ['ok webhook', 'ok toll_free'],
  'TWILIO_APPROVED',
);
test(
  'finds a toll-free number in review',
  finds,
  {phone_number: tollFree},
  [],
  ['ok webhook', 'registration_in_progress'],
  'IN_REVIEW',
);
test(
  'finds a toll-free number nobody verified',
  finds,
  {phone_number: tollFree},
  [],
  ['ok webhook', 'toll_free_unverified'],
);
test('takes a short code', finds, {sid: `SC${'4'.repeat(32)}`, phone_number: '12345'}, [], ['ok webhook']);

test('sees a subaccount’s Messaging Services also when its parent calls', async t => {
  const parent = {sid: `AC${'f'.repeat(32)}`, secret: 'parent-token'};
  const {pretend, provisioning} = await start(t, {credentials: parent});
  pretend.allow(parent.sid, parent.secret);
  pretend.numbers.push(number());
  pretend.services.push(service({use_inbound_webhook_on_number: false}));
  const {findings} = await provisioning.inspect(local, wanted);
  t.deepEqual(
    findings.map(({code}) => code),
    ['webhook', 'messaging_service_overrides', 'a2p'],
  );
  await provisioning.point(local, wanted);
  t.true(pretend.services[0]?.use_inbound_webhook_on_number);
});

test('finds the number that was meant, not one it is a part of', async t => {
  const {pretend, provisioning} = await start(t);
  pretend.numbers.push(number({sid: `SC${'3'.repeat(32)}`, phone_number: '612345'}));
  pretend.numbers.push(number({sid: `SC${'4'.repeat(32)}`, phone_number: '12345'}));
  pretend.numbers.push(number({sid: `PN${'3'.repeat(32)}`, phone_number: '+43155512345'}));
  pretend.numbers.push(number({sid: `PN${'4'.repeat(32)}`, phone_number: '+431555123'}));
  t.is((await provisioning.inspect('12345', wanted)).number?.sid, `SC${'4'.repeat(32)}`);
  t.is((await provisioning.inspect('+431555123', wanted)).number?.sid, `PN${'4'.repeat(32)}`);
  t.is((await provisioning.inspect('+4315551', wanted)).number, undefined);
});

test('does not find a number of another account', async t => {
  const {provisioning} = await start(t);
  const {number: found, findings} = await provisioning.inspect(local, wanted);
  t.is(found, undefined);
  t.like(findings, [{level: 'problem', code: 'number_not_found'}]);
});

test('points a number at us, takes it from its application and makes the service defer', async t => {
  const {pretend, provisioning} = await start(t);
  pretend.numbers.push(number({sms_url: 'https://old.example', sms_application_sid: 'AP1', sms_fallback_url: ''}));
  pretend.services.push(service({use_inbound_webhook_on_number: false}));
  t.like(await provisioning.point(local, wanted), {smsUrl: wanted.smsUrl, smsFallbackUrl: wanted.smsFallbackUrl});
  const {findings} = await provisioning.inspect(local, wanted);
  t.true(findings.every(finding => finding.level === 'ok'));
  t.regex(pretend.numbers[0]?.sms_url ?? '', /^https:\/\/gw\.example\.com\/twilio\/main\/inbound#rc=5/);
});

test('points a short code at us', async t => {
  const {pretend, provisioning} = await start(t);
  pretend.numbers.push(number({sid: `SC${'4'.repeat(32)}`, phone_number: '12345', sms_url: ''}));
  t.like(await provisioning.point('12345', wanted), {kind: 'short code', smsUrl: wanted.smsUrl});
});

test('changes nothing when it only inspects', async t => {
  const {pretend, provisioning} = await start(t);
  pretend.numbers.push(number({sms_url: 'https://old.example'}));
  pretend.services.push(service({use_inbound_webhook_on_number: false}));
  const before = JSON.stringify([pretend.numbers, pretend.services]);
  await provisioning.inspect(local, wanted);
  t.is(JSON.stringify([pretend.numbers, pretend.services]), before);
});

test('checks credentials: good, wrong, an API key, nobody there', async t => {
  const {pretend, provisioning} = await start(t);
  t.like(await provisioning.checkAccount(), {level: 'ok', code: 'account'});
  const wrong = await start(t, {authTokens: ['wrong']});
  const finding = await wrong.provisioning.checkAccount();
  t.like(finding, {level: 'problem', code: 'credentials'});
  t.notRegex(finding.message, /wrong/);
  const key = {sid: `SK${'b'.repeat(32)}`, secret: 'key-secret'};
  pretend.allow(key.sid, key.secret);
  const keyed = await start(t, {apiUrl: pretend.url, credentials: key});
  t.like(await keyed.provisioning.checkAccount(), {level: 'ok'});
  await wrong.pretend.stop();
  t.like(await wrong.provisioning.checkAccount(), {level: 'problem', code: 'twilio_unreachable'});
});

const senders = test.macro({
  exec: (t, sender: Parameters<typeof checkSender>[0], codes: string[]) => {
    t.deepEqual(
      checkSender(sender).map(finding => finding.code),
      codes,
    );
  },
  title: (title = '') => title,
});

const keywords = {help: 'Call us', stop: 'Bye', start: 'Hello'};
test('wants a sender', senders, {address: ' '}, ['sender_missing']);
test('wants a phone in E.164', senders, {address: '+0123'}, ['sender_format']);
test('wants a short code of five or six digits', senders, {address: '1234', country: 'US', keywords}, [
  'sender_format',
]);
test(
  'wants texts for the keywords of a short code',
  senders,
  {address: '12345', country: 'US', keywords: {help: 'x'}},
  ['keywords_missing'],
);
test('wants a country for a short code', senders, {address: '12345', keywords}, ['country_missing']);
test('wants the number’s own country', senders, {address: local, country: 'DE'}, ['country_mismatch']);
test('takes a phone of its country', senders, {address: '+4930123456', country: 'de'}, []);
test('takes a short code with everything', senders, {address: '12345', country: 'US', keywords}, []);
test('says that nobody can answer a sender name', senders, {address: 'ACME'}, ['sender_one_way']);
