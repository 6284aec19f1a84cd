import type {MessageRow} from '../rows.ts';
import {toJobId} from '../rows.ts';
import {messageBySeq} from '../sql.ts';
import {pruneAudit} from '../sql-audit.ts';
import {pruneForgotten} from '../sql-forget.ts';
import {pruneSpent} from '../sql-guards.ts';
import * as sql from '../sql-prune.ts';
import type {Retention} from '../store.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';
import {copyWindowMs} from './accept-inbound.ts';
import {holdMessage} from './hold.ts';
import {endJob} from './lane.ts';
import {type ForEach, oneByOne} from './set-aside.ts';

/** A platform may deliver one text again for this long, whatever the retention. */
export const dedupeMs = 604_800_000;

/** @param forEach carries out the same for each of these */
export function* prune(db: Db, rules: Retention, forEach: ForEach = oneByOne): Work<boolean> {
  const {allMs, limit} = rules;
  const texts = yield* endedTexts(db, rules);
  const gone = yield* rows<{seq: number}>(sql.endedBefore, db.now - allMs, limit);
  const all = new Set([...texts, ...gone].map(({seq}) => seq));
  yield* forEach(db, [...all], (own, seq) => pruneOne(own, seq, rules));
  const small = yield* pruneSmall(db, rules);
  return texts.length === limit || gone.length === limit || small;
}

/** Walks forward through what has ended; the place it has reached is kept, so that no step looks at the same row again. */
function* endedTexts(db: Db, {textMs, limit}: Retention): Work<Array<{seq: number}>> {
  const at = (yield* row<{value: number}>(sql.meta, 'texts_pruned_at'))?.value ?? 0;
  const seq = (yield* row<{value: number}>(sql.meta, 'texts_pruned_seq'))?.value ?? 0;
  const ended = yield* rows<{seq: number; ended_at: number}>(sql.endedAfter, at, seq, db.now - textMs, limit);
  const last = ended.at(-1);
  if (last === undefined) return [];
  yield* run(sql.setMeta, 'texts_pruned_at', last.ended_at);
  yield* run(sql.setMeta, 'texts_pruned_seq', last.seq);
  return ended;
}

/** It may have come back meanwhile: a job without its text would hold up its whole queue. */
function* pruneOne(db: Db, seq: number, {textMs, allMs}: Retention): Work<void> {
  yield* holdMessage(db, seq);
  const message = yield* row<MessageRow>(messageBySeq, seq);
  if (message === undefined || message.ended_at === null) return;
  if (message.ended_at <= db.now - allMs) yield* forget(db, message);
  else if (message.ended_at <= db.now - textMs) yield* run(sql.deletePayload, seq);
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
