import {toIdCandidates} from '../../core/carrier-id.ts';
import type {ReceiptEvent} from '../../core/event.ts';
import {isFinalSegment} from '../../core/state.ts';
import type {MessageRow, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {row, rows, type Work} from '../work.ts';

export type Candidate = SegmentRow & {phone: string};

/** The segment a receipt speaks of: by our id, by the carrier's, or because nothing else fits. */
export function* findSegment(carrier: string, receipt: ReceiptEvent): Work<SegmentRow | undefined> {
  const own = yield* findByMessageId(receipt);
  if (own !== undefined) return own;
  if (receipt.carrierMessageId === undefined) return undefined;
  return (
    (yield* findByCarrierId(carrier, receipt.carrierMessageId, receipt.phone)) ?? (yield* findOrphan(carrier, receipt))
  );
}

/** The digits of a phone, in whatever form it came. */
export function toDigits(phone: string): string {
  return phone.replace(/\D/g, '');
}

function* findByMessageId({messageId, carrierMessageId}: ReceiptEvent): Work<SegmentRow | undefined> {
  if (messageId === undefined) return undefined;
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined) return undefined;
  const segments = yield* rows<SegmentRow>(sql.allSegmentsOf, message.seq);
  const keys = carrierMessageId === undefined ? [] : toIdCandidates(carrierMessageId).map(({key}) => key);
  const named = segments.find(segment => segment.id_key !== null && keys.includes(segment.id_key));
  return named ?? segments.find(segment => segment.cycle === message.cycle);
}

function* findByCarrierId(carrier: string, id: string, phone: string | undefined): Work<SegmentRow | undefined> {
  const weakly: Candidate[] = [];
  for (const {key, weak} of toIdCandidates(id)) {
    const found = yield* rows<Candidate>(sql.segmentsByKey, key, carrier);
    if (weak) weakly.push(...found.filter(segment => isSamePhone(segment.phone, phone)));
    else if (found.length > 0) return pick(found, phone);
  }
  const [first] = weakly;
  return weakly.every(segment => segment.message === first?.message) ? first : undefined;
}

/** Ids come again when an SMSC restarts: the handset's own before others, unfinished ones before finished ones, then the newest. */
function pick(found: readonly Candidate[], phone: string | undefined): Candidate | undefined {
  const own = found.filter(segment => isSamePhone(segment.phone, phone));
  const among = own.length > 0 ? own : found;
  return among.find(segment => !isFinalSegment(segment.state)) ?? among[0];
}

/** A receipt whose id was never given to us, for a phone to which exactly one segment without an id was sent: `unknown`, so nobody waits for its answer. */
function* findOrphan(carrier: string, {phone, receivedAt}: ReceiptEvent): Work<SegmentRow | undefined> {
  if (phone === undefined) return undefined;
  const canonical = /^\d/.test(phone) ? `+${phone}` : phone;
  const found = yield* rows<Candidate>(sql.segmentsWithoutId, canonical, carrier, receivedAt);
  const [only] = found;
  return found.length === 1 && only?.state === 'unknown' ? only : undefined;
}

/** National and international forms of one number share their last digits. */
function isSamePhone(stored: string, told: string | undefined): boolean {
  if (told === undefined) return false;
  const [one, other] = [toDigits(stored), toDigits(told)];
  if (Math.min(one.length, other.length) < 7) return stored === told;
  return one.endsWith(other.replace(/^0+/, '')) || other.endsWith(one);
}
