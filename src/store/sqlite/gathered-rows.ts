import type Database from 'better-sqlite3';
import {insertEvent, insertJob, insertLeasedJob, insertPayload} from '../sql.ts';
import {insertSegment} from '../sql-start.ts';
import type {Value} from '../work.ts';

/**
 * Rows of a transaction that nobody has to read at once, written many at a time: a statement costs more than its row. Whoever asks for rows of
 * their table, and whoever commits, has them written first; but for who asks by its key for one that is not among them.
 */
export interface GatheredRows {
  add(values: readonly Value[]): void;
  write(): void;
  /** They were rolled back. */
  drop(): void;
  /** What this statement reads or writes of their table: nothing, rows with `$1` for the first column of their key, any. */
  sees(sql: string): 'nothing' | 'by key' | 'any';
  /** Is one with this key among them? */
  holds(key: Value | undefined): boolean;
}

/** Each is `insert into <table> (<columns>) values ($1, …)`, its values in their order. */
const gathered = [insertEvent, insertPayload, insertJob, insertLeasedJob, insertSegment];
const sizes = [32, 8, 1] as const;

/** By the statement that would insert one of them. */
export function createGatheredRows(database: Database.Database): ReadonlyMap<string, GatheredRows> {
  return new Map(gathered.map(sql => [sql, createRows(database, sql)]));
}

function createRows(database: Database.Database, sql: string): GatheredRows {
  const {head, table, columns, key} = parse(sql);
  const about = new RegExp(`\\b(?:from|into|join|update)\\s+${table}\\b`, 'g');
  const byKey = new RegExp(`\\bwhere (?:\\w+\\.)?${key} = \\$1(?!\\d)(?: and |\\s+returning\\b|\\s*$)`);
  const statements = sizes.map(size => ({size, statement: database.prepare(toInsert(head, columns, size))}));
  let waiting: Value[] = [];
  const keys = new Set<Value | undefined>();

  return {
    add: values => {
      waiting.push(...values);
      keys.add(values[0]);
    },
    write() {
      if (waiting.length === 0) return;
      const rows = waiting;
      waiting = [];
      keys.clear();
      let from = 0;
      for (const {size, statement} of statements) {
        for (; rows.length - from >= size * columns; from += size * columns) {
          statement.run(...rows.slice(from, from + size * columns));
        }
      }
    },
    drop() {
      waiting = [];
      keys.clear();
    },
    sees(text) {
      const mentions = text.match(about)?.length ?? 0;
      if (mentions === 0) return 'nothing';
      return mentions === 1 && byKey.test(text) && !/\bor\b/.test(withoutParentheses(text)) ? 'by key' : 'any';
    },
    holds: key => keys.has(key),
  };
}

/** @returns `head`: all before the values; `key`: the first column */
function parse(sql: string): {head: string; table: string; columns: number; key: string} {
  const [, head = '', table = '', names = ''] = /^(\s*insert into (\w+) \(([\w,\s]+)\))\s+values/.exec(sql) ?? [];
  const columns = names.split(',').map(name => name.trim());
  return {head, table, columns: columns.length, key: columns[0] ?? ''};
}

function withoutParentheses(text: string): string {
  const less = text.replace(/\([^()]*\)/g, '');
  return less === text ? text : withoutParentheses(less);
}

function toInsert(head: string, columns: number, rows: number): string {
  const row = `(${Array(columns).fill('?').join(', ')})`;
  return `${head} values ${Array(rows).fill(row).join(', ')}`;
}
