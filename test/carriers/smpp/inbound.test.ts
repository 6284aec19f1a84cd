import test from 'ava';
import {joinParts, readInbound} from '../../../src/carriers/smpp/inbound.ts';
import {parseHeader} from '../../../src/carriers/smpp/user-data-header.ts';
import type {HeldPart} from '../../../src/core/event.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const rules = {
  charsets: [
    {dcs: 0, charset: 'gsm_0338'},
    {dcs: 8, charset: 'utf-16be'},
  ],
  ucs2LittleEndian: false,
  packed: false,
} as const;
const options = {account: 'smsc-a', plusPrefix: undefined, rules, receivedAt: 5};
const addresses = {source_addr_ton: 1, source_addr: '14155550123', dest_addr_ton: 1, destination_addr: '16504661149'};
const read = (fields: object, changes: Partial<typeof options> = {}) =>
  readInbound({...addresses, ...fields}, {...options, ...changes});

const reads = test.macro({
  exec(t, fields: object, expected: object) {
    t.like(read(fields).event, expected);
  },
  title: (what = '') => `reads ${what}`,
});

test(
  'a short text',
  reads,
  {short_message: Buffer.from('hi')},
  {from: '+14155550123', to: '+16504661149', text: 'hi', media: []},
);
test(
  'message_payload (facts 2.1, J#139)',
  reads,
  {short_message: Buffer.alloc(0), message_payload: Buffer.from('hi')},
  {text: 'hi'},
);
test('a data_sm, which has no short_message', reads, {message_payload: Buffer.from('hi')}, {text: 'hi'});
test('an empty text', reads, {short_message: Buffer.alloc(0)}, {text: ''});
test(
  'an 8-bit reference',
  reads,
  {esm_class: 0x40, short_message: hex('050003 2a 03 02 6869')},
  {
    group: '+14155550123|+16504661149|42|8|3',
    part: 2,
    total: 3,
    body: '6869',
    coding: '0',
  },
);
test(
  'reference 0, which is one',
  reads,
  {esm_class: 0x40, short_message: hex('050003 00 02 01 68')},
  {
    group: '+14155550123|+16504661149|0|8|2',
  },
);
test(
  'a 16-bit reference',
  reads,
  {esm_class: 0x43, short_message: hex('060804 012a 03 02 6869')},
  {
    group: '+14155550123|+16504661149|298|16|3',
    part: 2,
  },
);
test(
  'SAR TLVs',
  reads,
  {
    short_message: Buffer.from('hi'),
    sar_msg_ref_num: hex('002a'),
    sar_total_segments: hex('03'),
    sar_segment_seqnum: hex('01'),
  },
  {group: '+14155550123|+16504661149|42|sar|3', part: 1, total: 3},
);
test(
  'a header in message_payload',
  reads,
  {esm_class: 0x40, message_payload: hex('050003 2a 02 01 68')},
  {part: 1, body: '68'},
);
test(
  'part 0 as a text of its own (facts 2.4)',
  reads,
  {esm_class: 0x40, short_message: hex('050003 2a 02 00 68')},
  {text: 'h'},
);
test(
  'a part beyond the total as a text of its own',
  reads,
  {esm_class: 0x40, short_message: hex('050003 2a 02 03 68')},
  {text: 'h'},
);
test(
  'a total of 0 as a text of its own',
  reads,
  {esm_class: 0x40, short_message: hex('050003 2a 00 01 68')},
  {text: 'h'},
);
test(
  'the only part of one as a whole text',
  reads,
  {esm_class: 0x40, short_message: hex('050003 2a 01 01 68')},
  {text: 'h'},
);
test('a header longer than the text as text', reads, {esm_class: 0x40, short_message: hex('40 68')}, {text: '¡h'});
test(
  'ports and other elements as if they were not there',
  reads,
  {esm_class: 0x40, short_message: hex('0b 0504158a0000 000301 0201 68')},
  {part: 1, body: '68'},
);
test('a Turkish single shift', reads, {esm_class: 0x40, short_message: hex('03 240101 1b53')}, {text: 'Ş'});
test(
  'a part with both shifts',
  reads,
  {esm_class: 0x40, short_message: hex('0b 0003010201 240106 250106 15')},
  {coding: '0;single=6;locking=6'},
);
test('a text with NUL, without it', reads, {data_coding: 3, short_message: hex('61 00 62')}, {text: 'ab'});
test('a lone surrogate as U+FFFD', reads, {data_coding: 8, short_message: hex('d83d')}, {text: '\ufffd'});

const addressed = test.macro({
  exec(t, fields: object, from: string, to: string, plusPrefix?: boolean) {
    t.like(read({short_message: Buffer.alloc(0), ...fields}, {plusPrefix} as object).event, {from, to});
  },
  title: (what = '') => `addresses: ${what}`,
});
test(
  'with a plus',
  addressed,
  {source_addr: '+14155550123', destination_addr: '+16504661149'},
  '+14155550123',
  '+16504661149',
);
test('with 00', addressed, {source_addr_ton: 0, source_addr: '0014155550123'}, '+14155550123', '+16504661149');
test('a short code', addressed, {dest_addr_ton: 3, destination_addr: '12345'}, '+14155550123', '12345');
test(
  'a short code where numbers have a plus',
  addressed,
  {destination_addr: '1234567'},
  '+14155550123',
  '1234567',
  true,
);
test('a short international number', addressed, {destination_addr: '6834000'}, '+14155550123', '+6834000');
test('a name', addressed, {source_addr_ton: 5, source_addr: 'ACME Bank'}, 'ACME Bank', '+16504661149');
test(
  'a national number, as it came',
  addressed,
  {source_addr_ton: 2, source_addr: '0455501234'},
  '0455501234',
  '+16504661149',
);

