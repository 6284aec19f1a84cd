import {toIdKey} from '../../core/carrier-id.ts';
import type {Reason} from '../../core/message.ts';
import type {MessageRow, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {addEvent} from './events.ts';
import {refold} from './fold.ts';
import {holdCarrierId} from './hold.ts';
import {matchParked} from './receipt.ts';

export interface LateOutcome {
  segment: number;
  attempt: number;
  taken: boolean;
  carrierMessageId?: string;
  reason?: Reason;
  receiptWithinMs: number;
}

/** One try for one segment. */
export type Tried = Pick<LateOutcome, 'segment' | 'attempt'>;

/** The carrier certainly does not have it, though it was given up as if it might: it is sent after all. */
export function* neverLeft(db: Db, message: MessageRow, {segment: index, attempt}: Tried): Work<void> {
  const {seq, cycle, phone} = message;
  const segment = yield* row<SegmentRow>(sql.oneSegment, seq, cycle, index);
  if (segment?.state !== 'unknown' || segment.attempt !== attempt) return;
  yield* run(sql.setSegment, seq, cycle, index, 'idle', db.now);
  yield* addEvent(db, seq, 'had_not_left', {segment: index, attempt});
  yield* refold(db, message, {by: 'carrier', at: db.now});
  yield* matchParked(db, segment.carrier, {phone, startedAt: segment.started_at});
}

/** What a carrier answered when nobody waited any more. False: the segment has moved on. */
export function* late(db: Db, message: MessageRow, outcome: LateOutcome): Work<boolean> {
  const {segment: index, attempt, taken, carrierMessageId, reason, receiptWithinMs} = outcome;
  const segment = yield* row<SegmentRow>(sql.oneSegment, message.seq, message.cycle, index);
  if (segment === undefined || segment.attempt !== attempt) return false;
  if (taken && carrierMessageId !== undefined) {
    yield* holdCarrierId(db, segment.carrier, carrierMessageId);
    yield* run(sql.setSegmentId, message.seq, message.cycle, index, toIdKey(carrierMessageId), carrierMessageId);
  }
  const isOpen = segment.state === 'unknown' || segment.state === 'started' || (taken && segment.state === 'idle');
  if (isOpen) {
    yield* run(sql.setSegment, message.seq, message.cycle, index, taken ? 'taken' : 'refused', db.now);
    yield* refold(db, message, {by: 'carrier', reason, at: db.now, receiptWithinMs});
  }
  if (taken && carrierMessageId !== undefined) {
    yield* matchParked(db, segment.carrier, {
      id: carrierMessageId,
      phone: message.phone,
      startedAt: segment.started_at,
    });
  }
  return isOpen;
}
