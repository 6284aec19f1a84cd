import {toClaim} from '../operations/to-claim.ts';
import type {ClaimedRow, JobRow} from '../rows.ts';
import type {Claim} from '../store.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {beside} from './beside.ts';
import {claimDue, claimExpired, claimedMessage} from './claim-sql.ts';

type LeasedRow = JobRow & {place: number; queue_name: string};

/** @param replica whose leases they become */
export function createClaims(replica: () => number) {
  function* lease(db: Db, statement: string, queues: string[], limit: number): Work<Claim[]> {
    if (limit < 1) return [];
    const holder = replica();
    const leased = yield* rows<LeasedRow>(statement, JSON.stringify(queues), limit, db.now, holder);
    leased.sort((one, other) => one.place - other.place || one.due_at - other.due_at || one.id - other.id);
    for (const {queue, queue_name: name} of leased) {
      db.ledger.addQueue(queue, name);
      db.ledger.addWaiting(queue, -1);
    }
    const claims = yield* beside(db, leased, claimMessage);
    for (const [index, claim] of claims.entries()) {
      claim.holder = holder;
      remember(db, leased[index]?.message, phoneOf(claim.work));
    }
    return claims;
  }

  return {
    claim: (db: Db, queues: string[], limit: number): Work<Claim[]> => lease(db, claimDue, queues, limit),
    claimOverdue: (db: Db, queues: string[], limit: number): Work<Claim[]> => lease(db, claimExpired, queues, limit),
  };
}

function* claimMessage(db: Db, job: LeasedRow): Work<Claim> {
  const message = yield* row<ClaimedRow>(claimedMessage, job.message, job.kind);
  if (message === undefined) throw new Error(`job ${job.id} has no message`);
  return yield* toClaim(db, job, message);
}

const mostRemembered = 20_000;

export function remember({phones}: Pick<Db, 'phones'>, seq: number | undefined, phone: string): void {
  if (phones === undefined || seq === undefined) return;
  phones.set(seq, phone);
  for (const oldest of phones.keys()) {
    if (phones.size <= mostRemembered) return;
    phones.delete(oldest);
  }
}

export function phoneOf(work: Claim['work']): string {
  switch (work.kind) {
    case 'outbound':
      return work.outbound.to;
    case 'inbound':
      return work.inbound.from;
    case 'receipt':
      return work.to;
  }
}
