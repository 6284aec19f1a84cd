import test from 'ava';
import {parseAddress} from '../../../src/store/postgres/address.ts';
import {createBeginning} from '../../../src/store/postgres/beginning.ts';

const url = 'postgres://gateway@127.0.0.1/gateway?schema=texts';

test('plans are made anew at first and then now and then, not in each transaction', t => {
  const toBeginning = createBeginning(parseAddress(url), {enable_sort: 'off'}, false);
  t.regex(toBeginning(), /^begin isolation level read committed; set local search_path = 'texts';.*; discard plans$/);
  t.regex(toBeginning(), /^begin isolation level read committed;.*; set local enable_sort = 'off'$/);
});

test('behind a pooler, where nothing is prepared, never', t => {
  const toBeginning = createBeginning(parseAddress(`${url}&pooler=transaction`), {}, true);
  t.regex(toBeginning(), /^begin isolation level read committed read only;/);
  t.notRegex(toBeginning(), /discard/);
});
