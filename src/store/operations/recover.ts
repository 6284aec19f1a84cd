import type {JobKind} from '../../core/message.ts';
import {platformOf} from '../../core/queue.ts';
import type {JobRow, MessageRow, SegmentRow} from '../rows.ts';
import {messageBySeq} from '../sql.ts';
import {parkedNow} from '../sql-parked.ts';
import * as sql from '../sql-prune.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {addEvent} from './events.ts';
import {refold} from './fold.ts';
import {endJob, freeJob} from './lane.ts';
import {markUnknown} from './unknown.ts';

interface JobCount {
  queue: number;
  kind: JobKind;
  jobs: number;
  /** In their lanes. */
  alone: number;
  waiting: number;
}

/** What the rows hold is entered into the ledger. */
export function* load(db: Db): Work<void> {
  for (const {id, name} of yield* rows<{id: number; name: string}>(sql.queues)) db.ledger.addQueue(id, name);
  for (const {parked} of yield* rows<{parked: number}>(parkedNow)) db.ledger.addParked(parked);
  let lone = 0;
  for (const {queue, kind, jobs, alone, waiting} of yield* rows<JobCount>(sql.jobCounts)) {
    lone += alone;
    db.ledger.addWaiting(queue, waiting);
    if (kind === 'outbound') db.ledger.addOutbound(jobs, platformOf(db.ledger.queueName(queue)));
  }
  const {lanes} = db.ledger;
  lanes.reserve(lone);
  yield* loadPairs(sql.lanesAfter, lanes.load);
  yield* loadPairs(sql.loneJobsAfter, (job, lane) => lanes.loadAlone(lane, job));
}

/** Longer texts get memory of their own, which is given back late. */
const pairsAtOnce = 5000;

/** @param statement tells of the pairs whose key is beyond `$1`, in the order of their keys */
function* loadPairs(statement: string, enter: (key: number, counterpart: number) => void): Work<void> {
  for (let last: number | undefined = -1; last !== undefined; ) {
    const found: {keys: string; counterparts: string} | undefined = yield* row(statement, last, pairsAtOnce);
    const keys: number[] = JSON.parse(found?.keys ?? '[]');
    const counterparts: number[] = JSON.parse(found?.counterparts ?? '[]');
    for (const [index, key] of keys.entries()) enter(key, counterparts[index] ?? 0);
    last = keys.at(-1);
  }
}

/** Whoever held a claim is dead. What had not started is free again; what had may have left. */
export function* freeAll(db: Db): Work<void> {
  for (const job of yield* rows<JobRow>(sql.leasedJobs)) yield* free(db, job);
}

/** Of a process that ended, or of a replica that was cut off from its database and was given up. */
const why = 'the gateway ended, or was cut off from its store, before the answer came';

export function* free(db: Db, job: JobRow): Work<void> {
  if (job.kind === 'receipt' && job.receipt === null) return yield* endJob(db, job.id);
  const message = job.kind === 'outbound' ? yield* row<MessageRow>(messageBySeq, job.message) : undefined;
  if (message === undefined) return yield* freeJob(db, job);
  const started = yield* row<SegmentRow>(sql.startedSegments, message.seq, message.cycle);
  if (started === undefined) {
    yield* freeJob(db, job);
    return yield* refold(db, message, {by: 'carrier', at: db.now});
  }
  yield* addEvent(db, message.seq, 'unknown', {segment: started.idx, why});
  yield* markUnknown(db, message, started, 0);
}
