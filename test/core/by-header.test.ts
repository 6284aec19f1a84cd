import test from 'ava';
import {chooseByHeader, type HeaderRule} from '../../src/core/by-header.ts';

const entry = (carrier: string) => ({carrier, address: '+1', senderMayChange: false, options: {}});
const channel = {id: 'c1', carriers: [entry('north'), entry('south')], priority: 'interactive'} as const;

const chooses = test.macro({
  exec(t, byHeader: HeaderRule[], headers: Record<string, string>, expected: string) {
    const {carrier, priority} = chooseByHeader({...channel, byHeader}, headers);
    t.is(`${carrier} ${priority}`, expected);
  },
  title: (title = '') => title,
});

const campaign: HeaderRule = {header: 'x-class', value: 'campaign', priority: 'bulk'};
const south: HeaderRule = {header: 'x-class', value: 'campaign', carrier: 'south'};
test('without rules the channel decides', chooses, [], {'x-class': 'campaign'}, 'north interactive');
test('without the header the channel decides', chooses, [campaign], {}, 'north interactive');
test('another value decides nothing', chooses, [campaign], {'x-class': 'Campaign'}, 'north interactive');
test('a value decides the priority', chooses, [campaign], {'x-class': 'campaign'}, 'north bulk');
test('rules that fit add up', chooses, [campaign, south], {'x-class': 'campaign'}, 'south bulk');
test(
  'the first that says a thing says it',
  chooses,
  [south, {...south, carrier: 'north'}],
  {'x-class': 'campaign'},
  'south interactive',
);
test('a name of every object is no header', chooses, [{...campaign, header: 'constructor'}], {}, 'north interactive');
