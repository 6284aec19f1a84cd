import {channelList} from '../../core/consent.ts';
import type {Reason} from '../../core/message.ts';
import type {NewAudit} from '../audit.ts';
import type {ConsentFilter, ConsentRecord, NewConsent} from '../consent.ts';
import type {MessageRow} from '../rows.ts';
import * as sql from '../sql-consent.ts';
import {dropConsent} from '../sql-forget.ts';
import {type Db, rows, run, type Work} from '../work.ts';
import {audit} from './audit.ts';
import {toCursor} from './look.ts';
import {lastWord, namesOf} from './names.ts';

export interface ConsentRow {
  cursor: number;
  list: string;
  phone: string;
  state: ConsentRecord['state'];
  at: number;
  source: ConsentRecord['source'];
  detail: string;
  after_seq: number;
  pass_until: number | null;
  pass_message: number | null;
  /** When it was said again, if it was. */
  said_at: number | null;
}

/** How many changed anything. */
export function* setConsent(db: Db, entries: NewConsent[], entry?: NewAudit): Work<number> {
  let changed = 0;
  for (const one of entries) if (yield* setOne(db, one)) changed += 1;
  if (entry !== undefined) yield* audit(db, {...entry, done: changed});
  return changed;
}

export function* consents(
  db: Db,
  {phone, list, state, history, limit, before}: ConsentFilter,
): Work<{consents: ConsentRecord[]; next: string | undefined}> {
  const cursor = before === undefined ? Number.MAX_SAFE_INTEGER : toCursor(before);
  const all = history ? sql.consentEvents : sql.consents;
  const ofPhone = history ? sql.consentEventsOfPhone : sql.consentsOfPhone;
  const found: ConsentRow[] = [];
  for (const name of phone === undefined ? [null] : namesOf(db, phone)) {
    const statement = name === null ? all : ofPhone;
    found.push(...(yield* rows<ConsentRow>(statement, cursor, name, list ?? null, state ?? null, limit)));
  }
  found.sort((one, other) => other.cursor - one.cursor);
  found.splice(limit);
  const last = found.at(-1);
  return {
    consents: found.map(toRecord),
    next: found.length < limit || last === undefined ? undefined : String(last.cursor),
  };
}

/** A carrier takes nothing for this phone from this sender, because it said so there. */
export function* noteRefusal(db: Db, message: MessageRow, reason: Reason): Work<void> {
  const list = channelList(message.platform, message.channel);
  const detail = {messageId: message.id, carrier: message.carrier, reason: reason.message};
  yield* setOne(db, {list, phone: message.phone, state: 'out', source: 'carrier', detail});
}

/**
 * False: it was so already, or a later word stands. A word said now is the last one, whatever a clock that was wrong has written beside the one before.
 * Who is out and says so again has said it later: nothing from before then brings the phone in.
 */
export function* setOne(db: Db, entry: NewConsent, afterSeq = 0): Work<boolean> {
  const {list, phone, state, source} = entry;
  const at = Math.min(entry.at ?? db.now, db.now);
  const before = yield* lastWord(db, list, phone);
  const saidAt = before === undefined ? 0 : saidAtOf(before);
  if (before?.state === state) {
    if (state === 'out' && at > saidAt) yield* run(sql.sayAgain, list, before.phone, at);
    return false;
  }
  if (entry.at !== undefined && saidAt > at) return false;
  const detail = JSON.stringify(entry.detail);
  if (before !== undefined && before.phone !== phone) yield* run(dropConsent, list, before.phone);
  yield* run(sql.setConsent, list, phone, state, at, source, detail, afterSeq);
  yield* run(sql.insertConsentEvent, list, phone, state, at, source, detail);
  return true;
}

/** When it was said last. */
export function saidAtOf({at, said_at: saidAt}: Pick<ConsentRow, 'at' | 'said_at'>): number {
  return Math.max(at, saidAt ?? 0);
}

function toRecord({list, phone, state, at, source, detail}: ConsentRow): ConsentRecord {
  return {list, phone, state, at, source, detail: JSON.parse(detail)};
}
