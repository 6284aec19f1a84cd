import type {MessageRow} from '../rows.ts';
import * as peopleSql from '../sql-people.ts';
import type {MessageFilter, MessageRecord} from '../store.ts';
import {type Db, row, rows, type Value, type Work} from '../work.ts';
import {toCursor, toRecord} from './look.ts';

/** What one step may read: a filter that fits nothing must not hold up those who write. */
const windowSize = 50_000;

/** One step of a search: `next` is set while there is more to look at, whether or not the page is full. */
export interface FoundStep {
  messages: MessageRecord[];
  next: string | undefined;
}

/** Those with an index of their own first, the most telling at the front. */
const columns = ['phone', 'state', 'channel', 'platform', 'carrier', 'direction'] as const;
const firstCondition = 4;

export function* find(_db: Db, filter: MessageFilter): Work<FoundStep> {
  const before = yield* toBefore(filter);
  const after = Math.max(0, before - windowSize - 1);
  const {statement, values} = toStatement(filter, before, after);
  const found = yield* rows<MessageRow>(statement, ...values);
  const messages: MessageRecord[] = [];
  for (const message of found) messages.push(yield* toRecord(message));
  const last = found.length < filter.limit ? after + 1 : found.at(-1)?.seq;
  return {messages, next: last === undefined || last <= 1 ? undefined : String(last)};
}

function* toBefore({before}: MessageFilter): Work<number> {
  if (before !== undefined) return toCursor(before);
  return ((yield* row<{seq: number}>(peopleSql.lastSeq))?.seq ?? 0) + 1;
}

/** The first condition is looked up by its index, the others are checked on what that finds; only fixed names become part of the statement. */
function toStatement(filter: MessageFilter, before: number, after: number): {statement: string; values: Value[]} {
  const values: Value[] = [before, after, filter.limit];
  const conditions = columns.flatMap(column => {
    const value = filter[column];
    if (value === undefined) return [];
    values.push(value);
    const isFirst = values.length === firstCondition;
    return [`and ${isFirst ? column : `coalesce(${column}, '')`} = $${values.length}`];
  });
  const statement = `select * from message where seq < $1 and seq > $2 ${conditions.join(' ')} order by seq desc limit $3`;
  return {statement, values};
}
