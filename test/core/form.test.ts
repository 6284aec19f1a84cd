import test from 'ava';
import fc from 'fast-check';
import {type Pair, readPairs} from '../../src/core/form.ts';

const reads = test.macro({
  exec(t, text: string, pairs: Pair[]) {
    t.deepEqual(readPairs(text), pairs);
  },
  title: (_, text: string) => `reads ${text}`,
});

test(reads, '', []);
test(reads, '&&', []);
test(reads, '=', [['', '']]);
test(reads, 'a', [['a', '']]);
test(reads, 'a&b=&=c&&d=e=f', [
  ['a', ''],
  ['b', ''],
  ['', 'c'],
  ['d', 'e=f'],
]);
test(reads, '?a=1', [['?a', '1']]);
test(reads, 'a+b&%26=%3D', [
  ['a b', ''],
  ['&', '='],
]);

test('reads what a browser would', t => {
  const piece = fc.constantFrom('a', 'b', '=', '&', '+', '%', '%3D', '%26', '\n', 'é');
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const text = pieces.join('');
      t.deepEqual(readPairs(text), [...new URLSearchParams(text)]);
    }),
  );
});
