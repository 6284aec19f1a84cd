import type {Priority} from '../../core/message.ts';
import {parseQueueName, platformOf, toQueueName} from '../../core/queue.ts';
import type {JobRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';

/** Ends a job, if it is there; who waited behind it moves up. */
export function* endJob(db: Db, id: number): Work<void> {
  const job = yield* row<EndedJob>(sql.takeJob, id);
  if (job !== undefined) yield* ended(db, job);
}

/** The same for who has claimed it, and has read its row. */
export function* endClaimed(db: Db, job: EndedJob): Work<void> {
  yield* run(sql.deleteJob, job.id);
  yield* ended(db, job);
}

/** The same for a receipt that was posted. False: the claim is somebody else's by now, or another word is owed. */
export function* endPosted(db: Db, id: number, fence: number): Work<boolean> {
  const job = yield* row<EndedJob>(sql.takePosted, id, fence);
  if (job !== undefined) yield* ended(db, job);
  return job !== undefined;
}

function* ended(db: Db, job: EndedJob): Work<void> {
  if (job.state !== 'leased') db.ledger.addWaiting(job.queue, -1);
  if (job.kind === 'outbound') db.ledger.addOutbound(-1, platformOf(yield* queueName(db, job.queue)));
  const lane = leaveLane(db, job);
  if (job.state !== 'waiting') yield* promote(db, lane);
}

type EndedJob = Pick<JobRow, 'id' | 'kind' | 'queue' | 'lane' | 'lone' | 'state'>;

/** The lane others may wait in; null: nobody does. */
export function leaveLane(db: Db, job: InLane): number | null {
  const lane = listedLane(db, job);
  if (lane !== null) db.ledger.lanes.leave(lane);
  else if (job.lone !== null) db.ledger.lanes.leaveAlone(job.lone);
  return lane;
}

type InLane = Pick<JobRow, 'id' | 'lane' | 'lone'>;

/** Somebody may have come into its lane since its row was read. */
export function listedLane({ledger: {lanes}}: Db, {id, lane, lone}: InLane): number | null {
  return lone !== null && lanes.loneJob(lone) !== id ? lone : lane;
}

export interface Release {
  dueAt: number;
  attempts: number;
  queue: number;
  queuedAt: number;
}

/** Gives a leased job back to its lane. */
export function* releaseJob(db: Db, job: JobRow, release: Release): Work<void> {
  const lane = listedLane(db, job);
  const front = lane === null ? undefined : yield* row<{id: number}>(sql.laneFront, lane);
  const isHead = front === undefined || front.id === job.id;
  const {dueAt, attempts, queue, queuedAt} = release;
  yield* run(sql.releaseJob, job.id, isHead ? 'ready' : 'waiting', dueAt, attempts, queue, queuedAt);
  db.ledger.addWaiting(queue, 1);
  if (!isHead) yield* promote(db, lane);
  if (isHead && dueAt <= db.now) db.ledger.ready(queue);
}

/** The same place, nothing counted. */
export function* freeJob(db: Db, job: JobRow): Work<void> {
  yield* releaseJob(db, job, {dueAt: job.due_at, attempts: job.attempts, queue: job.queue, queuedAt: job.queued_at});
}

export function* internQueue(db: Db, name: string): Work<number> {
  const known = db.ledger.queueId(name);
  if (known !== undefined) return known;
  const found = (yield* row<{id: number}>(sql.queueByName, name)) ?? (yield* row<{id: number}>(sql.insertQueue, name));
  if (found === undefined) throw new Error(`queue ${name} could not be named`);
  db.ledger.addQueue(found.id, name);
  return found.id;
}

/** Another replica may have named it. */
export function* queueName(db: Db, id: number): Work<string> {
  const known = db.ledger.queueName(id);
  if (known !== '') return known;
  const found = yield* row<{name: string}>(sql.queueById, id);
  if (found === undefined) throw new Error(`queue ${id} has no name`);
  db.ledger.addQueue(id, found.name);
  return found.name;
}

/** Afterwards the rows tell of everybody in this lane. */
export function* listLane({ledger: {lanes}}: Db, lane: number): Work<void> {
  const job = lanes.loneJob(lane);
  if (job === undefined) return;
  yield* run(sql.listJob, job);
  lanes.leaveAlone(lane);
  lanes.enter(lane);
}

/** For a job that comes back into its lane: the highest priority waiting there. */
export function* lanePriority(db: Db, lane: number, own: Priority): Work<Priority> {
  if (own === 'interactive') return own;
  yield* listLane(db, lane);
  return (yield* row(sql.laneInteractive, lane)) === undefined ? 'bulk' : 'interactive';
}

/** Where a job comes to stand in a lane: a lane with jobs has a head, so who finds none is alone. */
export type Standing = 'alone' | 'ahead' | 'behind';

export function* enterLane(db: Db, lane: number, id: number): Work<Standing> {
  yield* listLane(db, lane);
  const head = yield* row<Pick<JobRow, 'id' | 'state'>>(sql.laneHead, lane);
  if (head === undefined) return 'alone';
  if (head.state === 'leased' || head.id < id) return 'behind';
  yield* run(sql.setJobWaiting, head.id);
  return 'ahead';
}

/** Whatever stands before an interactive text has to hurry as well. */
export function* liftLane(db: Db, lane: number, id: number): Work<void> {
  for (const job of yield* rows<JobRow>(sql.laneBulk, lane, id)) {
    const name = toQueueName({...parseQueueName(yield* queueName(db, job.queue)), priority: 'interactive'});
    const queue = yield* internQueue(db, name);
    yield* run(sql.setJobQueue, job.id, queue, 'interactive');
    if (job.state === 'leased') continue;
    db.ledger.addWaiting(job.queue, -1);
    db.ledger.addWaiting(queue, 1);
    if (job.state === 'ready') db.ledger.ready(queue);
  }
}

export function* promote(db: Db, lane: number | null): Work<void> {
  if (lane === null || !db.ledger.lanes.mayHold(lane)) return;
  const next = yield* row<{queue: number; due_at: number}>(sql.promoteLane, lane, db.now);
  if (next !== undefined && next.due_at <= db.now) db.ledger.ready(next.queue);
}
