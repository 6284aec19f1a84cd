import type {JobKind, Priority} from '../../core/message.ts';
import {platformOf} from '../../core/queue.ts';
import type {Leased} from '../offers.ts';
import {toJobId} from '../rows.ts';
import * as sql from '../sql.ts';
import type {Claim} from '../store.ts';
import {type Db, run, type Work} from '../work.ts';
import {enterLane, internQueue, liftLane, type Standing} from './lane.ts';

export interface NewJob {
  message: number;
  kind: JobKind;
  /** The queue's name. */
  queue: string;
  lane: number | null;
  priority: Priority;
  /** Its place in the queue: when its message was accepted. */
  dueAt: number;
  expiresAt: number;
  receipt?: string;
  /** Its place among the outbound jobs was taken before. */
  isCounted?: boolean;
  /** For whoever has room for it at this moment; a job without is claimed later. */
  atOnce?: AtOnce | undefined;
  /** Tries that counted before: numbers of attempts are never given twice. */
  attempts?: number;
}

export type AtOnce = Pick<Claim, 'acceptedAt' | 'work'>;

/** Where a job is about to stand. */
export interface Place {
  standing: Standing;
  /** Nobody has to be looked for in its lane. */
  isAlone: boolean;
  /** It is somebody's from the beginning: there is room for it. */
  lease: Leased | undefined;
}

/** Puts a job into its lane where its message stands: ready when that makes it the head, else waiting. */
export function* addJob(db: Db, job: NewJob): Work<void> {
  const place = yield* findPlace(db, job, toJobId(job.message, job.kind), job.atOnce !== undefined);
  yield* putJob(db, job, place);
}

/** The same in two steps, for whoever has to know where it will stand before it has a number: it is the newest of all. */
export function* findNewestPlace(db: Db, job: Omit<NewJob, 'message'>): Work<Place> {
  return yield* findPlace(db, job, Number.POSITIVE_INFINITY, true);
}

function* findPlace(
  db: Db,
  {queue, lane, dueAt}: Omit<NewJob, 'message'>,
  id: number,
  mayBeLeased: boolean,
): Work<Place> {
  const isAlone = lane === null || !db.ledger.lanes.mayHold(lane);
  const standing = isAlone ? 'alone' : yield* enterLane(db, lane, id);
  const mayLeave = mayBeLeased && standing !== 'behind' && dueAt <= db.now;
  return {standing, isAlone, lease: mayLeave ? db.rooms?.take(queue) : undefined};
}

export function* putJob(db: Db, job: NewJob, {standing, isAlone, lease}: Place): Work<void> {
  const id = toJobId(job.message, job.kind);
  const {message, kind, lane, dueAt, priority, expiresAt, receipt = null, attempts = 0, atOnce} = job;
  const free = standing === 'behind' ? 'waiting' : 'ready';
  const queue = yield* internQueue(db, job.queue);
  const place = [queue, isAlone ? null : lane, isAlone ? lane : null];
  const rest = [dueAt, priority, db.now, expiresAt, receipt, attempts];
  if (lease === undefined) yield* run(sql.insertJob, id, message, kind, ...place, free, ...rest);
  else yield* run(sql.insertLeasedJob, id, message, kind, ...place, 'leased', ...rest, ...lease.values);
  if (lease !== undefined && atOnce !== undefined) {
    db.rooms?.leased({job: id, fence: lease.fence, kind, queue: job.queue, attempts, expiresAt, ...atOnce});
  }
  if (lane !== null && isAlone) db.ledger.lanes.enterAlone(lane, id);
  else if (lane !== null) db.ledger.lanes.enter(lane);
  if (lease === undefined) db.ledger.addWaiting(queue, 1);
  if (kind === 'outbound' && job.isCounted !== true) db.ledger.addOutbound(1, platformOf(job.queue));
  if (lease === undefined && free === 'ready') db.ledger.ready(queue);
  if (kind === 'outbound' && priority === 'interactive' && lane !== null && standing !== 'alone') {
    yield* liftLane(db, lane, id);
  }
}
