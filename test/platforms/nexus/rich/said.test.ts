import test from 'ava';
import {isSaid} from '../../../../src/platforms/nexus/rich/said.ts';

const letters = ['a', 'b', 'é'];

/** All words of these letters up to a length. */
function wordsOf(length: number): string[] {
  if (length === 0) return [''];
  const shorter = wordsOf(length - 1);
  return [
    ...shorter,
    ...shorter.filter(word => word.length === length - 1).flatMap(word => letters.map(letter => word + letter)),
  ];
}

test('finds what any search finds', t => {
  const texts = wordsOf(6);
  const words = wordsOf(4);
  const wrong = texts.flatMap(text =>
    words.filter(word => isSaid(text, word) !== text.includes(word)).map(word => [text, word]),
  );
  t.deepEqual(wrong, []);
  t.is(texts.length * words.length, 1093 * 121);
});
