import type {OutboundState, Reason} from '../../core/message.ts';
import {type EndedBy, foldSegments, isFinalState, mayBecome, type SegmentState} from '../../core/state.ts';
import {type JobRow, type MessageRow, type SegmentRow, toJobId} from '../rows.ts';
import * as sql from '../sql.ts';
import {endDeadLetter} from '../sql-people.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {noteRefusal} from './consent.ts';
import {addDeadLetter, addEvent} from './events.ts';
import {endClaimed, endJob} from './lane.ts';
import {oweEnd, withdrawReceipt} from './owe.ts';
import {resume} from './resume.ts';

export interface Evidence {
  by: EndedBy;
  reason?: Reason;
  /** Unix ms of what it tells. */
  at: number;
  /** When the segment it is about was submitted. */
  submittedAt?: number;
  /** When the message becomes `sent`: how long its final receipt may take. Without it the watch comes at once and asks the channel. */
  receiptWithinMs?: number;
  /** The history has the message's end already. */
  isTold?: boolean;
  /** The claim's row, where its holder settles it: nothing is left that it has to be kept for. */
  settled?: JobRow;
}

/**
 * Makes of the message what its segments say, and lets everything follow: its job, its lane, the receipt it owes.
 * A claim of it is left alone as long as it has a use: its holder's settlement tells more, and while a segment is on its way to the carrier
 * the lane stays this message's, whatever became of the segments before.
 */
export function* refold(db: Db, message: MessageRow, evidence: Evidence, latest?: SegmentRow): Work<void> {
  const segments = yield* segmentsOf(message, latest);
  const states = segments.map(segment => segment.state);
  const next = foldSegments(states, message.segments ?? Math.max(1, states.length));
  if (next === 'unknown') return;
  if (next === 'sending' || next === 'accepted') {
    if (message.state === 'unknown') yield* resume(db, message);
    return;
  }
  if (evidence.settled === undefined && (yield* isUnderWay(message, next, states))) return;
  const became = yield* become(db, message, next, yield* explained(message, next, evidence));
  if (!became && evidence.settled !== undefined) yield* endClaimed(db, evidence.settled);
}

/** @param latest as it stands in its row now: of a text that has no other nothing more need be read */
function* segmentsOf({seq, cycle, segments}: MessageRow, latest: SegmentRow | undefined): Work<SegmentRow[]> {
  if (segments === 1 && latest !== undefined && latest.cycle === cycle) return [latest];
  return yield* rows<SegmentRow>(sql.segmentsOf, seq, cycle);
}

/** What ended it may have been told of another segment, while this one was on its way. */
function* explained(message: MessageRow, next: OutboundState, evidence: Evidence): Work<Evidence> {
  if (evidence.reason !== undefined || (next !== 'failed' && next !== 'expired')) return evidence;
  const told = (yield* rows<{detail: string}>(sql.detailsOf, message.seq, 'receipt')).map(({detail}) =>
    JSON.parse(detail),
  );
  const fatal: Told | undefined = told.find(({cycle, state}: Told) => cycle === message.cycle && state === next);
  if (fatal?.code === undefined) return evidence;
  return {...evidence, reason: {code: fatal.code, message: fatal.message ?? ''}};
}

interface Told extends Partial<Reason> {
  cycle: number;
  state: string;
}

/** False: its state stays, and an event tells when that is a contradiction. */
export function* become(db: Db, message: MessageRow, next: OutboundState, evidence: Evidence): Work<boolean> {
  const endedBy = message.ended_by ?? undefined;
  const verdict = mayBecome(message.state, endedBy, next);
  if (verdict === 'conflict') yield* addEvent(db, message.seq, 'conflict', {state: message.state, against: next});
  if (verdict === 'same') yield* confirm(db, message, evidence);
  if (verdict !== 'yes') return false;
  // What was sent has no job any more.
  if (message.state !== 'sent') yield* endOutbound(db, message, evidence.settled);
  if (!isFinalState(next)) {
    const watchAt = db.now + (evidence.receiptWithinMs ?? 0);
    yield* run(sql.setUnended, message.seq, next, db.now, watchAt);
    if (endedBy === 'policy') yield* withdrawReceipt(db, message);
    if (endedBy === 'policy' || message.state === 'unknown') yield* run(endDeadLetter, message.seq);
    return true;
  }
  const told = {...evidence, reason: toReason(next, evidence.reason)};
  const {code = null, message: words = null} = told.reason ?? {};
  yield* run(sql.setEnd, message.seq, next, db.now, told.by, code, words, Math.max(message.owed, message.cycle));
  if (evidence.isTold !== true) yield* addEvent(db, message.seq, next, told.reason);
  yield* keepDeadLetter(db, message, told);
  if (told.by === 'carrier' && told.reason?.code === 'RecipientOptedOut') yield* noteRefusal(db, message, told.reason);
  const status = next === 'delivered' ? 'Delivered' : 'Failed';
  const reasons = told.reason === undefined ? [] : [told.reason];
  const {at, submittedAt} = evidence;
  yield* oweEnd(db, message, {status, final: true, reasons, at, ...(submittedAt !== undefined && {submittedAt})});
  return true;
}

function* endOutbound(db: Db, {seq}: MessageRow, claimed: JobRow | undefined): Work<void> {
  if (claimed === undefined) yield* endJob(db, toJobId(seq, 'outbound'));
  else yield* endClaimed(db, claimed);
}

/** What a carrier gave up is a dead letter, as what it refused is; a delivery ends the one of our own policy. */
function* keepDeadLetter(db: Db, {seq, state, ended_at: endedAt}: MessageRow, {by, reason}: Evidence): Work<void> {
  const mayBeDead = state !== 'sent' || endedAt !== null;
  if (reason === undefined && mayBeDead) yield* run(endDeadLetter, seq);
  if (reason === undefined) return;
  if (by === 'carrier') yield* addDeadLetter(db, seq, 'undelivered', `${reason.code}: ${reason.message}`);
}

function toReason(state: OutboundState, reason: Reason | undefined): Reason | undefined {
  if (state === 'delivered') return undefined;
  if (reason !== undefined) return reason;
  if (state === 'expired') return {code: 'MessageExpired', message: 'the text could not be delivered in its time'};
  return {code: 'GeneralError', message: 'the carrier reported that the text was not delivered'};
}

/** The carrier's word makes final what was only our own policy. */
function* confirm(db: Db, message: MessageRow, {by, reason}: Evidence): Work<void> {
  if (message.ended_by !== 'policy' || by !== 'carrier') return;
  if (reason?.code === 'RecipientOptedOut') yield* noteRefusal(db, message, reason);
  const {reason_code, reason_message} = message;
  yield* run(sql.setEndedBy, message.seq, by, reason?.code ?? reason_code, reason?.message ?? reason_message);
}

function* isUnderWay({seq}: MessageRow, next: OutboundState, states: readonly SegmentState[]): Work<boolean> {
  if (states.includes('started')) return true;
  return next === 'sent' && (yield* row<JobRow>(sql.jobById, toJobId(seq, 'outbound')))?.state === 'leased';
}
