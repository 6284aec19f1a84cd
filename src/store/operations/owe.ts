import type {Receipt} from '../../core/message.ts';
import {postQueue} from '../../core/queue.ts';
import {type JobRow, type MessageRow, toJobId} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {addJob} from './add-job.ts';
import {endJob} from './lane.ts';
import {toReceiptWork} from './to-claim.ts';

/** Owes the platform the cycle's one final receipt. What nobody has claimed yet is replaced: the platform hears the last word only. */
export function* oweReceipt(db: Db, message: MessageRow, receipt: Receipt): Work<void> {
  if (message.owed < message.cycle) yield* run(sql.setOwed, message.seq, message.cycle);
  yield* tell(db, message, receipt);
}

/** The same where the message's row says so already; `message` is that row as it was before. */
export function* oweEnd(db: Db, message: MessageRow, receipt: Receipt): Work<void> {
  // Of a message that was never owed one there is no job to look for.
  if (message.owed === 0) yield* addReceiptJob(db, message, receipt);
  else yield* tell(db, message, receipt);
}

function* tell(db: Db, message: MessageRow, receipt: Receipt): Work<void> {
  const job = yield* receiptJob(message);
  if (job === undefined && message.owed < message.cycle) return yield* addReceiptJob(db, message, receipt);
  if (job === undefined) return;
  const told = JSON.stringify(receipt);
  if (message.owed >= message.cycle) {
    if (job.fence === 0) yield* run(sql.setReceipt, job.id, told);
    return;
  }
  if (job.state === 'leased') {
    yield* run(sql.renewReceipt, job.id, told, db.now);
    return;
  }
  yield* run(sql.restartReceipt, job.id, told, db.now);
  db.ledger.ready(job.queue);
}

/** The text is not at its end after all: a receipt nobody has claimed yet is not sent. */
export function* withdrawReceipt(db: Db, message: MessageRow): Work<void> {
  const job = yield* receiptJob(message);
  if (job === undefined || (job.fence !== 0 && job.renewed === 0)) return;
  if (job.fence === 0) yield* endJob(db, job.id);
  else yield* run(sql.dropRenewed, job.id);
  yield* run(sql.setOwed, message.seq, message.cycle - 1);
}

function* receiptJob(message: MessageRow): Work<JobRow | undefined> {
  return yield* row<JobRow>(sql.jobById, toJobId(message.seq, 'receipt'));
}

function* addReceiptJob(db: Db, message: MessageRow, receipt: Receipt): Work<void> {
  const queue = postQueue('receipt', message.platform, message.channel);
  const times = {dueAt: db.now, expiresAt: db.now};
  yield* addJob(db, {
    message: message.seq,
    kind: 'receipt',
    queue,
    lane: null,
    priority: 'interactive',
    ...times,
    receipt: JSON.stringify(receipt),
    atOnce: {acceptedAt: message.accepted_at, work: toReceiptWork(message, receipt)},
  });
}
