import test from 'ava';
import {type Failing, toFailing, toSentence, toState} from '../../../src/store/postgres/failure.ts';

function toError(code: string | undefined): Error {
  return Object.assign(new Error('words of the library'), code === undefined ? {} : {code});
}

const means = test.macro({
  exec(t, code: string | undefined, failing: Failing) {
    t.is(toFailing(toError(code)), failing);
    t.false(toSentence(toError(code)).includes('words of the library'));
  },
  title: (_, code, failing) => `${code ?? 'no code'} means ${failing}`,
});

test(means, '40001', 'again');
test(means, '40P01', 'again');
test(means, '55P03', 'again');
test(means, '23505', 'again');
test(means, '53200', 'again');
test(means, '0A000', 'again');
test(means, '53100', 'unavailable');
test(means, '57P01', 'unavailable');
test(means, '25006', 'unavailable');
test(means, '08006', 'unavailable');
test(means, 'XX001', 'unavailable');
test(means, 'EPIPE', 'unavailable');
test(means, 'ECONNREFUSED', 'unavailable');
test(means, undefined, 'unavailable');
test(means, '23502', 'fault');
test(means, '42804', 'fault');
test(means, '22P02', 'fault');

test('a state is told from a word of the system', t => {
  t.is(toState(toError('40P01')), '40P01');
  t.is(toState(toError('EPIPE')), '');
});

test('what could not be sent is this call’s fault, and told without its words', t => {
  const error = new RangeError('words of a row');
  t.is(toFailing(error), 'fault');
  t.is(toSentence(error), 'a row could not be sent to the database');
});
