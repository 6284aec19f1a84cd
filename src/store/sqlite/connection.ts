import type Database from 'better-sqlite3';
import type {Tidied} from '../privacy.ts';
import {type Answer, driveAtOnce, type Query, type Work} from '../work.ts';
import {forms} from './forms.ts';
import {createGatheredRows, type GatheredRows} from './gathered-rows.ts';

interface Prepared {
  /** Where rows of it wait to be written together, if they may. */
  rows: GatheredRows | undefined;
  statement: Database.Statement;
  isReader: boolean;
  order: number[];
  /** The values come as they are bound. */
  isInOrder: boolean;
  /** The column that has the number a new row was given, where that is all it returns. */
  numbered: string | undefined;
  /** What has to be written before it, */
  about: readonly GatheredRows[];
  /** and what has only if it holds what is asked for by `$1`. */
  aboutKey: readonly GatheredRows[];
}

export interface Connection {
  /** Drives an operation to its end. */
  drive<Result>(work: Work<Result>): Result;
  transaction<Result>(body: () => Result): Result;
  /** How many rows were changed since it was opened. */
  changes(): number;
  /** Outside of a transaction: moves what the WAL holds into the file, and writes the file anew if it is small or `rewrite` says so. */
  tidy(rewrite: boolean): Tidied;
}

export function createConnection(database: Database.Database): Connection {
  const prepared = new Map<string, Prepared>();
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  const rollback = database.prepare('rollback');
  const changes = database.prepare('select total_changes()').pluck();
  const gathered = createGatheredRows(database);
  const all = [...gathered.values()];
  let isInTransaction = false;

  function execute({sql, values}: Query): Answer {
    const {rows, statement, isReader, order, isInOrder, numbered, about, aboutKey} = prepared.get(sql) ?? prepare(sql);
    if (rows !== undefined && isInTransaction) {
      rows.add(values);
      return {rows: [], changes: 1};
    }
    for (const each of about) each.write();
    for (const each of aboutKey) if (each.holds(values[0])) each.write();
    const bound = isInOrder ? values : order.map(index => values[index]);
    if (isReader) return {rows: statement.all(...bound), changes: 0};
    if (numbered !== undefined)
      return {rows: [{[numbered]: Number(statement.run(...bound).lastInsertRowid)}], changes: 1};
    return {rows: [], changes: statement.run(...bound).changes};
  }

  function prepare(sql: string): Prepared {
    const {insert, numbered} = toNumbered(forms.get(sql) ?? sql);
    const {text, order} = toPositional(insert);
    const isInOrder = order.every((index, position) => index === position);
    const about = all.filter(rows => rows.sees(sql) === 'any');
    const aboutKey = all.filter(rows => rows.sees(sql) === 'by key');
    const statement = database.prepare(text);
    const rows = gathered.get(sql);
    const fresh = {rows, statement, isReader: statement.reader, order, isInOrder, numbered, about, aboutKey};
    prepared.set(sql, fresh);
    return fresh;
  }

  function writeAll(): void {
    for (const rows of all) rows.write();
  }

  return {
    drive: work => driveAtOnce(work, execute),
    changes: () => {
      writeAll();
      return Number(changes.get());
    },
    transaction: body => {
      begin.run();
      isInTransaction = true;
      try {
        const result = body();
        writeAll();
        commit.run();
        return result;
      } catch (error) {
        for (const rows of all) rows.drop();
        if (database.inTransaction) rollback.run();
        throw error;
      } finally {
        isInTransaction = false;
      }
    },
    tidy: rewrite => {
      const bytes = read(database, 'page_count') * read(database, 'page_size');
      const isRewritten = rewrite || bytes <= mostBytes;
      // Deleted cells are overwritten, but not what a page kept of cells that moved to another one when it was split.
      if (isRewritten) database.exec('vacuum');
      return {isClean: checkpoint(database) && isRewritten, bytes};
    },
  };
}

/** Written anew in a second or two, while everybody waits. */
const mostBytes = 134_217_728;

function read(database: Database.Database, name: string): number {
  return Number(database.pragma(name, {simple: true}));
}

/** False: somebody else reads the file, and the WAL keeps what it holds. */
function checkpoint(database: Database.Database): boolean {
  return Number(database.pragma('wal_checkpoint(truncate)', {simple: true})) === 0;
}

/** What a new row is called SQLite says anyhow; a `returning` would gather it in a table of its own first. */
export function toNumbered(sql: string): {insert: string; numbered?: string} {
  const [, insert, numbered] = /^(\s*insert into (?:(?!on conflict)[\s\S])*?)\s+returning (seq|id)\s*$/.exec(sql) ?? [];
  return insert === undefined || numbered === undefined ? {insert: sql} : {insert, numbered};
}

/**
 * `$2 … $1` to `+? … +?` and the order of the values. A bare `?` that the planner compares with a literal (of a partial index, of an `order by`)
 * makes SQLite prepare the statement again at each new value (sqlite3VdbeSetVarmask; there is no pragma for SQLITE_DBCONFIG_ENABLE_QPSG);
 * behind a unary plus, which changes nothing else, it does not look.
 */
export function toPositional(sql: string): {text: string; order: number[]} {
  const order: number[] = [];
  const text = sql.replace(/\$(\d+)/g, (_, number: string) => {
    order.push(Number(number) - 1);
    return '+?';
  });
  return {text, order};
}
