import test from 'ava';
import {chooseCarrier, entriesTo} from '../../src/core/by-prefix.ts';

const entry = (carrier: string) => ({carrier, address: '+1', senderMayChange: false, options: {}});
const channel = {
  id: 'c1',
  priority: 'interactive',
  carriers: [entry('north'), entry('south'), entry('east')],
  byHeader: [{header: 'x-class', value: 'campaign', carrier: 'south', priority: 'bulk'}],
  byPrefix: [
    {prefix: '+44', carriers: ['east', 'south']},
    {prefix: '+4477', carriers: ['south']},
    {prefix: '+447', carriers: ['north']},
  ],
} as const;

const goes = test.macro({
  exec(t, to: string, headers: Record<string, string>, expected: string) {
    const {carrier, priority} = chooseCarrier(channel, to, headers);
    t.is(`${carrier} ${priority}`, expected);
  },
  title: title => title ?? '',
});
test('no prefix fits: the channel’s first', goes, '+14155550123', {}, 'north interactive');
test('no prefix fits: a header decides', goes, '+14155550123', {'x-class': 'campaign'}, 'south bulk');
test('a prefix decides', goes, '+441481960194', {}, 'east interactive');
test('the longest of several decides', goes, '+447700900123', {}, 'south interactive');
test('and one between them', goes, '+447400123456', {}, 'north interactive');
test(
  'a prefix comes before a header’s carrier, not its priority',
  goes,
  '+441481960194',
  {'x-class': 'campaign'},
  'east bulk',
);
test('a prefix that is not at the front is none', goes, '+14477009001', {}, 'north interactive');

const may = test.macro({
  exec(t, to: string, ...expected: string[]) {
    const names = entriesTo(channel, to).map(({carrier}) => carrier);
    t.deepEqual(names, expected);
  },
  title: title => title ?? '',
});
test('without a prefix all of the channel’s may carry it', may, '+14155550123', 'north', 'south', 'east');
test('with one only those it names, in its order', may, '+441481960194', 'east', 'south');
