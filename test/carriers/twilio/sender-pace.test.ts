import test from 'ava';
import {toSenderPace} from '../../../src/carriers/twilio/sender-pace.ts';
import {countSms} from '../../../src/carriers/twilio/text.ts';

const paces = test.macro({
  exec: (
    t,
    address: string,
    options: Record<string, unknown>,
    messagesPerSecond: number | undefined,
    key = address,
  ) => {
    const pace = toSenderPace({carrier: 'main', address, senderMayChange: false, options});
    t.deepEqual(pace, messagesPerSecond === undefined ? undefined : {key, messagesPerSecond});
  },
  title: (title = '') => title,
});

const service = `MG${'1'.repeat(32)}`;
test('a long code sends one a second', paces, '+14155550123', {}, 1);
test('a toll-free number sends three', paces, '+18885550123', {}, 3);
test('a short code sends a hundred', paces, '12345', {}, 100);
test('a WhatsApp sender sends eighty', paces, 'whatsapp:+14155550123', {}, 80);
test('of a sender name nothing is known', paces, 'ACME', {}, undefined);
test('the entry knows better', paces, '+14155550123', {messagesPerSecond: 30}, 30);
test('a named sender of a service keeps its own pace', paces, '+14155550123', {messagingServiceSid: service}, 1);
test('of a pool nothing is known', paces, '+14155550123', {messagingServiceSid: service, anySender: true}, undefined);
test(
  'a pool has the pace it is given',
  paces,
  '+1415',
  {messagingServiceSid: service, anySender: true, messagesPerSecond: 9},
  9,
  service,
);

const counts = test.macro({
  exec: (t, body: string, sms: number) => t.is(countSms(body), sms),
  title: (title = '') => title,
});

test('160 of the basic alphabet are one SMS', counts, 'ä'.repeat(160), 1);
test('161 are two', counts, 'a'.repeat(161), 2);
test('307 are three', counts, 'a'.repeat(307), 3);
test('the euro counts two', counts, '€'.repeat(81), 2);
test('70 of any other are one', counts, 'ж'.repeat(70), 1);
test('71 are two', counts, 'ж'.repeat(71), 2);
test('an emoji makes all of it wide', counts, `${'a'.repeat(69)}👋`, 2);
