import test from 'ava';
import fc from 'fast-check';
import {fitsTextMark, toTextMark} from '../../src/core/text-mark.ts';

/** What a receipt gives back of a text, and whether that text may be meant. */
const fits = test.macro({
  exec(t, text: string, start: string, isFirst: boolean, expected: boolean) {
    const mark = toTextMark(start);
    t.truthy(mark);
    t.is(mark && fitsTextMark(text, mark, isFirst), expected);
  },
  title: (_, text, start, isFirst, expected) =>
    `"${start}" ${expected ? 'may be' : 'is not'} ${isFirst ? 'the beginning' : 'a later place'} of "${text}"`,
});

test(fits, 'Your parcel is here.', 'Your parcel is h', true, true);
test(fits, 'Your parcel is here.', 'YOUR PARCEL', true, true);
test(fits, 'Your parcel is here.', 'Your taxi', true, false);
test(fits, 'Your', 'Your parcel', true, false);
test(fits, 'a@b_c: call us', 'a\0b\x11c: call', true, true);
test(fits, 'Grüße aus Köln', 'Gr{~e aus', true, true);
test(fits, 'Call 12345 für Köln', 'Call 999', true, false);
test(fits, 'привет', 'N-e and more', true, true);
test(fits, 'The quick brown fox', 'brown f', false, true);
test(fits, 'The quick brown fox', 'lazy dog', false, false);
test(fits, 'The quick brówn fox', 'lazy dog', false, true);

test('two letters tell nothing', t => {
  t.is(toTextMark('OK'), undefined);
  t.is(toTextMark('-- '), undefined);
});

test('a mark is a number of 16 bits and a length, whatever the text', t => {
  fc.assert(
    fc.property(fc.string({maxLength: 300}), text => {
      const mark = toTextMark(text);
      if (mark === undefined) return;
      t.deepEqual(Object.keys(mark), ['letters', 'sum']);
      t.true(mark.letters <= 40 && mark.sum >= 0 && mark.sum <= 0xffff);
    }),
  );
});

test('every ASCII text fits its own beginning', t => {
  const ascii = fc.string({unit: 'grapheme-ascii', minLength: 1, maxLength: 300});
  fc.assert(
    fc.property(ascii, fc.nat(300), (text, length) => {
      const mark = toTextMark(text.slice(0, length));
      t.true(mark === undefined || fitsTextMark(text, mark, true));
    }),
  );
});