const national = test.macro({
  exec(t, country: number, fields: object, from: string) {
    t.is(read({short_message: Buffer.alloc(0), ...fields}, {country} as object).event.from, from);
  },
  title: (what = '') => `with a country code, ${what}`,
});
test(
  'a national number is one of that country',
  national,
  41,
  {source_addr_ton: 2, source_addr: '791234567'},
  '+41791234567',
);
test('a leading 0 is not of the number', national, 41, {source_addr_ton: 2, source_addr: '0791234567'}, '+41791234567');
test('nor is it where no type is told', national, 41, {source_addr_ton: 0, source_addr: '0791234567'}, '+41791234567');
test('it is of the number in Italy', national, 39, {source_addr_ton: 2, source_addr: '0612345678'}, '+390612345678');
test('and in other countries', national, 225, {source_addr_ton: 2, source_addr: '0707123456'}, '+2250707123456');
for (const [country, written, phone] of [
  [1, '14155550123', '+14155550123'],
  [1, '4155550123', '+14155550123'],
  [7, '89123456789', '+79123456789'],
  [7, '8121234567', '+78121234567'],
  [36, '06201234567', '+36201234567'],
  [375, '80294911911', '+375294911911'],
] as const)
  test(
    `what leads out of a town is no 0 in +${country} (${written})`,
    national,
    country,
    {source_addr_ton: 2, source_addr: written},
    phone,
  );
test(
  'a number of eight digits is no short code',
  national,
  47,
  {source_addr_ton: 2, source_addr: '41234567'},
  '+4741234567',
);
test('a short code stays one', national, 41, {source_addr_ton: 2, source_addr: '12345'}, '12345');
test('an international number stays one', national, 41, {source_addr: '14155550123'}, '+14155550123');
test(
  'digits of no type are international',
  national,
  41,
  {source_addr_ton: 0, source_addr: '14155550123'},
  '+14155550123',
);
test('00 is international', national, 41, {source_addr_ton: 0, source_addr: '0014155550123'}, '+14155550123');
test('a name stays one', national, 41, {source_addr_ton: 5, source_addr: '0791234567'}, '0791234567');
test(
  'so does what would be too long',
  national,
  41,
  {source_addr_ton: 2, source_addr: '079123456789012'},
  '079123456789012',
);

test('our own number may come as a national one', t => {
  const fields = {short_message: Buffer.alloc(0), dest_addr_ton: 2, destination_addr: '0791230000'};
  t.is(read(fields, {country: 41} as object).event.to, '+41791230000');
});

test('the same text twice has one fingerprint; another text, account, end or header another', t => {
  const text = {short_message: Buffer.from('hi')};
  const first = read(text).event.fingerprint;
  t.is(read(text).event.fingerprint, first);
  const others = [
    read({short_message: Buffer.from('ho')}),
    read(text, {account: 'smsc-b'}),
    read({...text, source_addr: '14155550124'}),
    read({...text, destination_addr: '16504661140'}),
    read({...text, data_coding: 3}),
    read({...text, sar_msg_ref_num: hex('0001'), sar_total_segments: hex('02'), sar_segment_seqnum: hex('01')}),
  ].map(({event}) => event.fingerprint);
  t.is(new Set([first, ...others]).size, 7);
});

const part = (number: number, body: string, coding = '0', total = 3): HeldPart => ({part: number, total, body, coding});
const joins = test.macro({
  exec(t, parts: HeldPart[], text: string, missing = 0) {
    t.deepEqual(joinParts(parts, rules), {text, missing});
  },
  title: (what = '') => `joins ${what}`,
});
test('parts out of order', joins, [part(3, '63'), part(1, '61'), part(2, '62')], 'abc');
test('a part that came twice once', joins, [part(1, '61'), part(2, '62'), part(2, '62'), part(3, '63')], 'abc');
test('an escape pair that was cut', joins, [part(1, '611b', '0', 2), part(2, '6562', '0', 2)], 'a€b');
test('a surrogate pair that was cut', joins, [part(1, '0061d83d', '8', 2), part(2, 'dc4b', '8', 2)], 'a👋');
test('parts of two codings', joins, [part(1, '61', '0', 2), part(2, '0436', '8', 2)], 'aж');
test(
  'parts with shift tables',
  joins,
  [part(1, '15', '0;single=6;locking=6', 2), part(2, '1b1c', '0;single=6;locking=6', 2)],
  'क०',
);
test('what came, when one is missing', joins, [part(1, '611b'), part(3, '63')], 'a c', 1);
test('nothing', joins, [], '');

test('a header is read by its elements', t => {
  t.deepEqual(parseHeader(hex('050003 2a 03 02')), {
    octets: 6,
    concatenation: {reference: 42, width: '8', part: 2, total: 3},
    shifts: {},
  });
  t.is(parseHeader(Buffer.alloc(0)), undefined);
  t.is(parseHeader(hex('05 00')), undefined);
});
