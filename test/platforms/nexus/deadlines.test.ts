import test from 'ava';
import {createDeadlines} from '../../../src/platforms/nexus/deadlines.ts';
import {until} from '../../helpers/until.ts';

test('calls what is late, in the order it began, and nothing twice', async t => {
  const deadlines = createDeadlines(20);
  const late: number[] = [];
  for (const number of [1, 2, 3]) deadlines.begin(() => late.push(number));
  await until('all are late', () => late.length >= 3);
  t.deepEqual(late, [1, 2, 3]);
});

test('does not call what was cleared, and calls those that began after it', async t => {
  const deadlines = createDeadlines(20);
  const late: string[] = [];
  const cleared = deadlines.begin(() => late.push('cleared'));
  deadlines.begin(() => late.push('other'));
  deadlines.clear(cleared);
  deadlines.clear(cleared);
  await until('the other is late', () => late.length > 0);
  t.deepEqual(late, ['other']);
});

test('goes on after the last one was cleared, and when a late one begins another', async t => {
  const deadlines = createDeadlines(20);
  const late: string[] = [];
  const cleared = deadlines.begin(() => late.push('cleared'));
  deadlines.clear(cleared);
  deadlines.begin(() => {
    late.push('first');
    deadlines.begin(() => late.push('second'));
  });
  await until('both are late', () => late.length >= 2);
  t.deepEqual(late, ['first', 'second']);
});
