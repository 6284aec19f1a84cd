import {toIdKey} from '../../core/carrier-id.ts';
import type {MessageRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, hold, row, type Work} from '../work.ts';

/**
 * Everything about one phone (its messages, their segments, jobs and receipts, its lanes, its consent) is read and written by one operation at a
 * time, on whatever replica: an operation asks for the phone first and reads afterwards.
 */
export function* holdPhone(db: Db, phone: string): Work<void> {
  if (db.held !== undefined) yield* hold(db, toPhoneKey(phone));
}

export function* holdMessage(db: Db, seq: number): Work<void> {
  if (db.held === undefined) return;
  const phone = db.phones?.get(seq) ?? (yield* row<{phone: string}>(sql.phoneOf, seq))?.phone;
  if (phone !== undefined) yield* holdPhone(db, phone);
}

/** The message as it is once its phone is held. */
export function* heldById(db: Db, messageId: string): Work<MessageRow | undefined> {
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined || db.held === undefined) return message;
  yield* holdPhone(db, message.phone);
  return yield* row<MessageRow>(sql.messageById, messageId);
}

/** Where a receipt that names no phone and the answer that brings its id could miss each other. */
export function* holdCarrierId(db: Db, carrier: string, carrierMessageId: string | undefined): Work<void> {
  if (carrierMessageId !== undefined) yield* hold(db, `id ${carrier} ${toIdKey(carrierMessageId)}`);
}

export function* holdGroup(db: Db, carrier: string, group: string): Work<void> {
  yield* hold(db, `group ${carrier} ${group}`);
}

const sharedDigits = 7;

/** National and international forms of one number share their last digits; others that share them wait for each other without need. */
function toPhoneKey(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return `phone ${digits.length < sharedDigits ? phone : digits.slice(-sharedDigits)}`;
}
