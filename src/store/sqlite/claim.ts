import {toClaim} from '../operations/to-claim.ts';
import type {JobRow} from '../rows.ts';
import type {Claim} from '../store.ts';
import {type Db, rows, run, type Work} from '../work.ts';

// `+ 0`: a bare limit would be looked at by the planner, which then prepares the statement again for each claim.
const claimDue = `
  update job set state = 'leased', fence = $3 where id in (
    select id from job indexed by job_ready where queue = $1 and state = 'ready' and due_at <= $2 order by due_at, id limit $4 + 0)
  returning *`;

const claimExpired = `
  update job set state = 'leased', fence = $3 where id in (
    select id from job indexed by job_expires
    where queue = $1 and state = 'ready' and kind = 'outbound' and expires_at <= $2 order by expires_at, id limit $4 + 0)
  returning *`;

/** The clock was put back: what was due by it as it was is due as long from now. */
export function* bringForward(db: Db, byMs: number): Work<void> {
  yield* run('update job set due_at = due_at - $2 where due_at > $1', db.now, byMs);
}

export function claim(db: Db, queues: string[], limit: number): Work<Claim[]> {
  return lease(db, claimDue, queues, limit);
}

export function claimOverdue(db: Db, queues: string[], limit: number): Work<Claim[]> {
  return lease(db, claimExpired, queues, limit);
}

function* lease(db: Db, statement: string, queues: string[], limit: number): Work<Claim[]> {
  const claims: Claim[] = [];
  for (const name of queues) {
    const queue = db.ledger.queueId(name);
    if (queue === undefined || db.ledger.waiting(queue) === 0) continue;
    const jobs = yield* rows<JobRow>(statement, queue, db.now, db.ledger.nextFence(), limit - claims.length);
    db.ledger.addWaiting(queue, -jobs.length);
    jobs.sort((one, other) => one.due_at - other.due_at || one.id - other.id);
    for (const job of jobs) claims.push(yield* toClaim(db, job));
    if (claims.length >= limit) break;
  }
  return claims;
}
