import test from 'ava';
import {createUrgency} from '../../../src/store/postgres/urgency.ts';

test('an agent’s text is started ahead of others while a campaign is written down, and not at other times', t => {
  let now = 0;
  const isUrgent = createUrgency(() => now);
  const start = {priority: 'interactive'};
  t.false(isUrgent('start', [start]));
  t.false(isUrgent('acceptOutbound', [{priority: 'interactive'}]));
  t.false(isUrgent('start', [start]));
  t.false(isUrgent('acceptOutbound', [{priority: 'bulk'}]));
  t.true(isUrgent('start', [start]));
  t.false(isUrgent('start', [{priority: 'bulk'}]));
  t.false(isUrgent('start', [{}]));
  t.false(isUrgent('settle', [start]));
  now = 999;
  t.true(isUrgent('start', [start]));
  now = 1000;
  t.false(isUrgent('start', [start]));
});
