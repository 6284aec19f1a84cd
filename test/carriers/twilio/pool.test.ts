import test from 'ava';
import {toOwned} from '../../../src/carriers/twilio/pool.ts';
import type {CarrierEntry} from '../../../src/core/channel.ts';
import type {InboundEvent} from '../../../src/core/event.ts';
import {accountSid, ours, phone, stage, until} from './setup.ts';

/** Phones answer to whichever number of a pool wrote to them. */

const serviceSid = `MG${'5'.repeat(32)}`;
const pooled = '+15005550077';

function entry(address: string, options: Record<string, unknown> = {}): CarrierEntry {
  return {carrier: 'main', address, senderMayChange: false, options};
}

const pool = {messagingServiceSid: serviceSid, anySender: true};

const comesTo = test.macro({
  exec: (t, to: string, service: string | undefined, entries: CarrierEntry[], expected: string) => {
    const event: InboundEvent = {from: phone, to, text: 'Hi', media: [], receivedAt: 0};
    t.deepEqual(toOwned(event, service, entries), {...event, to: expected});
  },
  title: (title = '') => title,
});

test(
  'a text to a number of the pool comes to who sends from it',
  comesTo,
  pooled,
  serviceSid,
  [entry(ours, pool)],
  ours,
);
test('one to the entry’s own number stays', comesTo, ours, serviceSid, [entry(ours, pool)], ours);
test(
  'one to a number with an entry of its own stays',
  comesTo,
  pooled,
  serviceSid,
  [entry(ours, pool), entry(pooled)],
  pooled,
);
test('one that came by no service stays', comesTo, pooled, undefined, [entry(ours, pool)], pooled);
test('one of another pool stays', comesTo, pooled, `MG${'6'.repeat(32)}`, [entry(ours, pool)], pooled);
test(
  'a pool that only names its sender brings nothing',
  comesTo,
  pooled,
  serviceSid,
  [entry(ours, {messagingServiceSid: serviceSid})],
  pooled,
);
test(
  'a pool of two entries is nobody’s',
  comesTo,
  pooled,
  serviceSid,
  [entry(ours, pool), entry('+15005550008', pool)],
  pooled,
);
test(
  'one by WhatsApp is not answered by SMS',
  comesTo,
  `whatsapp:${pooled}`,
  serviceSid,
  [entry(ours, pool)],
  `whatsapp:${pooled}`,
);

test('a webhook brings texts to all numbers of the pool', async t => {
  const there = await stage(t, {entries: [entry(ours, pool)]});
  const form = {MessageSid: `SM${'c'.repeat(32)}`, AccountSid: accountSid, From: phone, To: pooled, Body: 'STOP'};
  const url = `${there.publicUrl}/twilio/main/inbound`;
  t.is((await there.pretend.post(url, {...form, MessagingServiceSid: serviceSid})).status, 200);
  t.like(there.inbound, [{from: phone, to: ours, text: 'STOP'}]);
});

test('missed texts to all numbers of the pool are fetched, each once', async t => {
  const entries = [entry(ours, pool)];
  const there = await stage(t, {realClock: true, addresses: [ours], entries, settings: {recovery: {every: '100ms'}}});
  const {pretend} = there;
  const number = {sms_url: '', sms_method: 'POST', sms_fallback_url: '', sms_fallback_method: 'POST'};
  const rest = {...number, sms_application_sid: '', capabilities: {sms: true, mms: true, voice: true}};
  const at = Date.now() - 60_000;
  for (const [index, to] of [ours, pooled, '12345'].entries()) {
    const sid = `${to === '12345' ? 'SC' : 'PN'}${String(index).repeat(32)}`;
    pretend.numbers.push({...rest, sid, phone_number: to});
    await pretend.sendFromPhone({webhookUrl: '', lost: true, from: phone, to, text: `to ${to}`, at: at + index});
  }
  await pretend.sendFromPhone({webhookUrl: '', lost: true, from: phone, to: '+15005550009', text: 'not ours', at});
  pretend.services.push({
    sid: serviceSid,
    friendly_name: 'Pool',
    inbound_request_url: null,
    use_inbound_webhook_on_number: true,
    numbers: pretend.numbers.map(({sid}) => sid),
  });
  await until('all three', () => there.inbound.length >= 3);
  const {asked} = pretend.lists;
  await until('another round', () => pretend.lists.asked >= asked + 3);
  t.deepEqual(there.inbound.map(({to, text}) => `${to} ${text}`).sort(), [
    `${ours} to +15005550006`,
    `${ours} to +15005550077`,
    `${ours} to 12345`,
  ]);
});

test('more pools than one round may ask for have their turn', async t => {
  const digits = ['0', '1', '2', '3', '4', '5', '6'];
  const entries = digits.map(digit =>
    entry(`+1500555000${digit}`, {messagingServiceSid: `MG${digit.repeat(32)}`, anySender: true}),
  );
  const settings = {recovery: {every: '100ms', requests: 20}};
  const {inbound, pretend} = await stage(t, {realClock: true, addresses: [], entries, settings});
  const at = Date.now() - 60_000;
  for (const digit of digits) {
    const [sid, to] = [`PN${digit.repeat(32)}`, `+1500555010${digit}`];
    const urls = {sms_url: '', sms_method: 'POST', sms_fallback_url: '', sms_fallback_method: 'POST'};
    const capabilities = {sms: true, mms: true, voice: true};
    pretend.numbers.push({...urls, sid, phone_number: to, sms_application_sid: '', capabilities});
    pretend.services.push({
      sid: `MG${digit.repeat(32)}`,
      friendly_name: digit,
      inbound_request_url: null,
      use_inbound_webhook_on_number: true,
      numbers: [sid],
    });
    await pretend.sendFromPhone({webhookUrl: '', lost: true, from: phone, to, text: 'Hi', at});
  }
  await until('all seven', () => inbound.length >= digits.length);
  t.deepEqual(
    inbound.map(({to}) => to).sort(),
    entries.map(({address}) => address),
  );
});
