import type {SegmentState} from '../../core/state.ts';
import {type JobRow, type MessageRow, toMessageSeq} from '../rows.ts';
import * as sql from '../sql.ts';
import {claimToStart, dropStart, setSending, setUnstarted, startSegment} from '../sql-start.ts';
import type {Start} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {refold} from './fold.ts';
import {holdMessage} from './hold.ts';
import {freeJob} from './lane.ts';
import {matchParked} from './receipt.ts';

export function* start(db: Db, {job, fence, segment, attempt, carrier, plan}: Start): Work<boolean> {
  yield* holdMessage(db, toMessageSeq(job));
  const message = yield* row<ToStart>(claimToStart, job, fence, segment);
  if (message === undefined) return false;
  if (message.segment_state !== null && message.segment_state !== 'idle') {
    yield* giveBack(db, job, fence);
    return false;
  }
  yield* run(startSegment, message.seq, message.cycle, segment, attempt, carrier, db.now);
  if (!isSending(message, carrier, plan)) {
    yield* run(setSending, message.seq, db.now, plan.name, plan.segments, carrier);
  }
  return true;
}

/** What is written down with the text itself. */
export const firstTry = {segment: 0, attempt: 1} as const;

/** Of a text that was stored as started, and was not sent: as if it had only been claimed. Receipts that could have been its own are not. */
export function* takeStartBack(db: Db, message: MessageRow): Work<void> {
  const {seq, cycle, carrier, phone, accepted_at: startedAt} = message;
  yield* run(dropStart, seq, cycle);
  yield* run(setUnstarted, seq);
  yield* matchParked(db, carrier, {phone, startedAt});
}

type ToStart = Pick<MessageRow, 'seq' | 'cycle' | 'state' | 'plan' | 'segments' | 'carrier'> & {
  segment_state: SegmentState | null;
};

/** Evidence that this segment has left came after the claim: the next claim will know. */
function* giveBack(db: Db, job: number, fence: number): Work<void> {
  const held = yield* row<JobRow>(sql.leasedJob, job, fence);
  const message = yield* row<MessageRow>(sql.messageBySeq, toMessageSeq(job));
  if (held === undefined || message === undefined) return;
  yield* freeJob(db, held);
  yield* refold(db, message, {by: 'carrier', at: db.now});
}

function isSending(message: ToStart, carrier: string, plan: Start['plan']): boolean {
  const {state, plan: name, segments} = message;
  return state === 'sending' && name === plan.name && segments === plan.segments && message.carrier === carrier;
}
