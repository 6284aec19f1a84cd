import test from 'ava';
import {isWritable, toNumbering} from '../../../src/carriers/smpp/address.ts';
import {parsePlanName} from '../../../src/carriers/smpp/text.ts';
import {
  isNearlyCongested,
  toAllowedWindow,
  toReconnectDelayMs,
  toRefusedDelayMs,
} from '../../../src/carriers/smpp/timers.ts';
import {type SubmitOptions, type SubmitRules, toSubmitFields, toValidity} from '../../../src/carriers/smpp/wire.ts';

const auto = {ton: 'auto', npi: 'auto', plus: false} as const;

const numbers = test.macro({
  exec(t, address: string, rules: Partial<Parameters<typeof toNumbering>[1]>, expected: string) {
    const {ton, npi, address: written} = toNumbering(address, {...auto, ...rules});
    t.is(`${ton}/${npi} ${written}`, expected);
  },
  title: (_, address, rules, expected) => `${address} with ${JSON.stringify(rules)} is ${expected} (facts 3.4)`,
});
test(numbers, '+16504661149', {}, '1/1 16504661149');
test(numbers, '+16504661149', {plus: true}, '1/1 +16504661149');
test(numbers, '+16504661149', {ton: 0, npi: 0}, '0/0 16504661149');
test(numbers, '12345', {}, '3/0 12345');
test(numbers, '12345', {ton: 0, npi: 1, plus: true}, '0/1 12345');
test(numbers, 'ACME', {}, '5/0 ACME');
test(numbers, 'ACME', {ton: 0, npi: 0}, '5/0 ACME');

test('an address field holds 20 printable characters', t => {
  t.true(isWritable('+123456789012345'));
  t.false(isWritable(''));
  t.false(isWritable('1'.repeat(21)));
  t.false(isWritable('Ünïcode'));
  t.false(isWritable('whatsapp:+14155550123'));
});

const lasts = test.macro({
  exec(t, format: 'relative' | 'absolute' | 'none', ms: number, expected: string) {
    t.is(toValidity(format, ms, Date.UTC(2026, 10, 20, 23, 59, 58)), expected);
  },
  title: (_, format, ms, expected) => `${ms} ms ${format} is "${expected}" (S34 7.1.1)`,
});
test(lasts, 'relative', 86_400_000, '000001000000000R');
test(lasts, 'relative', 3_600_000, '000000010000000R');
test(lasts, 'relative', 90_500, '000000000131000R');
test(lasts, 'relative', 1, '000000000001000R');
test(lasts, 'relative', -5, '000000000001000R');
test(lasts, 'relative', 365 * 86_400_000, '000030000000000R');
test(lasts, 'absolute', 3000, '261121000001000+');
test(lasts, 'none', 3000, '');

const rules: SubmitRules = {
  sourceTon: 'auto',
  sourceNpi: 'auto',
  destinationTon: 'auto',
  destinationNpi: 'auto',
  outboundPlusPrefix: false,
  serviceType: 'CMT',
  protocolId: 0x41,
  priorityFlag: {interactive: 1, bulk: 0},
  messageMode: 'default',
  registeredDelivery: 1,
  validityFormat: 'none',
  tlvs: {},
  moreMessagesToSend: false,
};
const body = Buffer.from('hi');
const manner = (name: string) => {
  const parsed = parsePlanName(name);
  if (parsed === undefined) throw new Error(name);
  return parsed;
};
const single: SubmitOptions = {
  from: '+16504661149',
  to: '+14155550123',
  manner: manner('gsm_0338/0'),
  body,
  segment: 0,
  segments: 1,
  reference: 0x1234,
  priority: 'interactive',
  deliverWithinMs: 1000,
  now: 0,
};

