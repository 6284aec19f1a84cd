import test from 'ava';
import {encodeSegments, parsePlanName, planText, type TextRules} from '../../../src/carriers/smpp/text.ts';

const rules: TextRules = {
  charsets: [
    {dcs: 0, charset: 'gsm_0338'},
    {dcs: 8, charset: 'utf-16be'},
  ],
  concatenation: 'udh8',
  maxSegments: 10,
  transliterate: false,
  packed: false,
};

/** Octets of user data of each segment, header not counted. */
const cuts = test.macro({
  exec(t, text: string, name: string, octets: number[], changes: Partial<TextRules> = {}) {
    const plan = planText(text, {...rules, ...changes});
    if (!('segments' in plan)) return t.fail(plan.reason.message);
    const manner = parsePlanName(plan.name);
    if (manner === undefined) return t.fail(plan.name);
    t.is(plan.name, name);
    t.deepEqual(
      encodeSegments(text, manner).map(body => body.length),
      octets,
    );
  },
  title: (what = '') => `cuts ${what}`,
});

const gsm = 'gsm_0338/0';
const ucs2 = 'utf-16be/8';

test('an empty text into one segment', cuts, '', gsm, [0]);
test('160 septets into one', cuts, 'a'.repeat(160), gsm, [160]);
test('161 septets into 153 and 8 (facts 3.2, row 8-bit concatenation)', cuts, 'a'.repeat(161), `${gsm} udh8`, [153, 8]);
test('306 septets into 2 x 153', cuts, 'a'.repeat(306), `${gsm} udh8`, [153, 153]);
test('307 septets into 3', cuts, 'a'.repeat(307), `${gsm} udh8`, [153, 153, 1]);
test('1530 septets into 10', cuts, 'a'.repeat(1530), `${gsm} udh8`, Array(10).fill(153));
test('159 letters and a euro, 161 septets', cuts, `${'a'.repeat(159)}€`, `${gsm} udh8`, [153, 8]);
test('158 letters and a euro, 160 septets', cuts, `${'a'.repeat(158)}€`, gsm, [160]);
test(
  'before an escape pair that would be split (facts 2.4, escape split across parts)',
  cuts,
  `${'a'.repeat(152)}€${'b'.repeat(20)}`,
  `${gsm} udh8`,
  [152, 22],
);
test('braces at two septets each', cuts, '{}'.repeat(40), gsm, [160]);
test('81 braces and brackets, 162 septets', cuts, '{}[]'.repeat(20).concat('{'), `${gsm} udh8`, [152, 10]);
test('CR LF never apart', cuts, `${'a'.repeat(152)}\r\n${'b'.repeat(10)}`, `${gsm} udh8`, [152, 12]);
test('16-bit references: 152', cuts, 'a'.repeat(161), `${gsm} udh16`, [152, 9], {concatenation: 'udh16'});
test('SAR: 152, for the header the SMSC writes', cuts, 'a'.repeat(161), `${gsm} sar`, [152, 9], {concatenation: 'sar'});
test('nothing for message_payload', cuts, 'a'.repeat(161), `${gsm} payload`, [161], {concatenation: 'payload'});
test('packed septets to octets', cuts, 'a'.repeat(161), `${gsm} udh8 packed`, [134, 8], {packed: true});
test('70 UTF-16 units into one', cuts, 'ж'.repeat(70), ucs2, [140]);
test('71 UTF-16 units into 67 and 4', cuts, 'ж'.repeat(71), `${ucs2} udh8`, [134, 8]);
test('UTF-16 behind 16-bit references: 66', cuts, 'ж'.repeat(71), `${ucs2} udh16`, [132, 10], {concatenation: 'udh16'});
test('an emoji at two units', cuts, `${'a'.repeat(68)}👋`, ucs2, [140]);
test(
  'before a surrogate pair (facts 2.4, pairs split)',
  cuts,
  `${'a'.repeat(66)}👋${'b'.repeat(8)}`,
  `${ucs2} udh8`,
  [132, 20],
);
test('before a flag of two code points', cuts, `${'a'.repeat(65)}🇩🇪${'b'.repeat(8)}`, `${ucs2} udh8`, [130, 24]);
test(
  'before a family of seven code points',
  cuts,
  `${'a'.repeat(60)}👨‍👩‍👧‍👦${'b'.repeat(8)}`,
  `${ucs2} udh8`,
  [120, 38],
);
test(
  'before a letter with its accents',
  cuts,
  `${'ж'.repeat(66)}e\u0301\u0323${'b'.repeat(8)}`,
  `${ucs2} udh8`,
  [132, 22],
);
test(
  'inside a family where keeping it whole would cost a third segment',
  cuts,
  `${'ж'.repeat(60)}👨‍👩‍👧‍👦${'ж'.repeat(62)}`,
  `${ucs2} udh8`,
  [132, 134],
);
test(
  'inside a letter with more accents than fit a segment',
  cuts,
  `e${'\u0301'.repeat(80)}`,
  `${ucs2} udh8`,
  [134, 28],
);

