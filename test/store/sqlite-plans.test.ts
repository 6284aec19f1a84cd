import test from 'ava';
import Database from 'better-sqlite3';
import {find} from '../../src/store/operations/find.ts';
import * as sql from '../../src/store/sql.ts';
import {setSending} from '../../src/store/sql-start.ts';
import {toNumbered, toPositional} from '../../src/store/sqlite/connection.ts';
import {forms} from '../../src/store/sqlite/forms.ts';
import {migrations} from '../../src/store/sqlite/migrations.ts';
import type {Db} from '../../src/store/work.ts';

const database = new Database(':memory:');
for (const text of migrations) database.exec(text);

function explain(kind: 'explain' | 'explain query plan', statement: string): Array<Record<string, unknown>> {
  const {text, order} = toPositional(toNumbered(forms.get(statement) ?? statement).insert);
  return database.prepare(`${kind} ${text}`).all(...order.map(() => 1)) as Array<Record<string, unknown>>;
}

for (const [name, statement] of Object.entries({
  insertMessage: sql.insertMessage,
  setSending,
  setUnended: sql.setUnended,
  setEnd: sql.setEnd,
  setState: sql.setState,
}))
  test(`${name} writes a message’s row, and no table of its own`, t => {
    const codes = explain('explain', statement).map(({opcode}) => opcode);
    t.true(codes.includes('IdxInsert'), 'its indexes are seen to');
    t.false(codes.includes('OpenEphemeral'));
  });

for (const state of ['failed', 'expired', 'unknown', 'handled'] as const)
  test(`texts that are ${state} are found by their index`, t => {
    const query = find({} as Db, {state, limit: 10, before: '100'}).next();
    if (query.done === true) throw new Error('nothing was asked');
    const plan = explain('explain query plan', query.value.sql).map(({detail}) => String(detail));
    t.regex(plan.join('\n'), /USING INDEX message_troubled \(state=\? AND seq>\? AND seq<\?\)/);
  });
