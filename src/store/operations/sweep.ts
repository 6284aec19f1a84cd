import type {Priority} from '../../core/message.ts';
import {fitsText, type TextFilter} from '../../core/stop.ts';
import type {JobState} from '../rows.ts';
import {toJobId, toMessageSeq} from '../rows.ts';
import {lastSeq} from '../sql-people.ts';
import * as sql from '../sql-stop.ts';
import type {Purge, TextsCount, TextsStep} from '../stop.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {addDone} from './audit.ts';
import {firstAt} from './find.ts';
import {queueName} from './lane.ts';
import {toCursor} from './look.ts';
import {endWaiting} from './stop.ts';

export interface TextJob {
  id: number;
  queue: number;
  state: JobState;
  due_at: number;
  phone: string;
  accepted_at: number;
  accepted_as: Priority;
}

export interface Found {
  jobs: TextJob[];
  next: string | undefined;
}

/** What one step may look at: those who write wait for it. */
const windowSize = 50_000;
/** Of messages stored at the same moment a later one may have the lower number. */
const jitterMs = 2000;

/** How many of them wait and are under way: one step. */
export function* countTexts(db: Db, step: TextsStep): Work<TextsCount> {
  const {jobs, next} = yield* findTexts(db, step);
  const underWay = jobs.filter(({state}) => state === 'leased').length;
  return {waiting: jobs.length - underWay, underWay, next};
}

/** From the back, so that no step promotes what the next is about to end. */
export function* purgeTexts(
  db: Db,
  {reason, audit, ...step}: Purge & TextsStep,
): Work<{purged: number; next: string | undefined}> {
  const {jobs, next} = yield* findTexts(db, step);
  let purged = 0;
  for (const {id, state} of jobs) if (state !== 'leased' && (yield* endWaiting(db, id, reason))) purged += 1;
  yield* addDone(audit, purged);
  return {purged, next};
}

/** Those that were put off are due now. */
export function* hastenTexts(db: Db, step: TextsStep): Work<{next: string | undefined}> {
  const {jobs, next} = yield* findTexts(db, step);
  for (const {id, state, due_at: dueAt, accepted_at: acceptedAt} of jobs) {
    if (state !== 'ready' || dueAt <= db.now) continue;
    const hastened = yield* row<{queue: number}>(sql.hastenJob, id, Math.min(acceptedAt, db.now), db.now);
    if (hastened !== undefined) db.ledger.ready(hastened.queue);
  }
  return {next};
}

/** One step: `next` is set while there is more to look at, whatever was found. */
export function* findTexts(db: Db, {queues, texts, acceptedAs, limit, before}: TextsStep): Work<Found> {
  const newest = ((yield* row<{seq: number}>(lastSeq))?.seq ?? 0) + 1;
  const {from, to} = yield* toRange(texts, newest);
  const end = Math.min(before === undefined ? to : toCursor(before), to);
  const floor = Math.max(from, end - windowSize);
  if (end <= from) return {jobs: [], next: undefined};
  const found = yield* readJobs(texts, floor, end, limit);
  const last = found.length < limit ? floor : toMessageSeq(found.at(-1)?.id ?? 0);
  const wanted = new Set(queues);
  const jobs: TextJob[] = [];
  for (const job of found) {
    const isWanted = fitsText(texts, {phone: job.phone, acceptedAt: job.accepted_at});
    const isOfClass = acceptedAs === undefined || job.accepted_as === acceptedAs;
    if (isWanted && isOfClass && wanted.has(yield* queueName(db, job.queue))) jobs.push(job);
  }
  return {jobs, next: last <= from ? undefined : String(last)};
}

function* readJobs({phone}: TextFilter, floor: number, end: number, limit: number): Work<TextJob[]> {
  if (phone !== undefined) return yield* rows<TextJob>(sql.textJobsOfPhone, end, floor, limit, phone);
  return yield* rows<TextJob>(sql.textJobs, toJobId(end, 'outbound'), toJobId(floor, 'outbound'), limit);
}

/** Messages are numbered as they come. */
function* toRange({acceptedAfter, acceptedBefore}: TextFilter, newest: number): Work<{from: number; to: number}> {
  const from = acceptedAfter === undefined ? 1 : yield* firstAt(acceptedAfter - jitterMs);
  const to = acceptedBefore === undefined ? newest : yield* firstAt(acceptedBefore + jitterMs);
  return {from, to};
}

export function* underWay(_db: Db): Work<Array<{queue: string; count: number}>> {
  return yield* rows<{queue: string; count: number}>(sql.underWay);
}
