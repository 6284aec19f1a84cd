import test from 'ava';
import {toCapMs} from '../../../src/carriers/twilio/day-cap.ts';
import {toSenderTrouble} from '../../../src/carriers/twilio/sender-trouble.ts';
import {ours, phone, stage, submission} from './setup.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const serviceSid = `MG${'5'.repeat(32)}`;
const noon = Date.parse('2026-11-20T20:00:00Z');

function toForm(fields: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries({From: ours, To: phone, ...fields}));
}

/** What a failed text's code says of its sender: nothing, to go slower, or to wait so long. */
const tells = test.macro({
  exec: (t, code: number, scope: 'throttled' | 'queue' | undefined, retryAfterMs?: number) => {
    const trouble = toSenderTrouble(toForm({ErrorCode: String(code)}), {}, noon);
    t.is(trouble?.scope, scope);
    t.is(trouble?.retryAfterMs, retryAfterMs);
  },
  title: (_, code, scope = 'nothing of its sender') => `in a status callback ${code} tells ${scope}`,
});

for (const code of [30001, 30022, 63017, 63018, 21611, 14107]) test(tells, code, 'throttled');
for (const code of [30023, 30027]) test(tells, code, 'queue', 12 * hourMs + minuteMs);
test(tells, 63038, 'queue', hourMs);
for (const code of [30002, 30018, 30024, 30032, 30033, 30034, 30035, 63020]) test(tells, code, 'queue', 5 * minuteMs);
for (const code of [30003, 30005, 30006, 30007, 30008, 21610, 30450]) test(tells, code, undefined);

test('a text that did not fail says nothing of its sender', t => {
  t.is(toSenderTrouble(toForm({MessageStatus: 'delivered'}), {}, noon), undefined);
});

test('the operator’s word counts: a cap of one network need not stop the sender', t => {
  t.is(toSenderTrouble(toForm({ErrorCode: '30027'}), {30027: 'refuse'}, noon), undefined);
});

const sends = test.macro({
  exec: (t, address: string, options: Record<string, unknown>, fields: Record<string, string>, yes: boolean) => {
    const trouble = toSenderTrouble(toForm({ErrorCode: '30034', ...fields}), {}, noon);
    t.is(trouble?.isSender({carrier: 'main', address, senderMayChange: false, options}), yes);
  },
  title: title => title ?? '',
});
const pool = {messagingServiceSid: serviceSid, anySender: true};
test('trouble is its own sender’s', sends, ours, {}, {}, true);
test('trouble is no other sender’s', sends, '+15005550007', {}, {}, false);
test('a WhatsApp sender is known with its prefix', sends, `whatsapp:${ours}`, {}, {From: `whatsapp:${ours}`}, true);
test('trouble of its WhatsApp is not its SMS’s', sends, ours, {}, {From: `whatsapp:${ours}`}, false);
test('a sender of a service is told by its address', sends, ours, {messagingServiceSid: serviceSid}, {}, true);
test('any sender of a pool is the pool', sends, '+15005550007', pool, {MessagingServiceSid: serviceSid}, true);
test('another pool is another one', sends, ours, pool, {MessagingServiceSid: `MG${'6'.repeat(32)}`}, false);

const waits = test.macro({
  exec: (t, now: string, hours: number) => t.is(toCapMs(30027, Date.parse(now)), hours * hourMs + minuteMs),
  title: (_, now, hours) => `at ${now} the next day in the Pacific zone is ${hours} hours away`,
});
test(waits, '2026-11-20T08:00:00Z', 24);
test(waits, '2026-07-01T06:30:00Z', 0.5);
test(waits, '2026-11-01T07:00:00Z', 25);
test(waits, '2026-03-08T08:00:00Z', 23);

test('a callback that names a troubled sender hands it in, once', async t => {
  let results: Array<'matched' | 'duplicate'> = ['matched', 'duplicate'];
  const there = await stage(t, {
    events: {
      receipt: async () => {
        const [first = 'duplicate', ...rest] = results;
        results = rest;
        return first;
      },
    },
  });
  const form = {MessageSid: `SM${'c'.repeat(32)}`, AccountSid: `AC${'a'.repeat(32)}`, From: ours, To: phone};
  const url = `${there.publicUrl}/twilio/main/status?mid=m&attempt=1`;
  for (let times = 0; times < 2; times += 1) {
    const answer = await there.pretend.post(url, {...form, MessageStatus: 'undelivered', ErrorCode: '30034'});
    t.is(answer.status, 204);
  }
  t.is(there.troubles.length, 1);
  t.like(there.troubles[0], {scope: 'queue', reason: {code: 'ServerError'}});
  t.true(there.log.some(line => line.startsWith('error twilio.sender_refused')));
});

/** What the answer to a create slows or stops. */
const answers = test.macro({
  exec: async (t, status: number, code: number | undefined, expected: object) => {
    const {carrier, pretend, clock} = await stage(t);
    clock.now = noon;
    pretend.fail({kind: 'answer', status, retryAfter: '3', ...(code === undefined ? {html: true} : {code})});
    const outcome = await carrier.send(submission());
    t.like(outcome, {kind: 'unavailable', ...expected});
    t.is('of' in outcome, 'of' in expected);
  },
  title: (_, status, code = 0) => `the answer ${status} ${code} stops the right one`,
});
test(answers, 429, 20429, {scope: 'throttled', retryAfterMs: 3000});
test(answers, 429, undefined, {scope: 'throttled', retryAfterMs: 3000});
test(answers, 429, 14107, {scope: 'throttled', of: 'sender', retryAfterMs: 3000});
test(answers, 400, 21611, {scope: 'throttled', of: 'sender'});
test(answers, 429, 63038, {scope: 'queue', retryAfterMs: hourMs});
test(answers, 400, 30027, {scope: 'queue', retryAfterMs: 12 * hourMs + minuteMs});

test('a barred text is told of, by a callback and by the answer to a create', async t => {
  const {carrier, pretend, publicUrl, log} = await stage(t);
  const form = {MessageSid: `SM${'c'.repeat(32)}`, AccountSid: `AC${'a'.repeat(32)}`, From: ours, To: phone};
  const url = `${publicUrl}/twilio/main/status?mid=m-7&attempt=1`;
  for (const ErrorCode of ['30007', '30610', '30003']) {
    await pretend.post(url, {...form, MessageStatus: 'undelivered', ErrorCode});
  }
  pretend.fail({kind: 'answer', status: 400, code: 21408}, {kind: 'answer', status: 400, code: 21211});
  t.like(await carrier.send(submission()), {kind: 'refused'});
  t.like(await carrier.send(submission()), {kind: 'refused'});
  const told = log.filter(line => line.startsWith('warn twilio.text_barred'));
  t.deepEqual(
    told.map(line => JSON.parse(line.slice(line.indexOf('{')))),
    [
      {carrier: 'main', messageId: 'm-7', twilioCode: 30007},
      {carrier: 'main', messageId: 'm-7', twilioCode: 30610},
      {carrier: 'main', messageId: 'm-1', twilioCode: 21408},
    ],
  );
});
