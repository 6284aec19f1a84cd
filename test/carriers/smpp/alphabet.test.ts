import test from 'ava';
import {type CharsetName, charsets} from '../../../src/carriers/smpp/alphabet/charset.ts';
import {decodeText} from '../../../src/carriers/smpp/alphabet/data-coding.ts';
import {basicAlphabet, decodeGsm, encodeGsm} from '../../../src/carriers/smpp/alphabet/gsm0338.ts';
import {lockingTables} from '../../../src/carriers/smpp/alphabet/locking-tables.ts';
import {fillBitsAfter, packSeptets, unpackSeptets} from '../../../src/carriers/smpp/alphabet/packing.ts';
import {transliterate} from '../../../src/carriers/smpp/alphabet/transliterate.ts';
import {toCapacity} from '../../../src/carriers/smpp/segments.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

const encodes = test.macro({
  exec(t, charset: CharsetName, text: string, expected: string | undefined) {
    t.is(charsets[charset].encode(text)?.toString('hex'), expected?.replaceAll(' ', ''));
    if (expected !== undefined) t.is(charsets[charset].decode(hex(expected)), text);
  },
  title: (_, charset, text, expected) => `${charset}: ${JSON.stringify(text)} is ${expected ?? 'not in it'}`,
});

test(encodes, 'gsm_0338', '@£$¥èéùìòÇ', '00 01 02 03 04 05 06 07 08 09');
test(encodes, 'gsm_0338', '^{}\\[~]|€', '1b14 1b28 1b29 1b2f 1b3c 1b3d 1b3e 1b40 1b65');
test(encodes, 'gsm_0338', 'Δ_ΦΓΛΩΠΨΣΘΞ', '10 11 12 13 14 15 16 17 18 19 1a');
test(encodes, 'gsm_0338', 'ÄÖÑÜ§¿äöñüà', '5b 5c 5d 5e 5f 60 7b 7c 7d 7e 7f');
test(encodes, 'gsm_0338', '\f', '1b0a');
test(encodes, 'gsm_0338', '\r\n', '0d 0a');
for (const missing of ['ç', 'á', 'í', 'ó', 'ú', '`', '’', '\t', '\x1b', 'ж', '👋'])
  test(encodes, 'gsm_0338', missing, undefined);
test(encodes, 'ASCII', 'a~{', '61 7e 7b');
test(encodes, 'ASCII', 'é', undefined);
test(encodes, 'ASCII', '`', undefined);
test(encodes, 'ISO-8859-1', 'ç@á', 'e7 40 e1');
test(encodes, 'ISO-8859-1', '€', undefined);
test(encodes, 'JIS0201', '¥ｱﾝ‾', '5c b1 dd 7e');
test(encodes, 'JIS0201', '\\', undefined);
test(encodes, 'ISO-8859-5', 'Жж№', 'b6 d6 f0');
test(encodes, 'ISO-8859-8', 'אבג', 'e0 e1 e2');
test(encodes, 'utf-16be', 'a€👋', '0061 20ac d83d dc4b');

const reads = test.macro({
  exec(t, dcs: number, bytes: string, expected: string) {
    const list = [
      {dcs: 0, charset: 'gsm_0338'},
      {dcs: 8, charset: 'utf-16be'},
    ] as const;
    t.is(decodeText(hex(bytes), dcs, {}, {charsets: list, ucs2LittleEndian: false}), expected);
  },
  title: (_, dcs: number, bytes, expected) =>
    `data_coding 0x${dcs.toString(16).padStart(2, '0')}: ${bytes} reads ${JSON.stringify(expected)} (facts 3.3)`,
});

test(reads, 0x00, '00 68', '@h');
test(reads, 0x01, '40 68', '@h');
test(reads, 0x02, '40 68', '4068');
test(reads, 0x03, 'e7', 'ç');
test(reads, 0x04, 'ff00', 'FF00');
test(reads, 0x05, 'b1', 'ｱ');
test(reads, 0x06, 'd6', 'ж');
test(reads, 0x07, 'e0', 'א');
test(reads, 0x08, '0436', 'ж');
test(reads, 0x08, 'feff0436', 'ж');
test(reads, 0x08, '043604', 'ж');
test(reads, 0x09, '01', '01');
test(reads, 0x0a, '1b2442242220', '1B2442242220');
test(reads, 0x0a, '1b244224221b2842', 'あ');
test(reads, 0x0d, 'a4a2', 'あ');
test(reads, 0x0e, 'b0a1', '가');
test(reads, 0x0e, 'ff', 'FF');
test(reads, 0x10, '00', '@');
test(reads, 0x18, '0436', 'ж');
test(reads, 0x14, '00', '00');
test(reads, 0x20, '00', '00');
test(reads, 0x80, '00', '00');
test(reads, 0xc0, '00', '@');
test(reads, 0xd8, '00', '@');
test(reads, 0xe0, '0436', 'ж');
test(reads, 0xf0, '00', '@');
test(reads, 0xf1, '00', '@');
test(reads, 0xf4, '00', '00');
test(reads, 0xf6, '00', '00');

