import {toIdKey} from '../../core/carrier-id.ts';
import type {SegmentState} from '../../core/state.ts';
import type {JobRow, MessageRow, SegmentRow} from '../rows.ts';
import {setUnended} from '../sql.ts';
import {claimToTake, takeSegment} from '../sql-taken.ts';
import type {Settlement} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {addEvents} from './events.ts';
import {holdCarrierId} from './hold.ts';
import {endClaimed} from './lane.ts';
import {matchParked} from './receipt.ts';

/**
 * The way of nearly every text: its one segment was taken, and nothing was heard of it before. In one look, which is all that `refold` would find
 * out by several. False: there is more to look at.
 */
export function* settleTakenAlone(db: Db, settlement: Extract<Settlement, {to: 'taken'}>): Work<boolean> {
  const {job, fence, segment, carrierMessageId, receiptWithinMs, events} = settlement;
  if (segment !== 0) return false;
  const claim = yield* row<ClaimToTake>(claimToTake, job, fence, segment);
  if (claim === undefined || !isAlone(claim)) return false;
  const {seq, cycle, phone, carrier, sent_by: sentBy, started_at: startedAt} = claim;
  yield* addEvents(db, seq, events);
  yield* holdCarrierId(db, carrier, carrierMessageId);
  const key = carrierMessageId === undefined ? null : toIdKey(carrierMessageId);
  yield* run(takeSegment, seq, cycle, segment, db.now, key, carrierMessageId ?? null);
  yield* endClaimed(db, claim);
  yield* run(setUnended, seq, 'sent', db.now, db.now + receiptWithinMs);
  yield* matchParked(db, sentBy, {id: carrierMessageId, phone, startedAt});
  return true;
}

type ClaimToTake = Pick<JobRow, 'id' | 'kind' | 'queue' | 'lane' | 'lone' | 'state'> &
  Pick<MessageRow, 'seq' | 'cycle' | 'phone' | 'carrier' | 'segments' | 'ended_by'> &
  Pick<SegmentRow, 'started_at' | 'id_key'> & {
    message_state: MessageRow['state'];
    segment_state: SegmentState | null;
    sent_by: string;
  };

function isAlone(claim: ClaimToTake): boolean {
  const isOnItsWay = claim.message_state === 'sending' && claim.segment_state === 'started';
  return isOnItsWay && claim.segments === 1 && claim.ended_by === null && claim.id_key === null;
}
