import {toIdCandidates, toIdKey} from '../../core/carrier-id.ts';
import type {ReceiptEvent} from '../../core/event.ts';
import {applyReceipt, isFinalSegment, type ReceiptState} from '../../core/state.ts';
import type {MessageRow, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import * as parkedSql from '../sql-parked.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';
import {findGivenUp, sendAgain} from './again.ts';
import {addEvent, hasEvent} from './events.ts';
import {refold} from './fold.ts';
import {isOfForgotten} from './forgotten-receipts.ts';
import {holdCarrierId, holdMessage, holdPhone} from './hold.ts';
import {findSegment, isSamePhone, toDigits} from './match.ts';
import {countMatch} from './receipt-counts.ts';

type Result = 'matched' | 'parked' | 'duplicate';

export function* receipt(db: Db, carrier: string, event: ReceiptEvent): Work<Result> {
  if (event.phone !== undefined) yield* holdPhone(db, event.phone);
  const known = yield* findHeld(db, carrier, event);
  const segment = known ?? (yield* findSurely(db, carrier, event));
  if (segment === undefined) return yield* park(db, carrier, event);
  yield* dropOther(db, carrier, event);
  return yield* applyToSegment(db, segment, event);
}

/** Nobody waits for this segment's id any more: receipts that came before are matched now, by that id and those to its phone that nothing fitted. */
export function* matchParked(
  db: Db,
  carrier: string,
  segment: {id?: string; phone: string; startedAt: number},
): Work<void> {
  if (db.ledger.parked() === 0) return;
  const keys = segment.id === undefined ? [null, null, null] : toKeys(segment.id);
  const found = yield* rows<ParkedRow>(
    parkedSql.parkedFor,
    ...keys,
    carrier,
    toDigits(segment.phone),
    segment.startedAt,
  );
  const parked = new Map(found.map(({id, receipt: stored}) => [id, stored]));
  for (const [id, stored] of parked) {
    const event: ReceiptEvent = JSON.parse(stored);
    // One id in hexadecimal is another's in decimal: what names another phone is left to that phone's answer.
    if (event.phone !== undefined && !isSamePhone(segment.phone, event.phone)) continue;
    const match = yield* findHeld(db, carrier, event);
    if (match === undefined) continue;
    if (!(yield* drop(db, id))) continue;
    yield* dropOther(db, carrier, event);
    const result = yield* applyToSegment(db, match, event);
    if (result === 'matched') db.ledger.receipts.add(carrier, 'matchedLate');
  }
}

/** Nothing was found; an answer that brings the id at this moment, on another replica, is waited for. */
function* findSurely(db: Db, carrier: string, event: ReceiptEvent): Work<SegmentRow | undefined> {
  if (db.held === undefined || event.phone !== undefined) return undefined;
  yield* holdCarrierId(db, carrier, event.carrierMessageId);
  return yield* findHeld(db, carrier, event);
}

/** The segment as it is once its message's phone is held. */
function* findHeld(db: Db, carrier: string, event: ReceiptEvent): Work<SegmentRow | undefined> {
  const found = yield* findSegment(db, carrier, event);
  if (found === undefined || db.held === undefined) return found;
  const heldBefore = db.held.size;
  yield* holdMessage(db, found.message);
  return db.held.size === heldBefore ? found : yield* findSegment(db, carrier, event);
}

interface ParkedRow {
  id: number;
  receipt: string;
}

/** A stored id and a receipt's match both ways, so the candidates of the one find the other. */
function toKeys(id: string): [string, string, string] {
  const [own = '', second = own, third = own] = toIdCandidates(id).map(({key}) => key);
  return [own, second, third];
}

function* park(db: Db, carrier: string, event: ReceiptEvent): Work<Result> {
  const key = event.carrierMessageId === undefined ? null : toIdKey(event.carrierMessageId);
  const {receivedAt: _, ...same} = event;
  const stored = JSON.stringify({...same, receivedAt: db.now});
  // Under its other id it may not have been handed in yet: the store may have failed in between.
  if (key !== null && (yield* isParked(carrier, key, event)))
    return event.otherId === undefined ? 'duplicate' : 'parked';
  if (yield* isOfForgotten(carrier, event)) return 'duplicate';
  const phone = event.phone === undefined ? null : toDigits(event.phone);
  db.ledger.addParked(1);
  yield* run(parkedSql.insertParked, carrier, key, phone, stored, db.now);
  return 'parked';
}

function* isParked(carrier: string, key: string, event: ReceiptEvent): Work<boolean> {
  return (yield* parkedAs(carrier, key, event)).length > 0;
}

function* parkedAs(carrier: string, key: string, event: ReceiptEvent): Work<ParkedRow[]> {
  const parked = yield* rows<ParkedRow>(parkedSql.parkedByKey, key, key, key, carrier);
  return parked.filter(({receipt: stored}) => {
    const other: ReceiptEvent = JSON.parse(stored);
    return other.raw === event.raw && other.state === event.state;
  });
}

/** Under its other id it would be taken for the receipt of another segment. */
function* dropOther(db: Db, carrier: string, event: ReceiptEvent): Work<void> {
  if (event.otherId === undefined) return;
  for (const {id} of yield* parkedAs(carrier, toIdKey(event.otherId), event)) yield* drop(db, id);
}

/** False: it is gone already. */
function* drop(db: Db, parked: number): Work<boolean> {
  const dropped = yield* runCounted(parkedSql.deleteParked, parked);
  db.ledger.addParked(-dropped);
  return dropped > 0;
}

function* applyToSegment(db: Db, found: SegmentRow, event: ReceiptEvent): Work<Result> {
  const message = yield* row<MessageRow>(sql.messageBySeq, found.message);
  if (message === undefined) return 'parked';
  const givenUp = yield* findGivenUp(message, found, event);
  const segment = givenUp ?? found;
  const {state, raw, reason} = event;
  const detail = {segment: segment.idx, cycle: segment.cycle, state, ...reason, raw};
  if (!isFirst(segment, message, event) && (yield* hasEvent(message.seq, 'receipt', detail))) return 'duplicate';
  yield* addEvent(db, message.seq, 'receipt', detail);
  countMatch(db, segment, event);
  if (segment.cycle !== message.cycle || isOfEarlierAttempt(segment, event)) return 'matched';
  // Of a try that failed and was followed by another nothing more is news but that it arrived after all.
  if (givenUp !== undefined && state !== 'delivered') return 'matched';
  yield* keepId(segment, event);
  if (yield* sendAgain(db, message, segment, event)) return 'matched';

  const covered = event.coversMessage ? yield* rows<SegmentRow>(sql.segmentsOf, message.seq, message.cycle) : [segment];
  const changed = yield* applyState(db, covered, state);
  if (state === 'sent' && event.final) yield* addEvent(db, message.seq, 'no_receipt', {segment: segment.idx});
  const latest = event.coversMessage ? undefined : {...segment, state: applyReceipt(segment.state, state).state};
  yield* refold(db, message, {by: 'carrier', reason, at: event.receivedAt, submittedAt: segment.started_at}, latest);
  return !changed && isFinalSegment(segment.state) ? 'duplicate' : 'matched';
}

/** A final receipt moves its segment on, so one that finds it where its answer left it has not been here before. */
function isFirst(segment: SegmentRow, {cycle}: MessageRow, event: ReceiptEvent): boolean {
  if (segment.state !== 'taken' || segment.cycle !== cycle || segment.id_key === null) return false;
  return event.final && event.state !== 'sent' && event.again === undefined && !isOfEarlierAttempt(segment, event);
}

/** A segment was sent again: that the try before failed says nothing of this one; that it arrived says all. */
function isOfEarlierAttempt(segment: SegmentRow, {attempt, state}: ReceiptEvent): boolean {
  return attempt !== undefined && attempt < segment.attempt && state !== 'delivered' && state !== 'sent';
}

function* keepId(segment: SegmentRow, {carrierMessageId}: ReceiptEvent): Work<void> {
  if (carrierMessageId === undefined || segment.id_key !== null) return;
  const {message, cycle, idx} = segment;
  yield* run(sql.setSegmentId, message, cycle, idx, toIdKey(carrierMessageId), carrierMessageId);
}

/** True when a state changed, or a contradiction was noted. */
function* applyState(db: Db, segments: readonly SegmentRow[], state: ReceiptState): Work<boolean> {
  let changed = false;
  for (const {message, cycle, idx, state: current} of segments) {
    const next = applyReceipt(current, state);
    if (next.effect === 'same') continue;
    changed = true;
    if (next.effect === 'changed') yield* run(sql.setSegment, message, cycle, idx, next.state, db.now);
    else yield* addEvent(db, message, 'conflict', {segment: idx, state: current, against: state});
  }
  return changed;
}
