import type {Reason} from '../../core/message.ts';
import {type StopFilter, toFilterKey} from '../../core/stop.ts';
import {type JobRow, type MessageRow, toMessageSeq} from '../rows.ts';
import * as sql from '../sql.ts';
import * as peopleSql from '../sql-people.ts';
import type {Gate, NewAudit, NewGate, Purge, QueueDepth} from '../store.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';
import {addDone, audit, auditIf} from './audit.ts';
import {addEvent} from './events.ts';
import {become} from './fold.ts';
import {holdMessage} from './hold.ts';

export function* gates(_db: Db): Work<Gate[]> {
  const found = yield* rows<GateRow>(peopleSql.gates);
  return found.map(({filter, set_by: by, until, ...gate}) => {
    return {...gate, by, filter: JSON.parse(filter), ...(until !== null && {until})};
  });
}

export function* setGate(db: Db, {kind, filter, reason, by, forMs}: NewGate, entry?: NewAudit): Work<void> {
  const until = forMs === undefined ? null : db.now + forMs;
  yield* run(peopleSql.setGate, kind, toFilterKey(filter), reason, by, db.now, until);
  if (entry !== undefined) yield* audit(db, entry);
}

export function* clearGate(db: Db, kind: Gate['kind'], filter: StopFilter, entry?: NewAudit): Work<boolean> {
  const cleared = (yield* runCounted(peopleSql.clearGate, kind, toFilterKey(filter))) > 0;
  yield* auditIf(db, entry, cleared);
  return cleared;
}

export function* purge(db: Db, {queues, reason, limit, audit: id}: Purge): Work<number> {
  let purged = 0;
  for (const name of queues) {
    const queue = db.ledger.queueId(name);
    while (queue !== undefined && purged < limit) {
      const job =
        (yield* row<JobRow>(peopleSql.lastWaiting, queue)) ?? (yield* row<JobRow>(peopleSql.firstReady, queue));
      if (job?.kind !== 'outbound') break;
      yield* endByPolicy(db, job, reason);
      purged += 1;
    }
  }
  yield* addDone(id, purged);
  return purged;
}

export function* depths(db: Db): Work<QueueDepth[]> {
  const found: QueueDepth[] = [];
  for (const queue of db.ledger.queueIds()) {
    const waiting = db.ledger.waiting(queue);
    if (waiting === 0) continue;
    const oldest = yield* row<{at: number | null}>(peopleSql.oldestInQueue, queue, db.now + peopleSql.soonMs);
    found.push({queue: db.ledger.queueName(queue), waiting, oldestAt: oldest?.at ?? db.now});
  }
  return found;
}

interface GateRow {
  kind: Gate['kind'];
  filter: string;
  reason: string;
  set_by: string;
  since: number;
  until: number | null;
}

/** False: it is claimed, or has ended, meanwhile. */
export function* endWaiting(db: Db, id: number, reason: Reason): Work<boolean> {
  yield* holdMessage(db, toMessageSeq(id));
  const job = yield* row<JobRow>(sql.jobById, id);
  if (job === undefined || job.state === 'leased' || job.kind !== 'outbound') return false;
  yield* endByPolicy(db, job, reason);
  return true;
}

/** A text that waits is not sent any more; the platform is told. */
export function* endByPolicy(db: Db, job: JobRow, reason: Reason): Work<void> {
  const message = yield* row<MessageRow>(sql.messageBySeq, job.message);
  if (message === undefined) throw new Error(`job ${job.id} has no message`);
  yield* addEvent(db, message.seq, 'purged', {...reason});
  yield* become(db, message, 'failed', {by: 'policy', reason, at: db.now});
}
