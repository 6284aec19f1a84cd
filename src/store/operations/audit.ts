import {type AuditRecord, type NewAudit, toAuditTarget} from '../../core/audit.ts';
import type {AuditFilter} from '../audit.ts';
import * as sql from '../sql-audit.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {toCursor} from './look.ts';

interface AuditRow {
  id: number;
  at: number;
  actor: string;
  via: AuditRecord['by']['via'];
  action: AuditRecord['action'];
  target: string;
  outcome: string;
  before_count: number | null;
  done_count: number | null;
  after_count: number | null;
}

/** In the transaction of what was done, by the operation that did it. */
export function* audit(db: Db, entry: NewAudit): Work<string> {
  const {by, action, target, outcome = 'done', before = null, done = null, after = null} = entry;
  const what = [by.name, by.via, action, toAuditTarget(target), outcome];
  const inserted = yield* row<{id: number}>(sql.insertAudit, db.now, ...what, before, done, after);
  if (inserted === undefined) throw new Error(`the audit of ${action} was not written`);
  return String(inserted.id);
}

/** For operations that may be asked by the gateway itself as well; `outcome` of what changed nothing is `nothing`. */
export function* auditIf(db: Db, entry: NewAudit | undefined, changed: boolean): Work<void> {
  if (entry !== undefined) yield* audit(db, changed ? entry : {...entry, outcome: 'nothing'});
}

/** One step of something long: counted in the transaction of the step. */
export function* addDone(id: string | undefined, count: number): Work<void> {
  if (id !== undefined && count > 0) yield* run(sql.addDone, toCursor(id), count);
}

export function* endAudit(_db: Db, id: string, outcome: string, after?: number): Work<void> {
  yield* run(sql.endAudit, toCursor(id), outcome, after ?? null);
}

export function* audits(_db: Db, filter: AuditFilter): Work<{audits: AuditRecord[]; next: string | undefined}> {
  const {action = null, actor = null, since = 0, until = Number.MAX_SAFE_INTEGER, limit, before} = filter;
  const cursor = before === undefined ? Number.MAX_SAFE_INTEGER : toCursor(before);
  const found = yield* rows<AuditRow>(sql.audits, cursor, action, actor, since, until, limit);
  const last = found.at(-1);
  return {
    audits: found.map(toRecord),
    next: found.length < limit || last === undefined ? undefined : String(last.id),
  };
}

function toRecord(found: AuditRow): AuditRecord {
  const {id, at, actor: name, via, action, target, outcome} = found;
  const {before_count: before, done_count: done, after_count: after} = found;
  return {
    id: String(id),
    at,
    by: {name, via},
    action,
    target: JSON.parse(target),
    outcome,
    ...(before !== null && {before}),
    ...(done !== null && {done}),
    ...(after !== null && {after}),
  };
}
