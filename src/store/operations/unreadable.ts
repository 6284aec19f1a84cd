import {isWrittenIn} from '../../core/written-phone.ts';
import * as sql from '../sql-forget.ts';
import {type Db, rows, type Work} from '../work.ts';
import {rawOf} from './payload.ts';

/** What stands for a phone in words of others: its digits, or a short one as JSON has it, lest it be found in every number. */
export function toSearched(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.length < 7 ? JSON.stringify(phone) : digits;
}

interface Unreadable {
  id: string;
  webhook: string;
}

/** One step through the webhooks nobody could read: those with the number in them; `last`: where the next step begins. */
export function* findUnreadable(
  db: Db,
  phone: string,
  before: number,
  limit: number,
): Work<{found: Unreadable[]; last: number | undefined}> {
  const looked = yield* rows<{id: string; seq: number}>(sql.unreadableBefore, before, limit);
  const found: Unreadable[] = [];
  for (const {id, seq} of looked) {
    const webhook = yield* rawOf(db, {seq, id});
    if (webhook !== undefined && isWrittenIn(webhook, toSearched(phone))) found.push({id, webhook});
  }
  return {found, last: looked.length === limit ? looked.at(-1)?.seq : undefined};
}

export function* allUnreadable(db: Db, phone: string): Work<Unreadable[]> {
  const all: Unreadable[] = [];
  let before: number | undefined = Number.MAX_SAFE_INTEGER;
  while (before !== undefined) {
    const step: {found: Unreadable[]; last: number | undefined} = yield* findUnreadable(db, phone, before, 200);
    all.push(...step.found);
    before = step.last;
  }
  return all;
}
