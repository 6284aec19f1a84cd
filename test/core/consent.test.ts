import test from 'ava';
import {
  type ConsentDecision,
  type ConsentOrder,
  decideConsent,
  isAnsweredByNetwork,
  type KeywordMode,
  type KeywordOwner,
  listsOf,
} from '../../src/core/consent.ts';
import type {Order} from '../../src/core/keywords.ts';

interface Case {
  mode: KeywordMode;
  owner?: KeywordOwner;
  order: Order;
  by?: ConsentOrder['by'];
  isOut?: boolean;
  networkAnswers?: boolean;
}

/** `out answer forward pass` as words, those that hold. */
function toWordsOf({change, ...rest}: ConsentDecision): string {
  const holding = Object.entries(rest).flatMap(([name, holds]) => (holds ? [name] : []));
  return [...(change === undefined ? [] : [change]), ...holding].join(' ');
}

const decides = test.macro({
  exec(
    t,
    {mode, owner = 'nobody', order, by = 'keyword', isOut = false, networkAnswers = false}: Case,
    expected: string,
  ) {
    t.is(toWordsOf(decideConsent({order, by, word: ''}, {mode, owner}, {isOut, networkAnswers})), expected);
  },
  title: (_, one: Case, expected: string) => `${Object.entries(one).flat().join(' ')}: ${expected}`,
});

test(decides, {mode: 'forward', order: 'stop'}, 'out forward pass');
test(decides, {mode: 'forward', order: 'stop', isOut: true}, 'forward');
test(decides, {mode: 'forward', order: 'start'}, 'forward');
test(decides, {mode: 'forward', order: 'start', isOut: true}, 'in forward');
test(decides, {mode: 'forward', order: 'help'}, 'forward pass');
test(decides, {mode: 'handle', order: 'stop'}, 'out answer');
test(decides, {mode: 'handle', order: 'stop', isOut: true}, '');
test(decides, {mode: 'handle', order: 'start'}, 'forward');
test(decides, {mode: 'handle', order: 'start', isOut: true}, 'in answer');
test(decides, {mode: 'handle', order: 'help'}, 'answer');
test(decides, {mode: 'handle', order: 'help', isOut: true}, 'answer');
test(decides, {mode: 'both', order: 'stop'}, 'out answer forward');
test(decides, {mode: 'both', order: 'help', isOut: true}, 'answer forward');

for (const owner of ['cx-contact', 'twilio', 'carrier'] as const) {
  const pass = owner === 'cx-contact' ? ' pass' : '';
  for (const mode of ['forward', 'both'] as const) {
    test(decides, {mode, owner, order: 'stop'}, `out forward${pass}`);
    test(decides, {mode, owner, order: 'start', isOut: true}, 'in forward');
    test(decides, {mode, owner, order: 'help'}, `forward${pass}`);
  }
  test(decides, {mode: 'handle', owner, order: 'stop'}, 'out');
  test(decides, {mode: 'handle', owner, order: 'help'}, '');
}

for (const mode of ['forward', 'handle', 'both'] as const) {
  const forward = mode === 'handle' ? '' : ' forward';
  for (const elsewhere of [{by: 'carrier'}, {networkAnswers: true}] as const) {
    test(decides, {mode, order: 'stop', ...elsewhere}, `out${forward}`);
    test(decides, {mode, order: 'start', isOut: true, ...elsewhere}, `in${forward}`);
  }
  test(decides, {mode, order: 'help', by: 'carrier'}, forward.trim());
}
test(decides, {mode: 'both', order: 'help', networkAnswers: true}, 'answer forward');

test('the network answers for North American toll-free numbers alone', t => {
  t.true(isAnsweredByNetwork('+18885550100'));
  t.true(isAnsweredByNetwork('+18335550100'));
  for (const address of ['+16505550100', '+448885550100', '88855', '+1888555010', 'Acme']) {
    t.false(isAnsweredByNetwork(address), address);
  }
});

test('a channel obeys its list, and what carriers refused for its very sender', t => {
  t.deepEqual(listsOf('acme', '1650', {list: 'platform acme'}), ['platform acme', 'channel acme 1650']);
  t.deepEqual(listsOf('acme', '1650', {list: 'channel acme 1650'}), ['channel acme 1650']);
});
