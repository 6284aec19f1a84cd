import {type LeasedJob, toClaim} from '../operations/to-claim.ts';
import type {ClaimedRow} from '../rows.ts';
import {toClaimed} from '../sql-claimed.ts';
import type {Claim} from '../store.ts';
import {type Db, rows, run, type Work} from '../work.ts';

/** The same jobs twice: read with their messages, and made the claimant's. By a `returning` they would be gathered in a table first, and each message asked for. */
interface Lease {
  read: string;
  take: string;
}

const due = toLease('job_ready', 'j.due_at <= $2', 'j.due_at, j.id');
const expired = toLease('job_expires', `j.kind = 'outbound' and j.expires_at <= $2`, 'j.expires_at, j.id');

function toLease(index: string, condition: string, order: string): Lease {
  const where = `where j.queue = $1 and j.state = 'ready' and ${condition}`;
  // `+ 0`: a bare limit would be looked at by the planner, which then prepares the statement again for each claim.
  const first = `order by ${order} limit $3 + 0`;
  return {
    read: `
      select j.id as job, j.message, j.kind, j.due_at, j.attempts, j.priority as job_priority, j.expires_at, j.receipt, ${toClaimed('j.kind')}
      from job j indexed by ${index} left join message m on m.seq = j.message ${where} ${first}`,
    take: `
      update job set state = 'leased', fence = $4 where id in (select j.id from job j indexed by ${index} ${where} ${first})`,
  };
}

/** The clock was put back: what was due by it as it was is due as long from now. */
export function* bringForward(db: Db, byMs: number): Work<void> {
  yield* run('update job set due_at = due_at - $2 where due_at > $1', db.now, byMs);
}

export function claim(db: Db, queues: string[], limit: number): Work<Claim[]> {
  return lease(db, due, queues, limit);
}

export function claimOverdue(db: Db, queues: string[], limit: number): Work<Claim[]> {
  return lease(db, expired, queues, limit);
}

type ReadRow = ClaimedRow &
  Omit<LeasedJob, 'id' | 'queue' | 'fence' | 'priority'> & {job: number; job_priority: LeasedJob['priority']};

function* lease(db: Db, {read, take}: Lease, queues: string[], limit: number): Work<Claim[]> {
  const claims: Claim[] = [];
  for (const name of queues) {
    const queue = db.ledger.queueId(name);
    if (queue === undefined || db.ledger.waiting(queue) === 0) continue;
    const asked = [queue, db.now, limit - claims.length];
    const found = yield* rows<ReadRow>(read, ...asked);
    if (found.length === 0) continue;
    const fence = db.ledger.nextFence();
    yield* run(take, ...asked, fence);
    db.ledger.addWaiting(queue, -found.length);
    found.sort((one, other) => one.due_at - other.due_at || one.job - other.job);
    for (const each of found) {
      if (each.seq === null) throw new Error(`job ${each.job} has no message`);
      claims.push(yield* toClaim(db, toLeased(each, queue, fence), each));
    }
    if (claims.length >= limit) break;
  }
  return claims;
}

function toLeased(read: ReadRow, queue: number, fence: number): LeasedJob {
  const {job: id, job_priority: priority, message, kind, due_at, attempts, expires_at, receipt} = read;
  return {id, message, kind, queue, due_at, attempts, fence, priority, expires_at, receipt};
}
