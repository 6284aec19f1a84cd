import type {Client, QueryConfig, QueryResult} from 'pg';
import {toHash} from '../keys.ts';
import {type Answer, holdKey, type Value} from '../work.ts';
import {toBatch} from './batch.ts';
import {forms, single} from './forms.ts';
import type {Batch} from './unsent.ts';

/**
 * The statements of one transaction on one connection. What is asked together is sent together, in the order in which it is asked. All reject with
 * the first refusal: whatever comes after it is refused because of it.
 */
export interface Session {
  /** Before they are sent. */
  prepare(batches: readonly Batch[]): Promise<void>;
  /** The same statement for each of these sets of values. */
  queryAll(sql: string, all: readonly Value[][]): Promise<Answer[]>;
  /** The same for what nobody waits for. */
  send(sql: string, all: readonly Value[][]): void;
  /** Before a commit. Rejects when something could not even be sent: the server, which knows nothing of it, would keep the rest. */
  sent(): Promise<void>;
  /** The first refusal, as far as it is known: once a commit is answered, that of all that was sent before. */
  refusal(): {error: unknown} | undefined;
  /** Which of these keys nobody else has; they are this transaction's now. */
  tryKeys(keys: readonly string[]): Promise<boolean[]>;
}

/** What is known of statements, for all connections of a store. */
export interface Statements {
  name(text: string): string | undefined;
  isDescribed(sql: string): boolean;
  /** Asks the server for what `batch` has to know. */
  describe(sql: string, client: Client): Promise<void>;
  /** The form for many sets of values of a statement that was described; undefined: it is run once for each. */
  batch(sql: string): string | undefined;
}

const holdAll = 'select pg_advisory_xact_lock(k) from unnest($1::bigint[]) as k';

const tryAll =
  'select pg_try_advisory_xact_lock(k) as got from unnest($1::bigint[]) with ordinality as i (k, n) order by n';

/** @param isNamed prepared once for each connection; a pooler that gives each transaction another one may not know them */
export function createStatements(isNamed: boolean): Statements {
  const names = new Map<string, string>();
  const batches = new Map<string, string | undefined>();
  const describing = new Map<string, Promise<void>>();

  return {
    name(text) {
      if (!isNamed) return undefined;
      const known = names.get(text) ?? `s${names.size + 1}`;
      names.set(text, known);
      return known;
    },
    isDescribed: sql => batches.has(sql),
    async describe(sql, client) {
      // What another connection was refused says nothing of this one.
      await describing.get(sql)?.catch(() => {});
      if (batches.has(sql)) return;
      const own = toForm(sql, client);
      describing.set(sql, own);
      await own;
    },
    batch: sql => batches.get(sql),
  };

  async function toForm(sql: string, client: Client): Promise<void> {
    try {
      batches.set(sql, await describe(forms.get(sql) ?? sql, client));
    } finally {
      describing.delete(sql);
    }
  }
}

export function createSession(client: Client, statements: Statements, toLockKey: (key: string) => number): Session {
  let refused: {error: unknown} | undefined;

  async function ask<Result>(asked: Promise<Result>): Promise<Result> {
    try {
      return await asked;
    } catch (error) {
      refused ??= {error};
      throw refused.error;
    }
  }

  async function queryEach(sql: string, all: readonly Value[][]): Promise<Answer[]> {
    const text = forms.get(sql) ?? sql;
    const name = statements.name(text);
    const results = await Promise.all(
      all.map(values => ask(client.query({text, name, values: values.map(toStorable)}))),
    );
    return results.map(({rows, rowCount}) => ({rows, changes: rowCount ?? 0}));
  }

  async function queryTogether(text: string, all: readonly Value[][]): Promise<Answer[]> {
    const columns = (all[0] ?? []).map((_, index) => all.map(values => toStorable(values[index] ?? null)));
    const query: QueryConfig & {rowMode: 'array'} = {
      text,
      name: statements.name(text),
      values: columns,
      rowMode: 'array',
    };
    const result = await ask(client.query<unknown[]>(query));
    return toAnswers(result, all.length);
  }

  async function holdKeys(keys: readonly string[]): Promise<Answer[]> {
    const sorted = [...new Set(keys.map(toLockKey))].sort((one, other) => one - other);
    await ask(client.query({text: holdAll, name: statements.name(holdAll), values: [sorted]}));
    return keys.map(() => ({rows: [], changes: 0}));
  }

  function queryAll(sql: string, all: readonly Value[][]): Promise<Answer[]> {
    if (sql === holdKey) return holdKeys(all.map(([key]) => String(key)));
    const batch = all.length === 1 ? undefined : statements.batch(sql);
    return batch === undefined ? queryEach(sql, all) : queryTogether(batch, all);
  }

  return {
    async prepare(batches) {
      for (const {sql, all} of batches) {
        const isForMany = all.length > 1 && sql !== holdKey && !single.has(sql);
        if (isForMany && !statements.isDescribed(sql)) await ask(statements.describe(sql, client));
      }
    },
    queryAll,
    send(sql, all) {
      queryAll(sql, all).catch(error => {
        refused ??= {error};
      });
    },
    async sent() {
      await new Promise(resolve => setImmediate(resolve));
      if (refused !== undefined) throw refused.error;
    },
    refusal: () => refused,
    async tryKeys(keys) {
      const values = [keys.map(toLockKey)];
      const {rows} = await ask(client.query<{got: boolean}>({text: tryAll, name: statements.name(tryAll), values}));
      return rows.map(({got}) => got);
    },
  };
}

/** The types of a statement's values are asked of the server. */
async function describe(text: string, client: Client): Promise<string | undefined> {
  const name = `described_${toHash(text)}`;
  await client.query(`prepare ${name} as ${text}`);
  const asked = 'select parameter_types::text[] as types from pg_prepared_statements where name = $1';
  const {rows} = await client.query<{types: string[]}>(asked, [name]);
  await client.query(`deallocate ${name}`);
  return toBatch(text, rows[0]?.types ?? []);
}

function toAnswers({rows, fields}: QueryResult<unknown[]>, count: number): Answer[] {
  if (fields.length === 0) return Array.from({length: count}, () => ({rows: [], changes: 1}));
  const answers: Answer[] = Array.from({length: count}, () => ({rows: [], changes: 0}));
  const names = fields.map(({name}) => name);
  for (const row of rows) {
    const answer = answers[Number(row[0]) - 1];
    if (answer === undefined) throw new Error('the database answered for values nobody gave');
    answer.changes += 1;
    answer.rows.push(toRow(names, row));
  }
  return answers;
}

function toRow(names: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 1; index < names.length; index += 1) row[names[index] ?? ''] = values[index];
  return row;
}

/** A text of PostgreSQL can hold every character but NUL. */
function toStorable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
