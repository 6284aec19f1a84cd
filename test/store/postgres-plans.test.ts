import test, {type ExecutionContext} from 'ava';
import {find} from '../../src/store/operations/find.ts';
import {parseAddress} from '../../src/store/postgres/address.ts';
import {claimDue, claimExpired, claimedMessage} from '../../src/store/postgres/claim-sql.ts';
import {forms} from '../../src/store/postgres/forms.ts';
import {createLink} from '../../src/store/postgres/link.ts';
import {migrate} from '../../src/store/postgres/migrate.ts';
import {createStatements, type Session} from '../../src/store/postgres/session.ts';
import * as sql from '../../src/store/sql.ts';
import {answeredLately, waitingBulkOfLane} from '../../src/store/sql-consent.ts';
import {outboundFacts} from '../../src/store/sql-facts.ts';
import {aboutPhone} from '../../src/store/sql-guards.ts';
import * as parkedSql from '../../src/store/sql-parked.ts';
import {oldestInQueue} from '../../src/store/sql-people.ts';
import * as takenSql from '../../src/store/sql-taken.ts';
import type {Db, Query, Value} from '../../src/store/work.ts';
import {type Server, startServer} from './open-postgres.ts';
import {silent} from './silent.ts';

let server: Server;

test.before(async () => {
  server = await startServer({autovacuum: 'off'});
});

test.after.always(() => server.stop());

/** Counted for people, or looked at once a second: they may walk what they walk. */
const unhurried = [parkedSql.parkedNow, sql.dueWatches];
const hurried = [
  ...[sql, parkedSql, takenSql]
    .flatMap(module => Object.values<string>(module))
    .filter(text => !unhurried.includes(text)),
  claimedMessage,
  outboundFacts,
  aboutPhone,
  oldestInQueue,
  answeredLately,
  waitingBulkOfLane,
];
const all = [...hurried, claimDue, claimExpired];

const rows = 20_000;

test.serial(
  'rows are looked up by their index after tables have grown that were counted when they were empty',
  async t => {
    const schema = await createSchema();
    await server.query('vacuum analyze');
    await fill(schema);
    await looksUp(t, schema);
  },
);

test.serial('rows are looked up by their index when all but one have left their tables', async t => {
  const schema = await createSchema();
  await fill(schema);
  for (const [table, key] of Object.entries({job: 'id', segment: 'message', message: 'seq', parked_receipt: 'id'})) {
    await server.query(`delete from ${schema}.${table} where ${key} < ${rows}`);
  }
  await server.query('vacuum analyze');
  await looksUp(t, schema);
});

test.serial('the few that failed are found by their index', async t => {
  const schema = await createSchema();
  await fill(schema);
  await server.query(`update ${schema}.message set state = 'failed' where seq % 1000 = 0`);
  await server.query('vacuum analyze');
  const query = find({} as Db, {state: 'failed', limit: 10, before: '9000'}).next();
  if (query.done === true) throw new Error('nothing was asked');
  const link = createLink({
    address: parseAddress(urls.get(schema) ?? ''),
    statements: createStatements(true),
    log: silent,
  });
  t.teardown(link.close);
  const text = query.value.sql.replace(/\$(\d+)/g, (_, number: string) =>
    String(toLiteral(query.value, Number(number))),
  );
  const plan = await link.transaction(session => explain(session, text));
  t.regex(plan.join('\n'), /Index Scan.* using message_troubled/);
});

function toLiteral({values}: Query, number: number): Value {
  const value = values[number - 1] ?? null;
  return typeof value === 'string' ? `'${value}'` : value;
}

async function createSchema(): Promise<string> {
  const url = server.newUrl();
  const address = parseAddress(url);
  await migrate(address, silent);
  urls.set(address.schema, url);
  return address.schema;
}

const urls = new Map<string, string>();

async function fill(schema: string): Promise<void> {
  const from = `from generate_series(1, ${rows}) as i`;
  const texts = [
    `insert into ${schema}.message (id, direction, platform, channel, carrier, phone, address, priority, state, trace, accepted_at, expires_at, state_at)
      select i, 'outbound', 'p', 'c', 'a', i, 'f', 'bulk', 'accepted', 't', i, i, i ${from}`,
    `insert into ${schema}.job (id, message, kind, queue, lane, state, due_at, priority, queued_at, expires_at)
      select i, i, 'outbound', 1, i, case i % 3 when 0 then 'ready' when 1 then 'waiting' else 'leased' end, i, 'bulk', i, i ${from}`,
    `insert into ${schema}.segment (message, cycle, idx, attempt, carrier, state, id_key, started_at)
      select i, 1, 0, 1, 'a', 'taken', i, i ${from}`,
    `insert into ${schema}.parked_receipt (carrier, id_key, phone, receipt, at) select 'a', i, i, '{}', i ${from}`,
  ];
  for (const text of texts) await server.query(text);
}

/** Every scan has a condition on the first column of the index it goes by. */
async function looksUp(t: ExecutionContext, schema: string): Promise<void> {
  const address = parseAddress(urls.get(schema) ?? '');
  const statements = createStatements(true);
  const link = createLink({address, statements, log: silent});
  t.teardown(link.close);
  const firstColumns = await readFirstColumns(schema);
  const walks = await link.transaction(async session => {
    await session.prepare(hurried.map(text => ({sql: text, all: [[], []]})));
    const found: string[] = [];
    for (const text of all) {
      const one = forms.get(text) ?? text;
      for (const form of new Set([one, statements.batch(text) ?? one])) {
        const plan = await explain(session, form);
        found.push(...toWalks(plan, firstColumns).map(walk => `${form}\n${walk}`));
      }
    }
    return found;
  });
  t.deepEqual(walks, []);
}

async function readFirstColumns(schema: string): Promise<Map<string, string>> {
  const found = await server.query(
    `select c.relname as name, pg_get_indexdef(c.oid, 1, true) as first
      from pg_class c join pg_index i on i.indexrelid = c.oid where c.relnamespace = $1::regnamespace`,
    [schema],
  );
  return new Map(found.map(({name, first}) => [String(name), String(first)]));
}

async function explain(session: Session, text: string): Promise<string[]> {
  const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  await session.queryAll(`prepare one as ${text}`, [[]]);
  const values = count === 0 ? '' : `(${Array(count).fill('null').join(', ')})`;
  const [answer] = await session.queryAll(`explain execute one${values}`, [[]]);
  await session.queryAll('deallocate one', [[]]);
  const lines = (answer?.rows ?? []) as Array<{'QUERY PLAN': string}>;
  return lines.map(row => row['QUERY PLAN']);
}

function toWalks(plan: readonly string[], firstColumns: ReadonlyMap<string, string>): string[] {
  return plan.flatMap((line, index) => {
    const [, name] = /\b(?:Seq Scan on|Index(?: Only)? Scan(?: Backward)? using) (\w+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const isOwn = (other: string) => !other.includes('->') && other.search(/\S/) > line.search(/\S/);
    const after = plan.slice(index + 1);
    const end = after.findIndex(other => !isOwn(other));
    const own = after.slice(0, end < 0 ? undefined : end);
    const condition = own.find(other => other.includes('Index Cond')) ?? '';
    return condition.includes(firstColumns.get(name) ?? '?') ? [] : [[line, ...own].join('\n')];
  });
}
