import type {Ledger} from './ledger.ts';

/**
 * An operation is a generator that yields statements and is given their rows: written once, driven at once by SQLite in its worker and
 * over a connection by an engine that has to wait. It may throw `StoreUnavailable` before its first write, never after.
 */
export type Work<Result> = Generator<Query, Result, Answer>;

export type Value = string | number | null;

export interface Query {
  sql: string;
  values: Value[];
}

export interface Answer {
  rows: unknown[];
  changes: number;
}

/** What an operation is given beside its arguments. */
export interface Db {
  /** Unix ms, the same for a whole group. */
  now: number;
  ledger: Ledger;
}

export function* rows<Row>(sql: string, ...values: Value[]): Work<Row[]> {
  const answer = yield {sql, values};
  return answer.rows as Row[];
}

export function* row<Row>(sql: string, ...values: Value[]): Work<Row | undefined> {
  const answer = yield {sql, values};
  return answer.rows[0] as Row | undefined;
}

/** How many rows it changed. */
export function* run(sql: string, ...values: Value[]): Work<number> {
  const answer = yield {sql, values};
  return answer.changes;
}
