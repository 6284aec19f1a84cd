import {type JobRow, type MessageRow, type SegmentRow, toMessageSeq} from '../rows.ts';
import * as sql from '../sql.ts';
import {meta, setMeta} from '../sql-prune.ts';
import * as restoreSql from '../sql-restore.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {addDeadLetter, addEvent} from './events.ts';
import {holdMessage} from './hold.ts';
import {endJob} from './lane.ts';

/**
 * A backup owes what was owed when it was made; most of that has left since, and nobody here knows what. So nothing of it leaves by itself: texts
 * become `unknown`, posts end, and each is a dead letter for a person to decide about. What is a text's fate may still come as a receipt.
 */

const textWords = 'it waited in a backup that was restored: it may have been sent since the backup was made';
const postWords = 'it waited in a backup that was restored: it may have been posted since the backup was made';
const stepSize = 500;

/** Carries out the same for each of these, in whatever way the engine has. */
export type ForEach = (db: Db, ids: readonly number[], one: (db: Db, id: number) => Work<void>) => Work<unknown>;

export function* oneByOne(db: Db, ids: readonly number[], one: (db: Db, id: number) => Work<void>): Work<void> {
  for (const id of ids) yield* one(db, id);
}

/** One step; how much it set aside, 0 at the end. From the back, so that none promotes what is about to end. */
export function* setAside(db: Db, forEach: ForEach): Work<number> {
  const jobs = yield* rows<{id: number}>(restoreSql.lastJobs, stepSize);
  if (jobs.length > 0) {
    yield* forEach(
      db,
      jobs.map(({id}) => id),
      setJobAside,
    );
    return jobs.length;
  }
  const watched = yield* rows<{seq: number}>(restoreSql.watched, stepSize);
  yield* forEach(
    db,
    watched.map(({seq}) => seq),
    setWatchAside,
  );
  if (watched.length === 0) yield* endRestore(db);
  return watched.length;
}

/** From here on what is held of long texts from phones counts as of the backup. */
function* endRestore(db: Db): Work<void> {
  yield* run(setMeta, 'restored_at', db.now);
  yield* run(setMeta, 'restored', 0);
}

export function* isRestored(): Work<boolean> {
  return ((yield* row<{value: number}>(meta, 'restored'))?.value ?? 0) === 1;
}

/** A part of this long text came before the backup was made: the text may have been posted since. */
export function* isOfBackup(carrier: string, group: string | undefined): Work<boolean> {
  return group !== undefined && (yield* row(restoreSql.partOfBackup, carrier, group)) !== undefined;
}

export function* endAsOfBackup(db: Db, seq: number): Work<void> {
  yield* run(sql.setState, seq, 'failed', db.now, 'policy', 'GeneralError', postWords, db.now, null);
  yield* addDeadLetter(db, seq, 'restored', postWords);
  yield* addEvent(db, seq, 'restored', {of: 'inbound'});
}

function* setJobAside(db: Db, id: number): Work<void> {
  yield* holdMessage(db, toMessageSeq(id));
  const job = yield* row<JobRow>(sql.jobById, id);
  const message = yield* row<MessageRow>(sql.messageBySeq, toMessageSeq(id));
  if (job === undefined || message === undefined) return;
  yield* endJob(db, id);
  if (job.kind === 'inbound') return yield* endAsOfBackup(db, message.seq);
  yield* addEvent(db, message.seq, 'restored', {of: job.kind});
  if (job.kind === 'receipt') yield* addDeadLetter(db, message.seq, 'restored_receipt', postWords);
  else yield* doubt(db, message);
}

/** Each segment that was not taken may have been; it may have left as soon as its text was accepted. */
function* doubt(db: Db, message: MessageRow): Work<void> {
  const {seq, cycle, carrier, accepted_at: acceptedAt} = message;
  const known = yield* rows<SegmentRow>(sql.segmentsOf, seq, cycle);
  const last = (yield* row<{attempt: number | null}>(sql.lastAttempt, seq))?.attempt ?? 0;
  const count = message.segments ?? Math.max(1, known.length);
  for (let index = 0; index < count; index += 1) {
    const segment = known.find(({idx}) => idx === index);
    if (segment !== undefined && segment.state !== 'idle' && segment.state !== 'started') continue;
    yield* run(restoreSql.doubtSegment, seq, cycle, index, segment?.attempt ?? last + 1, carrier, acceptedAt);
  }
  yield* run(sql.setUnended, seq, 'unknown', db.now, null);
  yield* addDeadLetter(db, seq, 'restored', textWords);
}

/** No policy acts on what it does not know: an `unknown` text waits for a person, of a sent one no receipt is expected any more. */
function* setWatchAside(db: Db, seq: number): Work<void> {
  yield* holdMessage(db, seq);
  const message = yield* row<MessageRow>(sql.messageBySeq, seq);
  if (message === undefined || message.watch_at === null) return;
  yield* addEvent(db, seq, 'restored', {of: message.state});
  if (message.state !== 'unknown') return void (yield* run(sql.setEnded, seq, db.now));
  yield* run(sql.setWatch, seq, null);
  yield* addDeadLetter(db, seq, 'restored', textWords);
}
