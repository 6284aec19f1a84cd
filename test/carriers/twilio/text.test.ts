import test from 'ava';
import fc from 'fast-check';
import {splitBody} from '../../../src/carriers/twilio/text.ts';

const splits = test.macro({
  exec: (t, text: string, most: number, bodies: string[]) => t.deepEqual(splitBody(text, most), bodies),
  title: (title = '') => title,
});

test('leaves a text that fits', splits, 'abc def', 7, ['abc def']);
test('leaves an empty text', splits, '', 7, ['']);
test('cuts after a white space', splits, 'abcd efgh', 7, ['abcd ', 'efgh']);
test('cuts anywhere when the only white space stands early', splits, 'a bcdefghijk', 8, ['a bcdefg', 'hijk']);
test('never cuts a surrogate pair', splits, 'aaa👋b', 4, ['aaa', '👋b']);
test('never cuts a family', splits, 'aaaaaa👨‍👩‍👧b', 10, ['aaaaaa', '👨‍👩‍👧b']);
test('never cuts a flag', splits, 'aaaa🇩🇪🇫🇷', 8, ['aaaa🇩🇪', '🇫🇷']);
test('never cuts a combined letter', splits, 'aaae\u0301x', 4, ['aaa', 'e\u0301x']);

test('the parts are the text again, and none is too long', t => {
  fc.assert(
    fc.property(fc.string({unit: 'grapheme', maxLength: 300}), fc.integer({min: 8, max: 60}), (text, most) => {
      const bodies = splitBody(text, most);
      return bodies.join('') === text && bodies.every(body => body.length <= most && body.isWellFormed());
    }),
  );
  t.pass();
});