test('the account says what a data_coding means to it', t => {
  const rules = {charsets: [{dcs: 0, charset: 'ISO-8859-1'}], ucs2LittleEndian: true} as const;
  t.is(decodeText(hex('40 e7'), 0, {}, rules), '@ç');
  t.is(decodeText(hex('3604'), 8, {}, rules), 'ж');
});

const reads7 = test.macro({
  exec(t, bytes: string, shifts: {single?: number; locking?: number}, expected: string) {
    t.is(decodeGsm(hex(bytes), shifts), expected);
  },
  title: (what = '') => `septets: ${what}`,
});

test('an escape before an unknown code shows the code (6.2.1.1)', reads7, '1b61', {}, 'a');
test('a doubled escape is a space', reads7, '1b1b61', {}, ' a');
test('an escape at the end is a space', reads7, '611b', {}, 'a ');
test('an octet above 0x7F is Latin-1', reads7, 'e9', {}, 'é');
test('a single shift changes only what follows an escape (facts 4.3)', reads7, '04 1b05', {single: 3}, 'èê');
test('a locking shift changes the rest', reads7, '04', {locking: 3}, 'ê');
test('Turkish', reads7, '1b53 1b47 1b63 1b65', {single: 1}, 'ŞĞç€');
test('Turkish, locking', reads7, '07 40 60', {locking: 1}, 'ıİç');
test('Spanish has a single shift only', reads7, '1b61 1b09 00', {single: 2, locking: 2}, 'áç@');
test('Hindi with digits of its own', reads7, '15 1b1c', {locking: 6, single: 6}, 'क०');
test('Bengali', reads7, '15', {locking: 4}, 'ক');
test('Gujarati', reads7, '15', {locking: 5}, 'ક');
test('Kannada', reads7, '15', {locking: 7}, 'ಕ');
test('Kannada, between two letters that look alike', reads7, '22 23 24 25 3d', {locking: 7}, 'ಟಠಡಢಪ');
test('Malayalam', reads7, '15', {locking: 8}, 'ക');
test('Oriya', reads7, '15', {locking: 9}, 'କ');
test('Punjabi', reads7, '15', {locking: 10}, 'ਕ');
test('Tamil', reads7, '15', {locking: 11}, 'க');
test('Telugu', reads7, '15', {locking: 12}, 'క');
test('Urdu', reads7, '00', {locking: 13}, 'ا');
test('two languages at once', reads7, '15 1b53', {locking: 6, single: 1}, 'कŞ');
test('no locking table has a letter twice', t => {
  for (const table of Object.values(lockingTables)) {
    const letters = [...table.replaceAll(' ', '')];
    t.is(new Set(letters).size, letters.length);
  }
});
test('an unknown language falls back to the default tables', reads7, '04 1b65', {locking: 99, single: 99}, 'è€');

test('the alphabet has 128 places', t => {
  t.is(basicAlphabet.length, 128);
  t.is(encodeGsm(basicAlphabet.replace('\x1b', ''))?.length, 127);
});

const packs = test.macro({
  exec(t, text: string, fill: number, expected: string) {
    const packed = packSeptets(encodeGsm(text) ?? Buffer.alloc(0), fill);
    t.is(packed.toString('hex'), expected.replaceAll(' ', ''));
    t.is(decodeGsm(unpackSeptets(packed, fill)), text);
  },
  title: (_, text, fill) => `packs ${JSON.stringify(text)} behind ${fill} bits`,
});
test(packs, 'hellohello', 0, 'e8329bfd4697d9ec37');
test(packs, 'hello', 0, 'e8329bfd06');
test(packs, 'a', 0, '61');
test(packs, '1234567', 0, '31d98c56b3dd00');
test(packs, '12345678', 0, '31d98c56b3dd70');
test(packs, 'a', 1, 'c2');
test(packs, 'hello', 1, 'd06536fb0d');

test('fill bits reach the next septet', t => {
  t.deepEqual([0, 6, 7].map(fillBitsAfter), [0, 1, 0]);
});

const holds = test.macro({
  exec(t, header: number, septets: number, octets: number, units: number) {
    t.deepEqual(
      [toCapacity('septet', header), toCapacity('octet', header), toCapacity('utf16', header)],
      [septets, octets, units],
    );
  },
  title: (_, header) => `beside a header of ${header} octets (facts 3.2)`,
});
test(holds, 0, 160, 140, 70);
test(holds, 4, 155, 136, 68);
test(holds, 6, 153, 134, 67);
test(holds, 7, 152, 133, 66);
test(holds, 9, 149, 131, 65);
test(holds, 12, 146, 128, 64);

test('typographic marks have plain ones', t => {
  t.is(transliterate('“a” ‘b’ – — … • \u00a0\t«x»\u200b'), '"a" \'b\' - - ... *   "x"');
  t.is(transliterate('ж € é'), 'ж € é');
});
