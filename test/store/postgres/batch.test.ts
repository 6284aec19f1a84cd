import test from 'ava';
import {toBatch} from '../../../src/store/postgres/batch.ts';

const becomes = test.macro({
  exec(t, sql: string, types: string[], expected: string | undefined) {
    t.is(toBatch(sql, types)?.replace(/\s+/g, ' '), expected);
  },
  title: (_, sql) => `for many at once: ${sql}`,
});

const one = 'unnest($1::bigint[]) with ordinality as i (_1, _n)';
const two = 'unnest($1::bigint[], $2::text[]) with ordinality as i (_1, _2, _n)';

test(
  becomes,
  'select * from message where phone = $1 order by seq limit 1',
  ['bigint'],
  `select i._n, q.* from ${one} cross join lateral (select * from message where phone = i._1 order by seq limit 1) as q`,
);
test(
  becomes,
  'select * from message where seq = $1',
  ['bigint'],
  `select i._n, q.* from ${one} cross join lateral (select * from message where seq = any(array[i._1])) as q`,
);
test(
  becomes,
  'update message set state = $2 where seq = $1',
  ['bigint', 'text'],
  `update message set state = i._2 from ${two} where seq = any(array[i._1]) returning i._n`,
);
test(
  becomes,
  `update job set state = 'ready' where id = (select id from job where lane = $1 order by id limit 1) returning id, queue`,
  ['bigint'],
  `update job set state = 'ready' from ${one} where id = (select id from job where lane = i._1 order by id limit 1) returning i._n, id, queue`,
);
test(
  becomes,
  'delete from job where id = $1 returning *',
  ['bigint'],
  `delete from job using ${one} where id = any(array[i._1]) returning i._n, job.*`,
);
test(
  becomes,
  'insert into heard (lane, at) values ($1, $2) on conflict (lane) do update set at = excluded.at',
  ['bigint', 'text'],
  `insert into heard (lane, at) select i._1, i._2 from ${two} on conflict (lane) do update set at = excluded.at`,
);
test(
  becomes,
  'insert into event (message, n) values ($1, (select max(n) + 1 from event where message = $1))',
  ['bigint'],
  `insert into event (message, n) select i._1, (select max(n) + 1 from event where message = i._1) from ${one} `,
);
test(
  becomes,
  'insert into message (id) values ($1) returning seq',
  ['bigint'],
  `with i as materialized ( select nextval(pg_get_serial_sequence('message', 'seq')) as seq, i.* from ${one}), done as (insert into message (seq, id) select i.seq, i._1 from i) select i._n, i.seq from i`,
);

test('what has no form for many is run one by one', t => {
  t.is(toBatch('select id from queue', []), undefined);
  t.is(toBatch('insert into a (b) select c from d where e = $1', ['text']), undefined);
  t.is(toBatch('insert into a (b) values ($1) returning *', ['text']), undefined);
});
