import {toIdCandidates} from '../../core/carrier-id.ts';
import type {MessageRow} from '../rows.ts';
import * as sql from '../sql.ts';
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

/** Those with an index of their own first, the most telling at the front; of states only troubles have one. */
const columns = ['phone', 'state', 'channel', 'platform', 'carrier', 'direction'] as const;
const calmColumns = ['phone', 'channel', 'platform', 'carrier', 'direction', 'state'] as const;
const firstCondition = 4;

export function* find(_db: Db, filter: MessageFilter): Work<FoundStep> {
  if (filter.carrierMessageId !== undefined) return yield* findByCarrierId(filter.carrierMessageId, filter);
  const {since, until} = filter;
  const before = Math.min(
    yield* toBefore(filter),
    until === undefined ? Number.MAX_SAFE_INTEGER : yield* firstAt(until),
  );
  const floor = since === undefined ? 0 : (yield* firstAt(since)) - 1;
  const after = isPhoneAlone(filter) ? floor : Math.max(floor, before - windowSize - 1);
  const {statement, values} = toStatement(filter, before, after);
  const found = yield* rows<MessageRow>(statement, ...values);
  const last = found.length < filter.limit ? after + 1 : found.at(-1)?.seq;
  const next = last === undefined || last <= floor + 1 ? undefined : String(last);
  return {messages: yield* toRecords(found), next};
}

/** Its index holds nothing but what is looked for: it may be followed as far as the page needs. */
function isPhoneAlone(filter: MessageFilter): boolean {
  return filter.phone !== undefined && columns.every(column => column === 'phone' || filter[column] === undefined);
}

function* toBefore({before}: MessageFilter): Work<number> {
  if (before !== undefined) return toCursor(before);
  return ((yield* row<{seq: number}>(peopleSql.lastSeq))?.seq ?? 0) + 1;
}

/** The first message accepted at this time or later, by halving: messages are numbered as they come. */
export function* firstAt(at: number): Work<number> {
  let low = 1;
  let high = ((yield* row<{seq: number}>(peopleSql.lastSeq))?.seq ?? 0) + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = yield* row<{seq: number; accepted_at: number}>(peopleSql.messageFrom, middle);
    if (found === undefined || found.accepted_at >= at) high = middle;
    else low = found.seq + 1;
  }
  return low;
}

/** The first condition is looked up by its index, the others are checked on what that finds; only fixed names become part of the statement. */
function toStatement(filter: MessageFilter, before: number, after: number): {statement: string; values: Value[]} {
  const values: Value[] = [before, after, filter.limit];
  const isTroubled = peopleSql.troubles.some(state => state === filter.state);
  const conditions = (isTroubled ? columns : calmColumns).flatMap(column => {
    const value = filter[column];
    if (value === undefined) return [];
    values.push(value);
    const isFirst = values.length === firstCondition;
    const condition = `and ${isFirst ? column : `coalesce(${column}, '')`} = $${values.length}`;
    return isTroubled && isFirst && column === 'state' ? [`and ${peopleSql.isTroubled}`, condition] : [condition];
  });
  const statement = `select * from message where seq < $1 and seq > $2 ${conditions.join(' ')} order by seq desc limit $3`;
  return {statement, values};
}

/** One carrier's id stands for few messages: they come on one page. */
function* findByCarrierId(id: string, filter: MessageFilter): Work<FoundStep> {
  const [own = '', second = own, third = own] = toIdCandidates(id).map(({key}) => key);
  const found = yield* rows<{message: number}>(peopleSql.messagesByKey, own, second, third);
  const messages: MessageRow[] = [];
  for (const {message} of found) {
    const candidate = yield* row<MessageRow>(sql.messageBySeq, message);
    if (candidate !== undefined && fits(candidate, filter)) messages.push(candidate);
  }
  return {messages: yield* toRecords(messages.slice(0, filter.limit)), next: undefined};
}

function fits(message: MessageRow, filter: MessageFilter): boolean {
  const {since = 0, until = Number.POSITIVE_INFINITY} = filter;
  const isInTime = message.accepted_at >= since && message.accepted_at < until;
  return isInTime && columns.every(column => filter[column] === undefined || filter[column] === message[column]);
}

function* toRecords(found: readonly MessageRow[]): Work<MessageRecord[]> {
  const messages: MessageRecord[] = [];
  for (const message of found) messages.push(yield* toRecord(message));
  return messages;
}
