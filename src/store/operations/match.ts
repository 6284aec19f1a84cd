import {toIdCandidates, toIdKey} from '../../core/carrier-id.ts';
import type {ReceiptEvent} from '../../core/event.ts';
import {isFinalSegment} from '../../core/state.ts';
import type {MessageRow, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {onlyFitting, type Suspect} from './facts.ts';

export type Candidate = SegmentRow & {phone: string};

/** The segment a receipt speaks of: by our id, by the carrier's, or because nothing else fits. */
export function* findSegment(db: Db, carrier: string, receipt: ReceiptEvent): Work<SegmentRow | undefined> {
  const own = yield* findByMessageId(carrier, receipt);
  if (own !== undefined) return own;
  const {carrierMessageId: id, phone} = receipt;
  if (id === undefined) return phone === undefined ? undefined : yield* findByFacts(db, carrier, receipt, phone);
  const found = (yield* segmentsByKey(toIdKey(id), carrier)).filter(segment => isMeant(segment, receipt));
  const isSure = found.some(segment => phone === undefined || isSamePhone(segment.phone, phone));
  if (isSure || phone === undefined) return pick(found, phone);
  return yield* guess(db, carrier, receipt, {id, phone, found});
}

function isMeant({phone}: Candidate, {onlyTo}: ReceiptEvent): boolean {
  return onlyTo === undefined || onlyTo.some(end => isSamePhone(phone, end));
}

/** The digits of a phone, in whatever form it came. */
export function toDigits(phone: string): string {
  return phone.replace(/\D/g, '');
}

function toCanonical(phone: string): string {
  return /^\d/.test(phone) ? `+${phone}` : phone;
}

/**
 * Segments are sent one after the other: where none is told, what has no id yet is the last that was tried. An id that no answer of this attempt
 * brought is of where it stopped: of the first that was tried again since. Of a text that another carrier has this one knows nothing, it may be
 * another tenant's; or what became of it when it had it itself, before a replay.
 */
function* findByMessageId(carrier: string, receipt: ReceiptEvent): Work<SegmentRow | undefined> {
  const {messageId, carrierMessageId, attempt} = receipt;
  if (messageId === undefined) return undefined;
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined) return undefined;
  const all = yield* rows<SegmentRow>(sql.allSegmentsOf, message.seq);
  const segments = all.filter(segment => segment.carrier === carrier);
  const keys = carrierMessageId === undefined ? [] : toIdCandidates(carrierMessageId).map(({key}) => key);
  const named = segments.find(segment => segment.id_key !== null && keys.includes(segment.id_key));
  if (named !== undefined) return named;
  const isCurrent = segments.some(({cycle}) => cycle === message.cycle);
  const last = isCurrent ? message.cycle : segments[0]?.cycle;
  const current = segments.filter(({cycle}) => cycle === last);
  if (receipt.segment !== undefined) return current.find(({idx}) => idx === receipt.segment);
  const tried = current.filter(segment => attempt === undefined || segment.attempt === attempt);
  const isTriedAgain = (segment: SegmentRow) => attempt !== undefined && segment.attempt > attempt;
  return tried.findLast(segment => segment.id_key === null) ?? current.find(isTriedAgain) ?? current[0];
}

/**
 * No segment to this phone has the id as it is written. While one waits for its own it may be that one's, and nobody guesses. Then it is another
 * notation of one that is known, and of one alone: an id in hexadecimal is often another text's in decimal. Else it is that other text's, whose phone
 * has two numbers; or it is strange, and the facts decide among the segments without an id.
 */
function* guess(
  db: Db,
  carrier: string,
  receipt: ReceiptEvent,
  {id, phone, found}: {id: string; phone: string; found: readonly Candidate[]},
): Work<SegmentRow | undefined> {
  const open = yield* rows<Suspect>(sql.segmentsWithoutId, toCanonical(phone), carrier, receipt.receivedAt);
  if (open.some(({state}) => state === 'started')) return undefined;
  const others = yield* listInOtherNotation(carrier, id, phone);
  const [likely] = others.length > 0 ? others : [pick(found, phone)];
  const isOne = others.every(({message}) => message === likely?.message);
  return (isOne ? likely : undefined) ?? (yield* onlyFitting(db, open, receipt));
}

/** It names no id at all: every segment sent to its phone is a candidate. */
function* findByFacts(db: Db, carrier: string, receipt: ReceiptEvent, phone: string): Work<SegmentRow | undefined> {
  const sent = yield* rows<Suspect>(sql.segmentsToPhone, toCanonical(phone), carrier, receipt.receivedAt);
  return sent.some(({state}) => state === 'started') ? undefined : yield* onlyFitting(db, sent, receipt);
}

function* listInOtherNotation(carrier: string, id: string, phone: string): Work<Candidate[]> {
  const found: Candidate[] = [];
  for (const {key, weak} of toIdCandidates(id)) {
    if (weak) found.push(...(yield* segmentsByKey(key, carrier)));
  }
  return found.filter(segment => isSamePhone(segment.phone, phone));
}

/** The newest message first, its segments in their order: rarely more than one, so that the store need not sort. */
function* segmentsByKey(key: string, carrier: string): Work<Candidate[]> {
  const found = yield* rows<Candidate>(sql.segmentsByKey, key, carrier);
  return found.sort((one, other) => other.message - one.message || one.idx - other.idx);
}

/** Ids come again when an SMSC restarts: the handset's own before others, unfinished ones before finished ones, then the newest. */
function pick(found: readonly Candidate[], phone: string | undefined): Candidate | undefined {
  const own = found.filter(segment => isSamePhone(segment.phone, phone));
  const among = own.length > 0 ? own : found;
  return among.find(segment => !isFinalSegment(segment.state)) ?? among[0];
}

/** National and international forms of one number share their last digits. */
export function isSamePhone(stored: string, told: string | undefined): boolean {
  if (told === undefined) return false;
  const [one, other] = [toDigits(stored), toDigits(told)];
  if (Math.min(one.length, other.length) < 7) return stored === told;
  return one.endsWith(other.replace(/^0+/, '')) || other.endsWith(one);
}
