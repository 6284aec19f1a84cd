import type {PhoneHoldings} from '../privacy.ts';
import type {JobRow} from '../rows.ts';
import * as sql from '../sql-forget.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {allUnreadable, toSearched} from './unreadable.ts';

type Counted = Pick<JobRow, 'kind' | 'state'> & {count: number};

export function* holdings(db: Db, phone: string): Work<PhoneHoldings> {
  const messages = yield* row<{messages: number; without_receipt: number}>(sql.countMessages, phone);
  const jobs = yield* rows<Counted>(sql.countJobs, phone);
  const add = (fits: (job: Counted) => boolean) => jobs.filter(fits).reduce((sum, {count}) => sum + count, 0);
  let hashedConsents = 0;
  for (const name of db.vault.namesOf(phone)) hashedConsents += yield* count(sql.countConsents, name);
  return {
    messages: messages?.messages ?? 0,
    texts: yield* count(sql.countTexts, phone),
    deadLetters: yield* count(sql.countDeadLettersOf, phone),
    waiting: add(({kind, state}) => kind === 'outbound' && state !== 'leased'),
    underWay: add(({state}) => state === 'leased'),
    receiptsOwed: add(({kind, state}) => kind === 'receipt' && state !== 'leased'),
    withoutReceipt: messages?.without_receipt ?? 0,
    parkedReceipts: yield* count(sql.countParked, toSearched(phone)),
    unreadable: (yield* allUnreadable(db, phone)).length,
    parts: yield* count(sql.countParts, phone.replace(/^\+/, '')),
    consents: yield* count(sql.countConsents, phone),
    hashedConsents,
    orders: (yield* row(sql.orderOf, phone)) === undefined ? 0 : 1,
  };
}

function* count(statement: string, value: string): Work<number> {
  return (yield* row<{count: number}>(statement, value))?.count ?? 0;
}
