import {isReceiptJob, type JobRow, type MessageRow, toMessageSeq} from '../rows.ts';
import * as sql from '../sql.ts';
import type {Settlement} from '../store.ts';
import {type Db, run, type Work} from '../work.ts';
import {addDeadLetter, addEvents} from './events.ts';
import {endClaimed, endPosted} from './lane.ts';

export function* settleInbound(db: Db, job: JobRow, message: MessageRow, settlement: Settlement): Work<void> {
  if (settlement.to === 'posted') {
    yield* endClaimed(db, job);
    yield* run(sql.setState, message.seq, 'posted', db.now, null, null, null, db.now, null);
    return;
  }
  if (settlement.to !== 'ended') throw new Error(`inbound job ${job.id} can't be settled as ${settlement.to}`);
  const {by, reason} = settlement;
  yield* endClaimed(db, job);
  yield* run(sql.setState, message.seq, 'failed', db.now, by, reason.code, reason.message, db.now, null);
  yield* bury(db, message.seq, settlement);
}

/** The way of nearly every receipt. False: it is another kind of job, or there is more to look at. */
export function* settlePosted(db: Db, {job, fence, events}: Extract<Settlement, {to: 'posted'}>): Work<boolean> {
  if (!isReceiptJob(job) || !(yield* endPosted(db, job, fence))) return false;
  yield* addEvents(db, toMessageSeq(job), events);
  return true;
}

/** One that has failed and is old news by now is not tried again. */
export function* settleReceipt(db: Db, job: JobRow, settlement: Settlement): Work<void> {
  if (settlement.to === 'retry' && job.receipt === null) return yield* endClaimed(db, job);
  if (settlement.to !== 'posted' && settlement.to !== 'ended') {
    throw new Error(`receipt job ${job.id} can't be settled as ${settlement.to}`);
  }
  if (settlement.to === 'ended') yield* bury(db, job.message, settlement);
  if (job.renewed === 0 || job.receipt === null) {
    yield* endClaimed(db, job);
    return;
  }
  yield* run(sql.restartReceipt, job.id, job.receipt, db.now);
  db.ledger.addWaiting(job.queue, 1);
  db.ledger.ready(job.queue);
}

function* bury(db: Db, message: number, settlement: Extract<Settlement, {to: 'ended'}>): Work<void> {
  const {deadLetter, reason} = settlement;
  if (deadLetter !== undefined) yield* addDeadLetter(db, message, deadLetter, `${reason.code}: ${reason.message}`);
}
