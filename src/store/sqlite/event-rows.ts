import type Database from 'better-sqlite3';
import type {Value} from '../work.ts';

/**
 * Events of a transaction, written many at a time: a statement costs more than its row. Whoever asks for events, and whoever commits, has them
 * written first.
 */
export interface EventRows {
  add(values: readonly Value[]): void;
  write(): void;
  /** They were rolled back. */
  drop(): void;
}

const columns = '(message, n, at, event, detail)';
const columnCount = 5;
const sizes = [32, 8, 1] as const;

/** Does this statement read or write the table of events? */
export function isAboutEvents(sql: string): boolean {
  return /\b(?:from|into|join|update)\s+event\b/.test(sql);
}

export function createEventRows(database: Database.Database): EventRows {
  const statements = sizes.map(size => ({size, statement: database.prepare(toInsert(size))}));
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
        for (; rows.length - from >= size * columnCount; from += size * columnCount) {
          statement.run(rows.slice(from, from + size * columnCount));
        }
      }
    },
    drop() {
      waiting = [];
    },
  };
}

function toInsert(rows: number): string {
  return `insert into event ${columns} values ${Array(rows).fill('(?, ?, ?, ?, ?)').join(', ')}`;
}
