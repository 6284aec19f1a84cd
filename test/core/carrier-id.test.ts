import test from 'ava';
import fc from 'fast-check';
import {type IdNotation, toIdCandidates, toIdKey, toNotation} from '../../src/core/carrier-id.ts';

/** How the SMSC wrote one id in its response and in its receipt. */
const names = test.macro({
  exec(t, response: string, receipt: string, how: 'exact' | 'weak') {
    const match = toIdCandidates(receipt).find(({key}) => key === toIdKey(response));
    t.is(match?.weak, how === 'weak');
  },
  title: (_, response, receipt, how) => `${receipt} in a receipt names ${response} (${how})`,
});

test(names, '1A2b', '1a2B', 'exact');
test(names, '0000012345', '12345', 'exact');
test(names, '12345', '0000012345', 'exact');
test(names, '0', '0', 'exact');
test(names, '0B9E5C6D-7F80-4A11-9c2e-1d2f3a4b5c6d', '0b9e5c6d7f804a119c2e1d2f3a4b5c6d', 'exact');
test(names, 'ff', '255', 'weak');
test(names, '255', 'ff', 'weak');
test(names, '255', '000000FF', 'weak');
test(names, '6c4f97e1c76471cb', '7804623675225043403', 'weak');

test('an id that is no number stands only for itself', t => {
  t.deepEqual(toIdCandidates('msg:77'), [{key: 'msg:77', weak: false}]);
});

test('ids of any size keep every digit through both notations', t => {
  fc.assert(
    fc.property(fc.bigInt({min: 1n, max: 2n ** 120n}), id => {
      const [hex, decimal] = [id.toString(16), id.toString(10)];
      t.true(toIdCandidates(decimal).some(({key}) => key === toIdKey(hex)));
      t.true(toIdCandidates(hex).some(({key}) => key === toIdKey(decimal)));
    }),
  );
});

const writes = test.macro({
  exec: (t, answered: string, told: string, expected: IdNotation | undefined) =>
    t.is(toNotation(answered, told), expected),
  title: (_, answered, told, expected) => `${told} after ${answered} is ${expected ?? 'another id'}`,
});
test(writes, '1a2b', '1a2b', 'exact');
test(writes, '001A-2b', '1a2B', 'caseOrZeros');
test(writes, '1a2b', '6699', 'hexToDecimal');
test(writes, '6699', '1A2B', 'decimalToHex');
test(writes, 'ffffffffffffffff', '18446744073709551615', 'hexToDecimal');
test(writes, '1a2b', '77', undefined);
