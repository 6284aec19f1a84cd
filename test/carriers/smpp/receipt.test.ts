import test from 'ava';
import type {ReceiptMapping} from '../../../src/carriers/smpp/options/advanced.ts';
import {toOnlyTo, toReceiptEvent} from '../../../src/carriers/smpp/receipt/event.ts';
import {looksLikeReceipt, readReceipt} from '../../../src/carriers/smpp/receipt/read.ts';
import {parseReceiptDate} from '../../../src/carriers/smpp/receipt/text.ts';
import {toMeaning} from '../../../src/carriers/smpp/receipt/words.ts';
import {toTextMark} from '../../../src/core/text-mark.ts';

const fields = {source_addr_ton: 1, source_addr: '14155550123', dest_addr_ton: 1, destination_addr: '16504661149'};
const utf16 = (text: string) => Buffer.from(text, 'utf16le').swap16();

const reads = test.macro({
  exec(
    t,
    text: string | Buffer,
    expected: {ids: string[]; stat: string; err?: string},
    tlvs: Record<string, Buffer | number> = {},
  ) {
    t.like(readReceipt(tlvs, Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1')), expected);
  },
  title: (what = '') => `reads ${what}`,
});

const standard =
  'id:0123456789 sub:001 dlvrd:001 submit date:2611201200 done date:2611201201 stat:DELIVRD err:000 text:hello';

test('the example of the standard (S34 appendix B)', reads, standard, {
  ids: ['0123456789'],
  stat: 'DELIVRD',
  err: '000',
});
test('upper-case keys (facts 4.5, Kannel loses them)', reads, standard.toUpperCase(), {
  ids: ['0123456789'],
  stat: 'DELIVRD',
});
test('lower-case words', reads, 'id:7 stat:delivrd err:000', {ids: ['7'], stat: 'DELIVRD'});
test('another order', reads, 'stat:UNDELIV err:011 id:7', {ids: ['7'], stat: 'UNDELIV', err: '011'});
test('no sub and no dlvrd (facts 2.1)', reads, 'id:7 stat:EXPIRED', {ids: ['7'], stat: 'EXPIRED'});
test(
  'dates with seconds and of 14 digits',
  reads,
  'id:7 submit date:261120120000 done date:20261120120000 stat:DELIVRD',
  {
    ids: ['7'],
    stat: 'DELIVRD',
  },
);
test('an err that is no number', reads, 'id:7 stat:UNDELIV err:ABS', {ids: ['7'], stat: 'UNDELIV', err: 'ABS'});
test('keys of its own in between', reads, 'id:7 smsc:x1 stat:DELIVRD', {ids: ['7'], stat: 'DELIVRD'});
test('keys in the text of the message, which count for nothing', reads, 'id:7 stat:DELIVRD text:id:8 stat:UNDELIV', {
  ids: ['7'],
  stat: 'DELIVRD',
});
test('Text with a capital', reads, 'id:7 stat:DELIVRD Text:stat:UNDELIV', {ids: ['7'], stat: 'DELIVRD'});
test('a uuid', reads, 'id:8F14E45F-CEEA-467A-9575-0A1B2C3D4E5F stat:DELIVRD', {
  ids: ['8F14E45F-CEEA-467A-9575-0A1B2C3D4E5F'],
  stat: 'DELIVRD',
});
test('an id of 25 digits exactly (facts 2.1, never Number)', reads, 'id:1234567890123456789012345 stat:DELIVRD', {
  ids: ['1234567890123456789012345'],
  stat: 'DELIVRD',
});
test('true UTF-16 (facts 2.1, flagged data_coding 8)', reads, utf16('id:7 stat:DELIVRD'), {
  ids: ['7'],
  stat: 'DELIVRD',
});
test('UTF-16 after its byte-order mark', reads, utf16('\ufeffid:7 stat:DELIVRD'), {ids: ['7'], stat: 'DELIVRD'});
test('UTF-16 the wrong way round', reads, Buffer.from('id:7 stat:DELIVRD', 'utf16le'), {ids: ['7'], stat: 'DELIVRD'});
test(
  'a text behind a user data header',
  reads,
  Buffer.concat([Buffer.of(5, 0, 3, 0x41, 1, 1), Buffer.from(standard)]),
  {ids: ['0123456789'], stat: 'DELIVRD'},
  {esm_class: 0x44},
);
test(
  'a text flagged to have a user data header that has none',
  reads,
  standard,
  {ids: ['0123456789'], stat: 'DELIVRD'},
  {esm_class: 0x44},
);
test(
  'a text on a new line, flagged to have a user data header that it has not',
  reads,
  `\n${standard}`,
  {ids: ['0123456789'], stat: 'DELIVRD'},
  {esm_class: 0x44},
);
test('no further than any receipt goes', reads, `id:7 ${':'.repeat(4000)} stat:DELIVRD`, {ids: ['7'], stat: 'UNKNOWN'});
test(
  'TLVs alone',
  reads,
  '',
  {ids: ['9'], stat: 'UNDELIV'},
  {
    receipted_message_id: Buffer.from('9\0'),
    message_state: Buffer.of(5),
  },
);
test(
  'a TLV without NUL',
  reads,
  '',
  {ids: ['9'], stat: 'DELIVRD'},
  {
    receipted_message_id: Buffer.from('9'),
    message_state: Buffer.of(2),
  },
);
test(
  'a TLV id before another id in the text (facts 2.1, J#427)',
  reads,
  'id:7 stat:DELIVRD',
  {
    ids: ['9', '7'],
    stat: 'DELIVRD',
  },
  {receipted_message_id: Buffer.from('9\0')},
);
test(
  'the word where the TLV says UNKNOWN',
  reads,
  'id:7 stat:DELIVRD',
  {ids: ['7'], stat: 'DELIVRD'},
  {
    message_state: Buffer.of(7),
  },
);
test('a bare text without anything', reads, 'Your message was sent', {ids: [], stat: 'UNKNOWN'});
test('a word nobody knows, kept as it is', reads, 'id:7 stat:WEIRD', {ids: ['7'], stat: 'WEIRD'});
test('a number for a word', reads, 'id:7 stat:2', {ids: ['7'], stat: 'DELIVRD'});
test('other spellings', reads, 'id:7 stat:DELIVERED', {ids: ['7'], stat: 'DELIVRD'});

test('an underscored key behind other words', reads, 'id:7, submit_date:2611201200;stat:DELIVRD', {
  ids: ['7'],
  stat: 'DELIVRD',
});
test('keys that only end like one', reads, 'message_identifier_id:8 xsubmit_date:2 teletext:x id:7 stat:DELIVRD', {
  ids: ['7'],
  stat: 'DELIVRD',
});

test.serial('the longest text of nothing but colons is read once, not anew for each of them', t => {
  const {charCodeAt} = String.prototype;
  const longest = 'x:'.repeat(32_767);
  let read = 0;
  String.prototype.charCodeAt = function count(index) {
    read += 1;
    return charCodeAt.call(this, index);
  };
  t.teardown(() => {
    String.prototype.charCodeAt = charCodeAt;
  });
  t.deepEqual(readReceipt({}, Buffer.from(longest)).ids, []);
  t.true(read < 20 * longest.length, `${read} characters were looked at`);
});

test('keeps no text of the message, whatever its key is called', t => {
  for (const text of [standard, 'id:7 stat:DELIVRD txt:hello', 'id:7 hello stat:DELIVRD']) {
    t.false(readReceipt({}, Buffer.from(text)).raw.includes('hello'), text);
  }
});

test('keeps its other words, for the history', t => {
  t.is(
    readReceipt({}, Buffer.from(standard)).raw,
    'id:0123456789 sub:001 dlvrd:001 submit date:2611201200 done date:2611201201 stat:DELIVRD err:000',
  );
});

const dates = test.macro({
  exec(t, digits: string, offset: number, expected: string | undefined) {
    const at = parseReceiptDate(digits, offset);
    t.is(at === undefined ? undefined : new Date(at).toISOString(), expected);
  },
  title: (_, digits, offset) => `the date ${digits} at ${offset} minutes (facts 2.1)`,
});
test(dates, '2611201230', 0, '2026-11-20T12:30:00.000Z');
test(dates, '261120123045', 0, '2026-11-20T12:30:45.000Z');
test(dates, '20261120123045', 0, '2026-11-20T12:30:45.000Z');
test(dates, '2611201230', 330, '2026-11-20T07:00:00.000Z');
test(dates, '2613991230', 0, undefined);
test(dates, '', 0, undefined);
test(dates, '261120', 0, undefined);

const speaksOf = test.macro({
  exec(t, source: string, destination: string, ends: string[] | undefined) {
    t.deepEqual(toOnlyTo({source_addr: source, destination_addr: destination}).onlyTo, ends);
  },
  title: (_, source, destination) => `what only reads like a receipt, from ${source || 'nobody'} to ${destination}`,
});
test(speaksOf, '14155550123', '16504661149', ['14155550123', '16504661149']);
test(speaksOf, ' +14155550123', '+16504661149 ', ['14155550123', '16504661149']);
test(speaksOf, '04155550123', '12345', ['4155550123']);
test(speaksOf, '0000000', 'Acme', []);
test(speaksOf, '', '16504661149', undefined);
test(speaksOf, '12345', '14155550123', undefined);
test(speaksOf, 'SMSC', '16504661149', undefined);

test('tells what an orphan may be recognised by: sender, submit time, first characters', t => {
  const event = toReceiptEvent(
    readReceipt({}, Buffer.from(standard)),
    fields,
    {mapping: undefined, coversMessage: false, offsetMinutes: 0},
    5,
  );
  t.deepEqual(event.about, {
    sender: '+16504661149',
    submittedAt: Date.parse('2026-11-20T12:00:00Z'),
    text: toTextMark('hello'),
  });
});

const means = test.macro({
  exec(t, stat: string, state: string, final: boolean) {
    t.deepEqual(toMeaning(stat), {state, final} as ReturnType<typeof toMeaning>);
  },
  title: (_, stat, state, final) => `${stat} means ${state}${final ? ', for good' : ''} (facts 3.6)`,
});
test(means, 'SCHEDLD', 'sent', false);
test(means, 'ENROUTE', 'sent', false);
test(means, 'DELIVRD', 'delivered', true);
test(means, 'EXPIRED', 'expired', true);
test(means, 'DELETED', 'failed', true);
test(means, 'UNDELIV', 'failed', true);
test(means, 'ACCEPTD', 'sent', false);
test(means, 'UNKNOWN', 'sent', false);
test(means, 'REJECTD', 'failed', true);
test(means, 'SKIPPED', 'failed', true);
test(means, 'FAILED', 'failed', true);
test(means, 'BUFFRED', 'sent', false);
test(means, 'NOROUTE', 'failed', true);
test(means, 'WEIRD', 'sent', false);

const looks = test.macro({
  exec(t, text: string, expected: boolean) {
    t.is(looksLikeReceipt({}, Buffer.from(text)), expected);
  },
  title: (_, text, expected) => `"${text}" ${expected ? 'looks' : 'does not look'} like a receipt`,
});
test(looks, 'id:7 sub:001 dlvrd:001 stat:DELIVRD', true);
test(looks, 'ID:7 STAT:UNDELIV', true);
test(looks, 'My id: 7, what is the stat: of my order?', false);
test(looks, 'id: please call me', false);
test(looks, 'hello', false);

const becomes = test.macro({
  exec(t, text: string, mapping: Partial<ReceiptMapping>, expected: object, tlvs: Record<string, Buffer> = {}) {
    const full = {stat: {}, err: {}, networkErrorCode: {}, ...mapping};
    const reading = readReceipt({network_error_code: Buffer.of(3, 0, 11), ...tlvs}, Buffer.from(text));
    t.like(toReceiptEvent(reading, fields, {mapping: full, coversMessage: false, offsetMinutes: 0}, 5), expected);
  },
  title: (what = '') => `makes ${what}`,
});
test(
  'a failure with its evidence',
  becomes,
  'id:7 stat:UNDELIV err:011',
  {},
  {
    state: 'failed',
    final: true,
    phone: '+14155550123',
    receivedAt: 5,
    reason: {code: 'GeneralError', message: 'UNDELIV, err 011, network error 3:11'},
  },
);
test(
  'an expiry of its own reason',
  becomes,
  'id:7 stat:EXPIRED',
  {},
  {state: 'expired', reason: {code: 'MessageExpired'}},
);
test('a rejection of its own reason', becomes, 'id:7 stat:REJECTD', {}, {reason: {code: 'MessageNotAllowed'}});
test(
  'what the account says of an err',
  becomes,
  'id:7 stat:UNDELIV err:011',
  {
    err: {'011': {genericErrorCode: 3, genericErrorCause: 'DEST_ADDR_INVALID', description: 'unknown subscriber'}},
  },
  {state: 'failed', final: true, reason: {code: 'InvalidDestination'}},
);
test(
  'what the account says of a stat',
  becomes,
  'id:7 stat:ACCEPTD',
  {stat: {ACCEPTD: {genericErrorCode: 0}}},
  {
    state: 'delivered',
    final: true,
  },
);
test(
  'what the account says of a stat in its own spelling',
  becomes,
  'id:7 stat:Undelivered',
  {stat: {Undelivered: {genericErrorCause: 'DEST_ADDR_INVALID'}}},
  {state: 'failed', reason: {code: 'InvalidDestination'}},
);
test(
  'what the account says of a stat that is a number',
  becomes,
  'id:7 stat:0',
  {stat: {0: {state: 'delivered', final: true}}},
  {state: 'delivered', final: true},
);
test(
  'what the account says of an err whose zeros YAML has dropped',
  becomes,
  'id:7 stat:UNDELIV err:011',
  {err: {11: {genericErrorCause: 'DEST_ADDR_INVALID'}}},
  {reason: {code: 'InvalidDestination'}},
);
test(
  "the TLV's state although the account has its own mind of the word beside it",
  becomes,
  'id:7 stat:ACCEPTD',
  {stat: {ACCEPTD: {state: 'failed', final: true}}},
  {state: 'delivered', final: true},
  {message_state: Buffer.of(2)},
);
test(
  'what the account says of a network error',
  becomes,
  'id:7 stat:UNDELIV',
  {
    networkErrorCode: {'3:11': {genericErrorCause: 'DEST_ADDR_INVALID'}},
  },
  {reason: {code: 'InvalidDestination'}},
);

test('finds the handset where the SMSC leaves the addresses as they were sent', t => {
  const swapped = {source_addr_ton: 5, source_addr: 'ACME', dest_addr_ton: 1, destination_addr: '14155550123'};
  const event = toReceiptEvent(
    readReceipt({}, Buffer.from('id:7')),
    swapped,
    {mapping: undefined, coversMessage: true, offsetMinutes: 0},
    5,
  );
  t.like(event, {phone: '+14155550123', coversMessage: true});
});
