import type {DeadLetterCount, DeadLetterFilter, DeadLetterPage} from '../dead-letters.ts';
import type {DeadLetter} from '../store.ts';
import {type Db, row, rows, type Value, type Work} from '../work.ts';
import {toCursor} from './look.ts';

/** What one step may read: a filter that fits nothing must not hold up those who write. */
const windowSize = 10_000;

const edges = `select coalesce(min(id), 0) as first, coalesce(max(id), 0) as last from dead_letter`;
const columns = `
  d.id as cursor, m.id as message_id, d.reason, d.at, m.platform, m.channel, d.detail, m.carrier, m.direction, m.priority, m.state`;

/** Where each condition is looked up; only these fixed words become part of a statement. */
const conditions = {
  reason: 'd.reason =',
  platform: 'm.platform =',
  channel: 'm.channel =',
  carrier: 'm.carrier =',
  direction: 'm.direction =',
  priority: 'm.priority =',
  phone: 'm.phone =',
  state: 'm.state =',
  since: 'd.at >=',
  until: 'd.at <',
} satisfies Record<keyof DeadLetterFilter, string>;

interface DeadLetterRow extends Omit<DeadLetter, 'messageId' | 'cursor'> {
  cursor: number;
  message_id: string;
}

/** One step: `next` is set while there is more to look at, whether or not the page is full. The newest first. */
export function* deadLetters(
  _db: Db,
  {limit, before, ...filter}: DeadLetterPage,
): Work<{deadLetters: DeadLetter[]; next: string | undefined}> {
  const {from, after, first} = yield* toWindow(before);
  const {fitting, values} = toConditions(filter, from, after);
  const statement = `select ${columns} ${fitting} order by d.id desc limit $${values.length + 1}`;
  const found = yield* rows<DeadLetterRow>(statement, ...values, limit);
  const last = found.length < limit ? after + 1 : found.at(-1)?.cursor;
  return {
    deadLetters: found.map(({cursor, message_id: messageId, ...letter}) => ({
      messageId,
      cursor: String(cursor),
      ...letter,
    })),
    next: last === undefined || last <= first ? undefined : String(last),
  };
}

/** One step of counting. */
export function* countDeadLetters(
  _db: Db,
  {before, ...filter}: DeadLetterCount,
): Work<{count: number; next: string | undefined}> {
  const {from, after, first} = yield* toWindow(before);
  const {fitting, values} = toConditions(filter, from, after);
  const counted = yield* row<{count: number}>(`select cast(count(*) as integer) as count ${fitting}`, ...values);
  return {count: counted?.count ?? 0, next: after < first ? undefined : String(after + 1)};
}

function* toWindow(before: string | undefined): Work<{from: number; after: number; first: number}> {
  const {first, last} = (yield* row<{first: number; last: number}>(edges)) ?? {first: 0, last: 0};
  const from = Math.min(last + 1, before === undefined ? Number.MAX_SAFE_INTEGER : toCursor(before));
  return {from, after: Math.max(first - 1, from - windowSize - 1), first};
}

function toConditions(filter: DeadLetterFilter, from: number, after: number): {fitting: string; values: Value[]} {
  const values: Value[] = [from, after];
  const fitting = Object.entries(conditions).flatMap(([name, condition]) => {
    const value = filter[name as keyof DeadLetterFilter];
    if (value === undefined) return [];
    values.push(value);
    return [`and ${condition} $${values.length}`];
  });
  const joined = 'from dead_letter d join message m on m.seq = d.message where d.id < $1 and d.id > $2';
  return {fitting: `${joined} ${fitting.join(' ')}`, values};
}
