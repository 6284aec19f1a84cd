import {toIdCandidates, toIdKey} from '../../core/carrier-id.ts';
import type {ReceiptEvent} from '../../core/event.ts';
import {toHash} from '../keys.ts';
import type {MessageRow} from '../rows.ts';
import * as sql from '../sql-forget.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';

/** What a carrier still tells of texts that are forgotten is dropped: parked, it would bring the phone back. */

/** As long as a carrier may come back to a text. */
const rememberedMs = 604_800_000;
const sharedDigits = 7;

export function* rememberReceipts(db: Db, {seq, phone}: MessageRow): Work<void> {
  const segments = yield* rows<{carrier: string; carrier_message_id: string}>(sql.segmentIds, seq);
  for (const {carrier, carrier_message_id: id} of segments) {
    yield* run(sql.insertForgottenReceipt, toKey(carrier, toIdKey(id), phone), db.now + rememberedMs);
  }
}

/** Nothing fits this receipt: whether that is because its text is forgotten. */
export function* isOfForgotten(carrier: string, {messageId, carrierMessageId, phone}: ReceiptEvent): Work<boolean> {
  if (messageId !== undefined && (yield* row(sql.forgottenId, messageId)) !== undefined) return true;
  if (carrierMessageId === undefined || phone === undefined) return false;
  const [own = 0, second = own, third = own] = toIdCandidates(carrierMessageId).map(({key}) =>
    toKey(carrier, key, phone),
  );
  return (yield* row(sql.forgottenReceipt, own, second, third)) !== undefined;
}

/** Ids come again when an SMSC restarts, seldom for the same phone; national and international forms of one number share their last digits. */
function toKey(carrier: string, idKey: string, phone: string): number {
  return toHash('receipt', carrier, idKey, phone.replace(/\D/g, '').slice(-sharedDigits));
}
