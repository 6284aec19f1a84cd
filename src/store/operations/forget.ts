import {toAuditTarget} from '../../core/audit.ts';
import type {Reason} from '../../core/message.ts';
import {toLane} from '../keys.ts';
import type {ForgetOrder, ForgetStep} from '../privacy.ts';
import {type JobRow, type MessageRow, toJobId} from '../rows.ts';
import {jobById} from '../sql.ts';
import * as sql from '../sql-forget.ts';
import {setMeta} from '../sql-prune.ts';
import type {NewAudit} from '../store.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';
import {audit} from './audit.ts';
import {addEvent} from './events.ts';
import {become} from './fold.ts';
import {forgetConsents} from './forget-consents.ts';
import {rememberReceipts} from './forgotten-receipts.ts';
import {heldById, holdPhone} from './hold.ts';
import {endJob} from './lane.ts';
import {forget} from './prune.ts';
import {endByPolicy} from './stop.ts';
import {findUnreadable, toSearched} from './unreadable.ts';

/** Set while what was deleted may stand in the files. */
export const tidyOwed = 'tidy_owed';

interface OrderRow {
  phone: string;
  set_by: string;
  at: number;
  at_once: number;
  before_seq: number;
}

export function* orderForget(db: Db, {phone, by, atOnce}: ForgetOrder, entry?: NewAudit): Work<boolean> {
  yield* holdPhone(db, phone);
  if (db.vault.naming === undefined && (yield* row(sql.consentsNaming, phone)) !== undefined) return false;
  const former = yield* row<OrderRow>(sql.orderOf, phone);
  if (former !== undefined) yield* run(sql.repeatOrderAudit, ...toAuditKey(former));
  yield* run(sql.insertOrder, phone, by, db.now, atOnce ? 1 : 0);
  if (entry !== undefined) yield* audit(db, {...entry, target: {phone, atOnce}});
  return true;
}

export function* forgetOrders(_db: Db): Work<ForgetOrder[]> {
  const found = yield* rows<OrderRow>(sql.orders);
  return found.map(({phone, set_by: by, at_once: atOnce}) => ({phone, by, atOnce: atOnce === 1}));
}

/** From the back, so that nothing is promoted that is about to end. */
export function* forgetMore(db: Db, phone: string, before: number | undefined, limit: number): Work<ForgetStep> {
  yield* holdPhone(db, phone);
  const order = yield* row<OrderRow>(sql.orderOf, phone);
  const step: ForgetStep = {forgotten: 0, underWay: 0, receiptsOwed: 0, next: undefined};
  if (order === undefined) return step;
  const found = yield* rows<MessageRow>(sql.messagesBefore, phone, before ?? order.before_seq, limit);
  for (const message of found) step[yield* forgetOne(db, message, order)] += 1;
  if (step.forgotten > 0) yield* run(sql.addForgotten, ...toAuditKey(order), step.forgotten);
  return {...step, next: found.length === limit ? found.at(-1)?.seq : undefined};
}

export function* forgetUnreadable(db: Db, phone: string, before: number | undefined, limit: number): Work<ForgetStep> {
  const order = yield* row<OrderRow>(sql.orderOf, phone);
  const step: ForgetStep = {forgotten: 0, underWay: 0, receiptsOwed: 0, next: undefined};
  if (order === undefined) return step;
  const {found, last} = yield* findUnreadable(db, phone, before ?? order.before_seq, limit);
  for (const {id} of found) {
    const message = yield* heldById(db, id);
    if (message === undefined || message.phone !== '') continue;
    yield* forget(db, message);
    step.forgotten += 1;
  }
  return {...step, next: last};
}

export function* forgetRest(db: Db, phone: string): Work<boolean> {
  yield* holdPhone(db, phone);
  const order = yield* row<OrderRow>(sql.orderOf, phone);
  if (order === undefined) return false;
  if ((yield* row(sql.messagesBefore, phone, order.before_seq, 1)) !== undefined) return false;
  db.ledger.addParked(-(yield* runCounted(sql.deleteParkedOf, toSearched(phone))));
  yield* run(sql.deletePartsOf, phone.replace(/^\+/, ''));
  yield* run(sql.deleteJoinedOf, toSearched(phone));
  yield* run(sql.deleteGatesOf, phone);
  yield* forgetConsents(db, phone, order.at);
  yield* run(sql.endOrderAudit, ...toAuditKey(order));
  yield* run(sql.deleteOrder, phone);
  yield* run(setMeta, tidyOwed, 1);
  return true;
}

/** By which the row of the audit is found that was written with the order. */
function toAuditKey({at, set_by: by, phone, at_once: atOnce}: OrderRow): [number, string, string] {
  return [at, by, toAuditTarget({phone, atOnce: atOnce === 1})];
}

/** What becomes of the message in this pass. */
function* forgetOne(db: Db, message: MessageRow, order: OrderRow): Work<'forgotten' | 'underWay' | 'receiptsOwed'> {
  const {seq, direction, platform, channel, phone} = message;
  if (!(yield* endWaiting(db, message, order))) return 'underWay';
  const receipt = yield* row<JobRow>(jobById, toJobId(seq, 'receipt'));
  if (receipt?.state === 'leased') return 'underWay';
  if (receipt !== undefined && order.at_once === 0) return 'receiptsOwed';
  if (direction === 'outbound') yield* rememberReceipts(db, message);
  else yield* run(sql.deleteHeard, toLane('inbound', platform, channel, phone));
  yield* forget(db, message);
  db.phones?.delete(seq);
  return 'forgotten';
}

/** False: it is on its way. */
function* endWaiting(db: Db, message: MessageRow, order: OrderRow): Work<boolean> {
  const {seq, direction, state} = message;
  const job = yield* row<JobRow>(jobById, toJobId(seq, direction));
  if (job?.state === 'leased') return false;
  if (direction === 'inbound') {
    if (job !== undefined) yield* endJob(db, job.id);
    return true;
  }
  const reason: Reason = {code: 'MessageNotAllowed', message: `the phone is forgotten, as ${order.set_by} ordered`};
  if (job !== undefined) yield* endByPolicy(db, job, reason);
  else if (state === 'unknown') {
    yield* addEvent(db, seq, 'purged', {...reason});
    yield* become(db, message, 'failed', {by: 'policy', reason, at: db.now});
  }
  return true;
}
