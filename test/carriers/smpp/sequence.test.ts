import test from 'ava';
import {createSequence} from '../../../src/carriers/smpp/session/sequence.ts';

test('counts from 1 (S34 5.1.4)', t => {
  const next = createSequence(() => false);
  t.deepEqual([next(), next(), next()], [1, 2, 3]);
});

test('wraps to 1 after 0x7FFFFFFF and skips what is still in flight (facts 3.1)', t => {
  const next = createSequence(sequence => sequence === 1 || sequence === 2, 0x7fffffff);
  t.deepEqual([next(), next()], [0x7fffffff, 3]);
});
