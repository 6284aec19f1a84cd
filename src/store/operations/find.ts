import {toIdCandidates} from '../../core/carrier-id.ts';
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
  const isLast = found.length < filter.limit && (yield* isBefore(after, filter.since));
  const last = found.length < filter.limit ? after + 1 : found.at(-1)?.seq;
  return {messages, next: isLast || last === undefined || last <= 1 ? undefined : String(last)};
}

function* toBefore({before}: MessageFilter): Work<number> {
  if (before !== undefined) return toCursor(before);
  return ((yield* row<{seq: number}>(peopleSql.lastSeq))?.seq ?? 0) + 1;
}

/** Messages stand in the order they were accepted: below this one none is as young as asked for. */
function* isBefore(seq: number, since: number | undefined): Work<boolean> {
  if (since === undefined) return false;
  const below = yield* row<{accepted_at: number}>(peopleSql.acceptedUpTo, seq);
  return below === undefined || below.accepted_at < since;
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
  for (const [bound, value] of [
    ['>=', filter.since],
    ['<', filter.until],
  ] as const) {
    if (value !== undefined) conditions.push(`and accepted_at ${bound} $${values.push(value)}`);
  }
  if (filter.carrierMessageId !== undefined) {
    const keys = toIdCandidates(filter.carrierMessageId).map(({key}) => `$${values.push(key)}`);
    conditions.push(`and seq in (select message from segment where id_key in (${keys.join(', ')}))`);
  }
  const statement = `select * from message where seq < $1 and seq > $2 ${conditions.join(' ')} order by seq desc limit $3`;
  return {statement, values};
}
