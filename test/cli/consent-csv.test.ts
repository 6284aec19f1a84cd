import test from 'ava';
import {type ConsentLine, parseConsentCsv} from '../../src/cli/consent-csv.ts';

const given = {list: 'list marketing', state: undefined};

const reads = test.macro({
  exec(t, text: string, entries: ConsentLine[], ...mistakes: string[]) {
    t.deepEqual(parseConsentCsv(text, given), {entries, mistakes});
  },
  title: (title = '') => `reads ${title}`,
});

const line = {phone: '+14155550123', list: 'list marketing', state: 'out'} as const;
test('phones alone', reads, 'phone\n+14155550123\n', [line]);
test('no last end of line', reads, 'phone\n+14155550123', [line]);
test('the ends of lines and the mark of other systems', reads, '\uFEFFPhone\r\n+14155550123\r\n', [line]);
test('columns in any order', reads, 'state,list,phone\nin,list a,+14155550123', [
  {...line, list: 'list a', state: 'in'},
]);
test('quoted cells', reads, 'phone,note\n"+14155550123","said ""stop"", twice\nor so"', [line]);
test('times', reads, 'phone,at\n+14155550123,2026-11-20T12:00:00Z', [{...line, at: 1_795_176_000_000}]);
test('empty lines as none', reads, 'phone\n\n+14155550123\n\n', [line]);
test('nothing as a file without its column', reads, '', [], 'Its first line must name a column phone.');
test(
  'a quote that never ends as a mistake',
  reads,
  'phone\n"+14155550123',
  [],
  'A quote in it does not end where its cell does.',
);
test(
  'an odd state as a mistake',
  reads,
  'phone,state\n+14155550123,out\n+14155550124,off',
  [line],
  'line 3: its state must be in or out.',
);
const oddTime = 'line 2: its time must be written as 2026-11-20T12:00:00Z.';
test('an odd time as a mistake', reads, 'phone,at\n+14155550123,yesterday', [], oddTime);
test('a time whose day and month may be swapped as a mistake', reads, 'phone,at\n+14155550123,11.12.2026', [], oddTime);
test(
  'a phone without its country code as a mistake',
  reads,
  'phone\n+14155550123\n0151 12345678',
  [line],
  'line 3: its phone needs its country code, as +14155550123.',
);

for (const phone of ['1.41556E+10', 'Anna', 'unknown']) {
  const mistake = 'line 3: its phone is no number, as +14155550123: a spreadsheet may have rounded it.';
  test(`${phone} for a phone as a mistake`, reads, `phone\n+14155550123\n${phone}`, [line], mistake);
}
test('a phone in a URI', reads, 'phone\ntel:+14155550123\nsms:+1-415-555-0123', [line, line]);
test('a phone that was forgotten', reads, 'phone\nhmac:aB-_9', [{...line, phone: 'hmac:aB-_9'}]);