const writes = test.macro({
  exec(t, options: Partial<SubmitOptions>, changes: Partial<SubmitRules>, expected: object) {
    t.like(toSubmitFields({...single, ...options}, {...rules, ...changes}), expected);
  },
  title: (what = '') => `writes ${what}`,
});
const second = {segment: 1, segments: 3};
test(
  'a short text',
  writes,
  {},
  {},
  {short_message: body, esm_class: 0, data_coding: 0, service_type: 'CMT', protocol_id: 0x41, priority_flag: 1},
);
test('bulk with its own priority', writes, {priority: 'bulk'}, {}, {priority_flag: 0});
test('the account default messaging mode 3', writes, {}, {messageMode: 'storeAndForward'}, {esm_class: 3});
test(
  'an 8-bit reference',
  writes,
  {...second, manner: manner('gsm_0338/0 udh8')},
  {},
  {
    esm_class: 0x40,
    short_message: Buffer.from('05000334030268690000', 'hex').subarray(0, 8),
  },
);
test(
  'a 16-bit reference',
  writes,
  {...second, manner: manner('gsm_0338/0 udh16')},
  {messageMode: 'storeAndForward'},
  {
    esm_class: 0x43,
    short_message: Buffer.from('06080412340302' + '6869', 'hex'),
  },
);
test(
  'SAR TLVs and no header',
  writes,
  {...second, manner: manner('gsm_0338/0 sar')},
  {},
  {
    esm_class: 0,
    short_message: body,
    sar_msg_ref_num: Buffer.of(0x12, 0x34),
    sar_total_segments: Buffer.of(3),
    sar_segment_seqnum: Buffer.of(2),
  },
);
test(
  'message_payload and no short_message',
  writes,
  {manner: manner('utf-16be/8 payload')},
  {},
  {
    short_message: Buffer.alloc(0),
    message_payload: body,
    data_coding: 8,
  },
);
test(
  'more_messages_to_send on all but the last',
  writes,
  {...second, manner: manner('gsm_0338/0 udh8')},
  {moreMessagesToSend: true},
  {
    more_messages_to_send: Buffer.of(1),
  },
);
test('extra TLVs', writes, {}, {tlvs: {source_port: Buffer.of(1, 2)}}, {source_port: Buffer.of(1, 2)});

test('no more_messages_to_send on the last', t => {
  const fields = toSubmitFields({...single, segment: 2, segments: 3}, {...rules, moreMessagesToSend: true});
  t.false('more_messages_to_send' in fields);
});

const plans = test.macro({
  exec(t, name: string, isPlan: boolean) {
    t.is(parsePlanName(name) !== undefined, isPlan);
  },
  title: (_, name, isPlan) => `"${name}" is ${isPlan ? 'a' : 'no'} plan of ours`,
});
test(plans, 'gsm_0338/0 udh8 packed transliterated', true);
test(plans, 'twilio', false);
test(plans, 'gsm_0338/999', false);
test(plans, '', false);

const waits = test.macro({
  exec(t, failures: number, noise: number, expected: number) {
    t.is(toReconnectDelayMs({firstMs: 1000, maxMs: 60_000, refusedMs: 300_000}, failures, noise), expected);
  },
  title: (_, failures, noise, expected) => `after ${failures} failures, noise ${noise}, a bind waits ${expected} ms`,
});
test(waits, 0, 0, 500);
test(waits, 0, 1, 1000);
test(waits, 1, 1, 2000);
test(waits, 5, 1, 32_000);
test(waits, 6, 1, 60_000);
test(waits, 40, 0, 30_000);

test('wrong credentials wait about five minutes', t => {
  const reconnect = {firstMs: 1000, maxMs: 60_000, refusedMs: 300_000};
  t.is(toRefusedDelayMs(reconnect, 0), 270_000);
  t.is(toRefusedDelayMs(reconnect, 1), 330_000);
});

test('nearly congested is an SMSC from 90 to 100, and none that tells of no load (S50 4.8.4.18)', t => {
  t.deepEqual([undefined, 0, 80, 89, 90, 100, 101, 255].filter(isNearlyCongested), [90, 100]);
});

const allows = test.macro({
  exec(t, congestion: number | undefined, window: number) {
    t.is(toAllowedWindow(4, 8, congestion), window);
  },
  title: (_what = '', congestion?: number, window?: number) =>
    `a window of 4 is ${window} after a congestion_state of ${congestion}`,
});
test(allows, undefined, 5);
test(allows, 80, 5);
test(allows, 81, 2);
test(allows, 100, 2);
test(allows, 255, 5);
