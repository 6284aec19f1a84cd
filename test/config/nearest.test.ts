import test from 'ava';
import {nearest, suggest} from '../../src/config/nearest.ts';

const known = ['platforms', 'carriers', 'channels', 'publicUrl'];

const finds = test.macro({
  exec(t, word: string, expected: string | undefined) {
    t.is(nearest(word, known), expected);
  },
  title: (_, word, expected) => `${word} is ${expected === undefined ? 'near to nothing' : `near to ${expected}`}`,
});

test(finds, 'platform', 'platforms');
test(finds, 'publicURL', 'publicUrl');
test(finds, 'chanels', 'channels');
test(finds, 'cariers', 'carriers');
test(finds, 'retries', undefined);
test(finds, 'x', undefined);

test('lists what is known when nothing is near', t => {
  t.is(suggest('zebra', ['a', 'b']), 'known are `a`, `b`.');
});
