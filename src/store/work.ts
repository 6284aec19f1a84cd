import type {Ledger} from './ledger.ts';
import type {Rooms} from './offers.ts';
import type {Vault} from './vault.ts';

/**
 * An operation is a generator that yields statements and is given their rows: written once, driven at once by SQLite in its worker and
 * over a connection by an engine that has to wait. It may throw `StoreUnavailable` before its first write, never after.
 */
export type Work<Result> = Generator<Query, Result, Answer>;

export type Value = string | number | null;

export interface Query {
  sql: string;
  values: Value[];
  /** A write whose answer nobody needs: an engine that has to wait for answers need not wait for this one. */
  isBlind?: true;
}

/** Not SQL: an engine where others write at the same time lets nobody else have this key until the transaction ends. */
export const holdKey = 'hold $1';

export interface Answer {
  rows: unknown[];
  changes: number;
}

/** What an operation is given beside its arguments. */
export interface Db {
  /** Unix ms, the same for a whole group. */
  now: number;
  ledger: Ledger;
  /** What people wrote goes to the disk and comes back through it. */
  vault: Vault;
  /** Where there is room for jobs that are added; undefined: nowhere. */
  rooms?: Rooms | undefined;
  /** The keys this operation holds; undefined on an engine that carries out one operation after the other anyhow. */
  held?: Set<string>;
  /** Phones of messages that were claimed here, by `seq`: one query less before each step of their delivery. */
  phones?: Map<number, string>;
}

/** Answers on the spot. */
type Ask = (query: Query) => Answer;

/** Of the engine that drives an operation at this moment, if it never has to wait. */
let asked: Ask | undefined;

/** Drives an operation to its end in one go: what it asks is answered where it asks, instead of being handed up through all who wait for it. */
export function driveAtOnce<Result>(work: Work<Result>, ask: Ask): Result {
  const before = asked;
  asked = ask;
  try {
    let step = work.next();
    while (step.done !== true) step = work.next(ask(step.value));
    return step.value;
  } finally {
    asked = before;
  }
}

export function* rows<Row>(sql: string, ...values: Value[]): Work<Row[]> {
  const answer = asked === undefined ? yield {sql, values} : asked({sql, values});
  return answer.rows as Row[];
}

export function* row<Row>(sql: string, ...values: Value[]): Work<Row | undefined> {
  const answer = asked === undefined ? yield {sql, values} : asked({sql, values});
  return answer.rows[0] as Row | undefined;
}

export function* run(sql: string, ...values: Value[]): Work<void> {
  if (asked === undefined) yield {sql, values, isBlind: true};
  else asked({sql, values});
}

/** How many rows it changed. */
export function* runCounted(sql: string, ...values: Value[]): Work<number> {
  const answer = asked === undefined ? yield {sql, values} : asked({sql, values});
  return answer.changes;
}

export function* hold(db: Db, key: string): Work<void> {
  if (db.held === undefined || db.held.has(key)) return;
  yield {sql: holdKey, values: [key]};
  db.held.add(key);
}
