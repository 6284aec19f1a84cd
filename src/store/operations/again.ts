import type {ReceiptEvent} from '../../core/event.ts';
import {type MessageRow, type SegmentRow, toJobId} from '../rows.ts';
import * as sql from '../sql.ts';
import {endDeadLetter} from '../sql-people.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {addEvent} from './events.ts';
import {hasBody} from './payload.ts';
import {requeue} from './resume.ts';

/** One line of history for each failure that was followed by another try. */
const event = 'send_again';

interface GivenUp {
  cycle: number;
  segment: number;
  carrierMessageId: string;
}

/** The segment whose earlier try, followed by another one, had this id. */
export function* findGivenUp(
  message: MessageRow,
  found: SegmentRow,
  {carrierMessageId}: ReceiptEvent,
): Work<SegmentRow | undefined> {
  const isPresent = found.cycle === message.cycle && carrierMessageId === found.carrier_message_id;
  if (carrierMessageId === undefined || isPresent) return undefined;
  const tries = yield* triesOf(message);
  const given = tries.find(one => one.carrierMessageId === carrierMessageId);
  return given && (yield* row<SegmentRow>(sql.oneSegment, message.seq, message.cycle, given.segment));
}

/**
 * Gives a text its job back whose receipt told a failure that may pass. False: there is nothing left to try, and the failure stands. While the
 * text still has a job (its answer or its other segments are not there yet) it stands too.
 */
export function* sendAgain(db: Db, message: MessageRow, segment: SegmentRow, receipt: ReceiptEvent): Work<boolean> {
  const {again, state, carrierMessageId, coversMessage, reason} = receipt;
  if (again === undefined || carrierMessageId === undefined || coversMessage === true) return false;
  if (state !== 'failed' && state !== 'expired') return false;
  if (segment.state !== 'taken' && segment.state !== 'unknown') return false;
  if (message.state !== 'sent' && message.state !== 'unknown') return false;
  const {idx, attempt} = segment;
  if (message.expires_at <= db.now + again.inMs || !(yield* mayTry(message, idx, again.times))) return false;

  const {seq, cycle} = message;
  yield* run(sql.keepTry, seq, cycle, idx);
  yield* run(sql.reopenSegment, seq, cycle, idx);
  yield* run(sql.setUnended, seq, 'sending', db.now, null);
  yield* run(endDeadLetter, seq);
  const given = {cycle, segment: idx, carrierMessageId} satisfies GivenUp;
  yield* addEvent(db, seq, event, {...given, attempt, inMs: again.inMs, reason: reason?.code});
  yield* requeue(db, message, message.expires_at, db.now + again.inMs);
  return true;
}

function* mayTry(message: MessageRow, index: number, times: number): Work<boolean> {
  const segments = yield* rows<SegmentRow>(sql.segmentsOf, message.seq, message.cycle);
  // None may follow it as long as nobody knows of it.
  if (segments.some(({idx, state}) => idx !== index && state === 'unknown')) return false;
  if ((yield* triesOf(message)).length >= times) return false;
  if ((yield* row(sql.jobById, toJobId(message.seq, 'outbound'))) !== undefined) return false;
  return yield* hasBody(message.seq);
}

function* triesOf({seq, cycle}: MessageRow): Work<GivenUp[]> {
  const found = yield* rows<{detail: string}>(sql.detailsOf, seq, event);
  const all = found.map(({detail}): GivenUp => JSON.parse(detail));
  return all.filter(one => one.cycle === cycle);
}
