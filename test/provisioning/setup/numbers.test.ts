import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {ProvisionError} from '../../../provisioning/setup/index.ts';
import {createNumberAccounts} from '../../../src/gateway.ts';
import {createPretendTwilio, type PretendNumber} from '../../../src/sandbox/twilio.ts';
import {keeping, startTenant, toFile} from './file.ts';

const accountSid = `AC${'a'.repeat(32)}`;
const inbound = 'https://gw.example.com/twilio/twilio-main/inbound#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000';

function number(changes: Partial<PretendNumber> = {}): PretendNumber {
  return {
    sid: `PN${'1'.repeat(32)}`,
    phone_number: '+16504661149',
    sms_url: 'https://old.example.com/sms',
    sms_method: 'GET',
    sms_fallback_url: '',
    sms_fallback_method: 'POST',
    sms_application_sid: `AP${'2'.repeat(32)}`,
    capabilities: {sms: true, mms: true, voice: true},
    ...changes,
  };
}

const pool = {
  sid: `MG${'3'.repeat(32)}`,
  friendly_name: 'Pool',
  inbound_request_url: 'https://old.example.com/pool',
  use_inbound_webhook_on_number: false,
  numbers: [`PN${'1'.repeat(32)}`],
  campaign_status: 'VERIFIED',
};

async function startAll(t: ExecutionContext, numbers: PretendNumber[] = [number()]) {
  const tenant = await startTenant(t);
  const twilio = await createPretendTwilio({accountSid, authToken: 'twilio-token'});
  t.teardown(() => twilio.stop());
  twilio.numbers.push(...numbers);
  twilio.services.push({...pool});
  tenant.write(
    toFile(tenant.nexus.url)
      .replace(
        'carriers:\n',
        `carriers:\n  twilio-main: {type: twilio, accountSid: ${accountSid}, authTokens: [twilio-token], apiUrl: '${twilio.url}'}\n`,
      )
      .replace('carriers: [smsc-a]', 'carriers: [twilio-main, smsc-a]'),
  );
  return {...tenant, twilio, open: () => tenant.open({openNumbers: createNumberAccounts})};
}

test('a number at Twilio is pointed here with its service, and a plan after it is empty', async t => {
  const {twilio, asking, open} = await startAll(t);
  const {text} = await open().plan({});
  t.true(
    text.includes(`twilio-main: number +16504661149
  ~ webhook https://old.example.com/sms -> ${inbound}
  ~ method GET -> POST
  ~ fallback none -> ${inbound}
  ~ application AP${'2'.repeat(32)} -> none
  ~ Messaging Service Pool: leaves texts to the number's own webhook
`),
    text,
  );
  t.is(await open().apply({}, asking), 'applied');
  t.is(twilio.numbers[0]?.sms_url, inbound);
  t.true(twilio.services[0]?.use_inbound_webhook_on_number);
  t.false((await open().plan({})).pending);
});

test('a service that brings the texts here itself stays as it is: its other numbers would get none', async t => {
  const {twilio, asking, open} = await startAll(t, [number({sms_url: ''})]);
  Object.assign(twilio.services[0] ?? {}, {inbound_request_url: inbound.split('#')[0]});
  const {text} = await open().plan({});
  t.true(text.includes('twilio-main: number +16504661149: as it should be'), text);
  t.is(await open().apply({}, asking), 'applied');
  t.false(twilio.services[0]?.use_inbound_webhook_on_number);
  t.is(twilio.numbers[0]?.sms_url, '');
});

test('a plan tells how many other numbers a service leaves to themselves', async t => {
  const {twilio, open} = await startAll(t);
  Object.assign(twilio.services[0] ?? {}, {
    numbers: [...pool.numbers, `PN${'8'.repeat(32)}`, `SC${'9'.repeat(32)}`],
  });
  const {text} = await open().plan({});
  t.regex(text, /Messaging Service Pool: leaves .*, and those to 2 more to theirs: without one they are lost/);
});

test('a number is not taken from another product that has it by its service', async t => {
  const {twilio, asking, open} = await startAll(t);
  const url = 'https://byosms.mypurecloud.com/vendors/v1/twilio/1/mo';
  Object.assign(twilio.services[0] ?? {}, {inbound_request_url: url});
  await t.throwsAsync(open().apply({}, asking), {message: /its texts go to Genesys Cloud \(BYO SMS\).*--replace/});
  t.is(twilio.services[0]?.inbound_request_url, url);
  t.false(twilio.services[0]?.use_inbound_webhook_on_number);
});

