import type {Resealed} from '../privacy.ts';
import * as sql from '../sql-forget.ts';
import {keyMarks, meta} from '../sql-prune.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {tidyOwed} from './forget.ts';
import {holdPhone} from './hold.ts';

interface PayloadRow {
  seq: number;
  id: string;
  phone: string;
}

/** What is under way may be read or dropped meanwhile; that nobody replaces it is seen to by its phone. */
export function* reseal(db: Db, after: number, limit: number): Work<Resealed> {
  const found = yield* rows<PayloadRow>(sql.payloadsAfter, after, limit);
  let changed = 0;
  for (const payload of found) if (yield* resealOne(db, payload)) changed += 1;
  const last = found.at(-1);
  if (last !== undefined && found.length === limit) return {changed, next: last.seq};
  yield* forgetKeys(db);
  return {changed, next: undefined};
}

function* resealOne(db: Db, {seq, id, phone}: PayloadRow): Work<boolean> {
  yield* holdPhone(db, phone === '' ? id : phone);
  const stored = yield* row<{body: string | null; raw: string | null}>(sql.payloadOf, seq);
  if (stored === undefined) return false;
  const {vault} = db;
  const again = (value: string | null, of: string) =>
    value === null || vault.isCurrent(value) ? value : vault.seal(vault.open(value, of), of);
  const [body, raw] = [again(stored.body, `${id} body`), again(stored.raw, `${id} raw`)];
  if (body === stored.body && raw === stored.raw) return false;
  yield* run(sql.setPayload, seq, body, raw);
  return true;
}

/** Nothing is under the other keys any more; parts of long texts, which live for minutes, keep theirs. */
function* forgetKeys({vault}: Db): Work<void> {
  if ((yield* row(sql.sealedPart)) !== undefined) return;
  for (const {key: name} of yield* rows<{key: string}>(keyMarks)) {
    if (name.startsWith('text key ') && name !== vault.sealing?.name) yield* run(sql.deleteMeta, name);
  }
}

export function* isTidyOwed(_db: Db): Work<boolean> {
  return (yield* row(meta, tidyOwed)) !== undefined;
}

/** In the files too it is gone. */
export function* tidied(_db: Db): Work<void> {
  yield* run(sql.deleteMeta, tidyOwed);
}
