import type Database from 'better-sqlite3';
import {insertEvent, insertJob, insertPayload} from '../sql.ts';
import type {Value} from '../work.ts';

/**
 * Rows of a transaction that nobody has to read at once, written many at a time: a statement costs more than its row. Whoever asks for rows of
 * their table, and whoever commits, has them written first.
 */
export interface GatheredRows {
  add(values: readonly Value[]): void;
  write(): void;
  /** They were rolled back. */
  drop(): void;
  /** Does this statement read or write their table? */
  isAbout(sql: string): boolean;
}

/** Each is `insert into <table> (<columns>) values ($1, …)`, its values in their order. */
const gathered = [insertEvent, insertPayload, insertJob];
const sizes = [32, 8, 1] as const;

/** By the statement that would insert one of them. */
export function createGatheredRows(database: Database.Database): ReadonlyMap<string, GatheredRows> {
  return new Map(gathered.map(sql => [sql, createRows(database, sql)]));
}

function createRows(database: Database.Database, sql: string): GatheredRows {
  const {head, table, columns} = parse(sql);
  const about = new RegExp(`\\b(?:from|into|join|update)\\s+${table}\\b`);
  const statements = sizes.map(size => ({size, statement: database.prepare(toInsert(head, columns, size))}));
  let waiting: Value[] = [];

  return {
    add: values => {
      waiting.push(...values);
    },
    write() {
      if (waiting.length === 0) return;
      const rows = waiting;
      waiting = [];
      let from = 0;
      for (const {size, statement} of statements) {
        for (; rows.length - from >= size * columns; from += size * columns) {
          statement.run(...rows.slice(from, from + size * columns));
        }
      }
    },
    drop() {
      waiting = [];
    },
    isAbout: text => about.test(text),
  };
}

/** @returns `head`: all before the values */
function parse(sql: string): {head: string; table: string; columns: number} {
  const [, head = '', table = '', names = ''] = /^(\s*insert into (\w+) \(([\w,\s]+)\))\s+values/.exec(sql) ?? [];
  return {head, table, columns: names.split(',').length};
}

function toInsert(head: string, columns: number, rows: number): string {
  const row = `(${Array(columns).fill('?').join(', ')})`;
  return `${head} values ${Array(rows).fill(row).join(', ')}`;
}