test('a restore has the texts go where they went', async t => {
  const {twilio, asking, open} = await startAll(t);
  await open().apply({}, asking);
  await open().restore(asking.backup, {}, keeping(asking));
  t.deepEqual(twilio.numbers, [number()]);
  t.deepEqual(twilio.services, [pool]);
});

test('a fallback that is asked by GET is shown, and put back as it was', async t => {
  const stood = number({sms_fallback_url: 'https://static.example.com/sorry.xml', sms_fallback_method: 'GET'});
  const {twilio, asking, open} = await startAll(t, [{...stood}]);
  t.true((await open().plan({})).text.includes('  ~ fallback method GET -> POST\n'));
  await open().apply({}, asking);
  t.is(twilio.numbers[0]?.sms_fallback_method, 'POST');
  await open().restore(asking.backup, {}, keeping(asking));
  t.deepEqual(twilio.numbers, [stood]);
});

test('a number of which nothing was kept stays, and the rest is put back', async t => {
  const {nexus, twilio, asking, open} = await startAll(t);
  await open().apply({}, asking);
  const applied = nexus.services.get('Async');
  const kept = JSON.parse(readFileSync(asking.backup, 'utf8')) as {kept: Array<{target: string; before: unknown}>};
  for (const one of kept.kept) if (one.target.includes('number')) one.before = null;
  writeFileSync(asking.backup, JSON.stringify(kept));
  await open().restore(asking.backup, {}, keeping(asking));
  t.is(twilio.numbers[0]?.sms_url, inbound);
  t.notDeepEqual(nexus.services.get('Async'), applied);
});

test('a number is not taken from another product unasked', async t => {
  const byo = number({sms_url: 'https://byosms.mypurecloud.com/vendors/v1/twilio/1/mo'});
  const {nexus, twilio, folder, asking, open} = await startAll(t, [byo]);
  const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /its texts go to Genesys Cloud \(BYO SMS\).*--replace/);
  t.is(nexus.services.size, 0);
  await open().apply({replace: true}, {...asking, backup: join(folder, 'second')});
  t.is(twilio.numbers[0]?.sms_url, inbound);
});

test('a number the account does not have is told before anything is changed', async t => {
  const {nexus, asking, open} = await startAll(t, []);
  await t.throwsAsync(open().apply({}, asking), {message: /\+16504661149: the account has no such number/});
  t.is(nexus.services.size, 0);
});

test('an account that is not reached is told with what to do', async t => {
  const {twilio, asking, open} = await startAll(t);
  await twilio.stop();
  const error = await t.throwsAsync(open().apply({}, asking), {instanceOf: ProvisionError});
  t.regex(error.message, /twilio-main: number \+16504661149: .*running it again is safe/);
  t.false(error.message.includes('twilio-token'));
});

test('a channel taken out of service takes the webhook of its number along, and a restore brings both back', async t => {
  const {nexus, twilio, folder, asking, open} = await startAll(t);
  await open().apply({}, asking);
  const backup = join(folder, 'removed');
  t.is(await open().remove('16504661149', {}, {...asking, backup}), 'applied');
  t.like(twilio.numbers[0], {sms_url: '', sms_fallback_url: ''});
  t.like(nexus.services.get('Async'), {data: {channels: [{channelId: '72345'}]}});
  await open().restore(backup, {}, keeping(asking));
  t.is(twilio.numbers[0]?.sms_url, inbound);
  t.like(nexus.services.get('Async'), {data: {channels: [{channelId: '16504661149'}, {channelId: '72345'}]}});
});

test('a removal tells of a service that brings the texts here all the same', async t => {
  const {twilio, asking, open} = await startAll(t, [number({sms_url: inbound})]);
  Object.assign(twilio.services[0] ?? {}, {inbound_request_url: inbound});
  let plan = '';
  const confirm = async (shown: string) => {
    plan = shown;
    return true;
  };
  t.is(await open().remove('16504661149', {}, {...asking, confirm}), 'applied');
  t.regex(plan, /- webhook and fallback\n/);
  t.regex(plan, /note: Messaging Service Pool brings the texts to all its numbers here: take the number out of it/);
});

test('a removal leaves a number alone that goes elsewhere', async t => {
  const {twilio, asking, open} = await startAll(t);
  await open().remove('16504661149', {}, asking);
  t.is(twilio.numbers[0]?.sms_url, 'https://old.example.com/sms');
});
