import type {MessageRow} from '../rows.ts';
import {toJobId} from '../rows.ts';
import {pruneAudit} from '../sql-audit.ts';
import {pruneForgotten} from '../sql-forget.ts';
import {pruneSpent} from '../sql-guards.ts';
import * as sql from '../sql-prune.ts';
import type {Retention} from '../store.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';
import {copyWindowMs} from './accept-inbound.ts';
import {endJob} from './lane.ts';

/** A platform may deliver one text again for this long, whatever the retention. */
export const dedupeMs = 604_800_000;

export function* prune(db: Db, rules: Retention): Work<boolean> {
  const texts = yield* pruneTexts(db, rules);
  const messages = yield* pruneMessages(db, rules);
  const small = yield* pruneSmall(db, rules);
  return texts || messages || small;
}

/** Walks forward through what has ended; the place it has reached is kept, so that no step looks at the same row again. */
function* pruneTexts(db: Db, {textMs, limit}: Retention): Work<boolean> {
  const at = (yield* row<{value: number}>(sql.meta, 'texts_pruned_at'))?.value ?? 0;
  const seq = (yield* row<{value: number}>(sql.meta, 'texts_pruned_seq'))?.value ?? 0;
  const ended = yield* rows<{seq: number; ended_at: number}>(sql.endedAfter, at, seq, db.now - textMs, limit);
  for (const message of ended) yield* run(sql.deletePayload, message.seq);
  const last = ended.at(-1);
  if (last === undefined) return false;
  yield* run(sql.setMeta, 'texts_pruned_at', last.ended_at);
  yield* run(sql.setMeta, 'texts_pruned_seq', last.seq);
  return ended.length === limit;
}

function* pruneMessages(db: Db, {allMs, limit}: Retention): Work<boolean> {
  const ended = yield* rows<MessageRow>(sql.endedBefore, db.now - allMs, limit);
  for (const message of ended) yield* forget(db, message);
  return ended.length === limit;
}

export function* forget(db: Db, {seq, id, accepted_at: acceptedAt}: MessageRow): Work<void> {
  const until = acceptedAt + dedupeMs;
  if (until > db.now) yield* run(sql.insertDedupe, id, until);
  yield* endJob(db, toJobId(seq, 'receipt'));
  // Elsewhere a sequence gives out the numbers, each once.
  if (db.held === undefined) yield* run(sql.keepLastNumber, seq);
  for (const statement of sql.forgetMessage) yield* run(statement, seq);
}

function* pruneParked({now, ledger}: Db, parkedReceiptMs: number, limit: number): Work<number> {
  const orphans = yield* rows<{carrier: string}>(sql.pruneParked, now - parkedReceiptMs, limit);
  for (const {carrier} of orphans) ledger.receipts.add(carrier, 'orphaned');
  ledger.addParked(-orphans.length);
  return orphans.length;
}

function* pruneSmall(db: Db, {parkedReceiptMs, allMs, auditMs, limit}: Retention): Work<boolean> {
  const copies = db.now - copyWindowMs;
  const deleted: number[] = [
    yield* pruneParked(db, parkedReceiptMs, limit),
    yield* runCounted(sql.pruneFingerprints, copies, limit),
    yield* runCounted(sql.pruneJoinedParts, copies, limit),
    yield* runCounted(sql.pruneHeard, db.now - allMs, limit),
    yield* runCounted(sql.pruneDedupe, db.now, limit),
    yield* runCounted(pruneForgotten, db.now, limit),
    yield* runCounted(pruneSpent, db.now - allMs, limit),
    yield* runCounted(pruneAudit, db.now - auditMs, limit),
  ];
  return deleted.some(count => count === limit);
}
