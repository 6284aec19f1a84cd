import {type JobRow, type MessageRow, type SegmentRow, toMessageSeq} from '../rows.ts';
import * as sql from '../sql.ts';
import type {Start} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {refold} from './fold.ts';
import {holdMessage} from './hold.ts';
import {freeJob} from './lane.ts';

export function* start(db: Db, {job, fence, segment, attempt, carrier, plan}: Start): Work<boolean> {
  yield* holdMessage(db, toMessageSeq(job));
  const held = yield* row<JobRow>(sql.leasedJob, job, fence);
  if (held === undefined) return false;
  const message = yield* row<MessageRow>(sql.messageBySeq, held.message);
  if (message === undefined) return false;
  const known = yield* row<SegmentRow>(sql.oneSegment, message.seq, message.cycle, segment);
  if (known !== undefined && known.state !== 'idle') {
    yield* giveBack(db, held, message);
    return false;
  }
  yield* run(sql.startSegment, message.seq, message.cycle, segment, attempt, carrier, db.now);
  if (!isSending(message, carrier, plan)) {
    yield* run(sql.setSending, message.seq, db.now, plan.name, plan.segments, carrier);
  }
  return true;
}

/** Evidence that this segment has left came after the claim: the next claim will know. */
function* giveBack(db: Db, held: JobRow, message: MessageRow): Work<void> {
  yield* freeJob(db, held);
  yield* refold(db, message, {by: 'carrier', at: db.now});
}

function isSending(message: MessageRow, carrier: string, plan: Start['plan']): boolean {
  const {state, plan: name, segments} = message;
  return state === 'sending' && name === plan.name && segments === plan.segments && message.carrier === carrier;
}
