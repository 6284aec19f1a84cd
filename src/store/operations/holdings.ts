import type {PhoneHoldings} from '../privacy.ts';
import type {JobRow} from '../rows.ts';
import * as sql from '../sql-forget.ts';
import {type Db, row, rows, type Work} from '../work.ts';

type Counted = Pick<JobRow, 'kind' | 'state'> & {count: number};

export function* holdings({vault}: Db, phone: string): Work<PhoneHoldings> {
  const messages = yield* row<{messages: number; without_receipt: number}>(sql.countMessages, phone);
  const jobs = yield* rows<Counted>(sql.countJobs, phone);
  const add = (fits: (job: Counted) => boolean) => jobs.filter(fits).reduce((sum, {count}) => sum + count, 0);
  let hashedConsents = 0;
  for (const name of vault.namesOf(phone)) hashedConsents += yield* count(sql.countConsents, name);
  return {
    messages: messages?.messages ?? 0,
    texts: yield* count(sql.countTexts, phone),
    deadLetters: yield* count(sql.countDeadLettersOf, phone),
    waiting: add(({kind, state}) => kind === 'outbound' && state !== 'leased'),
    underWay: add(({state}) => state === 'leased'),
    receiptsOwed: add(({kind, state}) => kind === 'receipt' && state !== 'leased'),
    withoutReceipt: messages?.without_receipt ?? 0,
    parkedReceipts: yield* count(sql.countParked, toSearched(phone)),
    parts: yield* count(sql.countParts, phone.replace(/^\+/, '')),
    consents: yield* count(sql.countConsents, phone),
    hashedConsents,
    orders: (yield* row(sql.orderOf, phone)) === undefined ? 0 : 1,
  };
}

/** What stands for a phone in words of others: its digits, or a short one as JSON has it, lest it be found in every number. */
export function toSearched(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.length < 7 ? JSON.stringify(phone) : digits;
}

function* count(statement: string, value: string): Work<number> {
  return (yield* row<{count: number}>(statement, value))?.count ?? 0;
}