test('Latin-1 at 140', cuts, 'ç'.repeat(140), 'ISO-8859-1/3', [140], {charsets: [{dcs: 3, charset: 'ISO-8859-1'}]});
test('Latin-1 at 134 a part', cuts, 'ç'.repeat(141), 'ISO-8859-1/3 udh8', [134, 7], {
  charsets: [{dcs: 3, charset: 'ISO-8859-1'}],
});
test('ASCII at 160, braces counted twice', cuts, `${'a'.repeat(159)}{`, 'ASCII/1 udh8', [153, 7], {
  charsets: [{dcs: 1, charset: 'ASCII'}],
});

const refuses = test.macro({
  exec(t, text: string, changes: Partial<TextRules>, why: RegExp) {
    const plan = planText(text, {...rules, ...changes});
    t.true('kind' in plan && plan.kind === 'refused');
    if ('kind' in plan) t.regex(plan.reason.message, why);
  },
  title: (what = '') => `refuses ${what}`,
});

test('more segments than the carrier allows', refuses, 'a'.repeat(1531), {}, /11 segments.*maxSegments is 10/);
test(
  'payloads of more segments than it allows',
  refuses,
  'a'.repeat(400),
  {concatenation: 'payload', maxSegments: 2},
  /3 segments/,
);
test('a character no charset has', refuses, 'ж', {charsets: [{dcs: 0, charset: 'gsm_0338'}]}, /no charset/);
test('a backquote in ASCII', refuses, '`', {charsets: [{dcs: 1, charset: 'ASCII'}]}, /no charset/);

const chooses = test.macro({
  exec(t, text: string, name: string, changes: Partial<TextRules>) {
    const plan = planText(text, {...rules, ...changes});
    t.is('name' in plan ? plan.name : plan.reason.message, name);
  },
  title: (what = '') => `chooses ${what}`,
});

const genesys: Partial<TextRules> = {
  charsets: [
    {dcs: 0, charset: 'gsm_0338'},
    {dcs: 1, charset: 'ASCII'},
    {dcs: 2, charset: 'gsm_0338'},
    {dcs: 3, charset: 'ISO-8859-1'},
    {dcs: 5, charset: 'JIS0201'},
    {dcs: 6, charset: 'ISO-8859-5'},
    {dcs: 7, charset: 'ISO-8859-8'},
    {dcs: 8, charset: 'utf-16be'},
  ],
};
test('the GSM alphabet where it holds the text', chooses, 'à ñ € {}', gsm, {});
test('UTF-16 for ç, á, tab and backquote (facts 3.3, not in the alphabet)', chooses, 'ç', ucs2, {});
test("Genesys' Latin-1 for ç", chooses, 'çá', 'ISO-8859-1/3', genesys);
test("Genesys' JIS X 0201 for half-width katakana", chooses, 'ｱｲｳ', 'JIS0201/5', genesys);
test("Genesys' Cyrillic", chooses, 'привет', 'ISO-8859-5/6', genesys);
test("Genesys' Hebrew", chooses, 'שלום', 'ISO-8859-8/7', genesys);
test("Genesys' UTF-16 for what nothing else holds", chooses, '漢字', ucs2, genesys);
test('UTF-16 for typographic quotes, unasked', chooses, '“hi” – …', ucs2, {});
test('the GSM alphabet for them when asked', chooses, '“hi” – …', `${gsm} transliterated`, {transliterate: true});
test('UTF-16 when transliteration would not help', chooses, '“привет”', ucs2, {transliterate: true});
test('no transliteration where none is needed', chooses, '"hi"', gsm, {transliterate: true});
