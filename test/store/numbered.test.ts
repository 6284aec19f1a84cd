import test from 'ava';
import {insertMessage, insertQueue} from '../../src/store/sql.ts';
import {toNumbered} from '../../src/store/sqlite/connection.ts';

for (const [sql, numbered] of [
  [insertMessage, 'seq'],
  [insertQueue, 'id'],
] as const)
  test(`an insert that returns its number alone need not return it: ${sql.trim().slice(0, 20)}`, t => {
    const made = toNumbered(sql);
    t.is(made.numbered, numbered);
    t.false(made.insert.includes('returning'));
    t.is(`${made.insert} returning ${numbered}`.trim(), sql.trim().replace(/\s+returning/, ' returning'));
  });

for (const sql of [
  'insert into queue (name) values ($1) on conflict (name) do update set name = excluded.name returning id',
  'insert into queue (name) values ($1) returning *',
  'insert into queue (name) values ($1)',
  'update job set state = $2 where id = $1 returning id',
  'delete from job where id = $1 returning id',
])
  test(`this stays as it is: ${sql}`, t => {
    t.deepEqual(toNumbered(sql), {insert: sql});
  });
