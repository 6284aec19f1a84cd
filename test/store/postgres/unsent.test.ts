import test from 'ava';
import {createUnsent} from '../../../src/store/postgres/unsent.ts';

const query = (sql: string, value: number) => ({sql, values: [value]});

test('the same statement of several operations becomes one', t => {
  const unsent = createUnsent();
  for (const value of [1, 2, 3]) unsent.add(query('job', value), unsent.add(query('payload', value), -1));
  t.deepEqual(unsent.take(), [
    {sql: 'payload', all: [[1], [2], [3]]},
    {sql: 'job', all: [[1], [2], [3]]},
  ]);
});

test('what one operation writes stays in its order, the same statement twice too', t => {
  const unsent = createUnsent();
  const first = unsent.add(query('job', 1), -1);
  const second = unsent.add(query('event', 1), first);
  unsent.add(query('job', 2), unsent.add(query('job', 1), second));
  unsent.add(query('job', 3), -1);
  t.deepEqual(unsent.take(), [
    {sql: 'job', all: [[1], [3]]},
    {sql: 'event', all: [[1]]},
    {sql: 'job', all: [[1]]},
    {sql: 'job', all: [[2]]},
  ]);
});

test('what was sent stands before what is written afterwards', t => {
  const unsent = createUnsent();
  const first = unsent.add(query('job', 1), -1);
  t.is(unsent.take().length, 1);
  t.deepEqual(unsent.take(), []);
  const second = unsent.add(query('job', 2), first);
  unsent.add(query('job', 3), second);
  t.deepEqual(unsent.take(), [
    {sql: 'job', all: [[2]]},
    {sql: 'job', all: [[3]]},
  ]);
});
