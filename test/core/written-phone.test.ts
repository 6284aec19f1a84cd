import test from 'ava';
import {isWrittenIn} from '../../src/core/written-phone.ts';

const finds = test.macro({
  exec(t, words: string, expected: boolean) {
    t.is(isWrittenIn(words, '14155550123'), expected);
  },
  title: (title = '') => `finds a number ${title}`,
});

test('as it is', finds, '{"to":"+14155550123"}', true);
test('with blanks and brackets', finds, '{"to":"+1 (415) 555-0123"}', true);
test('with dots', finds, '{"to":"1.415.555.0123"}', true);
test('with the zero of its country', finds, '{"to":"+1 (0)415 555-0123"}', true);
test('as a URI', finds, '{"to":"tel:+1-415-555-0123;ext=1"}', true);
test('behind two zeros', finds, '{"to":"001 415 5550123"}', true);
test('in wide digits', finds, '{"to":"１４１５５５５０１２３"}', true);
test(
  'between marks of direction, with other hyphens and blanks',
  finds,
  '\u202a+1\u00a0415\u2011555\u20130123\u202c',
  true,
);
test('with what JSON escapes', finds, '{"to":"+1\\u00a0415\\u2011555\\u20110123"}', true);
test('not of two values', finds, '{"to":"+1415","from":"5550123"}', false);
test('not of two members of a list', finds, '[1415,\n5550123]', false);
test('not where it is another', finds, '{"to":"+1 (415) 555-0124"}', false);
