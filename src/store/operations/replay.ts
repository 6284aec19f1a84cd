import type {Receipt} from '../../core/message.ts';
import {postQueue} from '../../core/queue.ts';
import {toLane} from '../keys.ts';
import {type MessageRow, toJobId} from '../rows.ts';
import * as sql from '../sql.ts';
import * as peopleSql from '../sql-people.ts';
import {insertDedupe} from '../sql-prune.ts';
import type {NewAudit, ReadAgain, ReplayOptions} from '../store.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {factsOf, refuseWhenFull, takePlace, toBody, toOutboundJob} from './accept-outbound.ts';
import {addJob} from './add-job.ts';
import {auditIf} from './audit.ts';
import {addEvent} from './events.ts';
import {heldById, holdPhone} from './hold.ts';
import {endJob} from './lane.ts';
import {oweReceipt} from './owe.ts';
import {hasBody, keepPayload} from './payload.ts';
import {dedupeMs} from './prune.ts';
import {requeue} from './resume.ts';

export function* replay(db: Db, messageId: string, expiresInMs: number, options: ReplayOptions = {}): Work<boolean> {
  const replayed = yield* replayOne(db, messageId, expiresInMs, options);
  yield* auditIf(db, options.audit, replayed);
  return replayed;
}

function* replayOne(db: Db, messageId: string, expiresInMs: number, {deadAt, carrier}: ReplayOptions): Work<boolean> {
  const message = yield* heldById(db, messageId);
  if (message === undefined) return false;
  const dead = yield* row<{reason: string; at: number}>(peopleSql.deadLetterOf, message.seq);
  if (deadAt !== undefined && dead?.at !== deadAt) return false;
  const by = message.direction === 'outbound' && carrier !== undefined ? {...message, carrier} : message;
  const again = yield* tryAgain(db, by, dead?.reason, expiresInMs);
  if (!again) return false;
  yield* run(peopleSql.deleteDeadLetter, message.seq);
  yield* addEvent(db, message.seq, 'new_cycle', {cycle: message.cycle + 1});
  return true;
}

/** The row keeps its id and its place; only what could not be read the first time is filled in. */
export function* replaceUnreadable(db: Db, message: ReadAgain, entry?: NewAudit): Work<boolean> {
  const replaced = yield* replaceOne(db, message);
  yield* auditIf(db, entry, replaced);
  return replaced;
}

function* replaceOne(db: Db, message: ReadAgain): Work<boolean> {
  yield* holdPhone(db, message.outbound.to);
  const known = yield* heldById(db, message.outbound.messageId);
  if (known === undefined) return false;
  const dead = yield* row<{reason: string}>(peopleSql.deadLetterOf, known.seq);
  if (dead?.reason !== 'unreadable') return false;
  const twin = yield* findTwin(message);
  if (twin !== undefined) {
    yield* run(peopleSql.deletePayload, known.seq);
    yield* run(peopleSql.deleteDeadLetter, known.seq);
    yield* addEvent(db, known.seq, 'stored_before', {messageId: twin});
    return true;
  }
  takePlace(db, message.outbound.platform);
  if (message.ownId !== undefined) yield* run(insertDedupe, message.ownId, db.now + dedupeMs);
  const {platform, channel, from, to, traceId} = message.outbound;
  const facts = yield* factsOf(db, message);
  const parties = [platform, channel, message.carrier, to, from];
  const rest = [facts.priority, facts.reference, traceId, db.now + message.expiresInMs, db.now];
  yield* run(peopleSql.replaceUnreadable, known.seq, ...parties, ...rest);
  yield* run(peopleSql.deletePayload, known.seq);
  yield* keepPayload(db, known, toBody(message.outbound), message.raw);
  yield* run(peopleSql.deleteDeadLetter, known.seq);
  yield* addEvent(db, known.seq, 'read_again');
  yield* addJob(db, {message: known.seq, ...toOutboundJob(db, message, facts, db.now)});
  return true;
}

/** The same text as the platform delivered it once it could be read. */
function* findTwin({ownId, earlierId}: ReadAgain): Work<string | undefined> {
  for (const id of [ownId, earlierId]) {
    if (id !== undefined && (yield* row(sql.isKnownId, id)) !== undefined) return id;
  }
  return undefined;
}

/** What the platform refused to be told is told again; only what was not sent, or failed, is sent again. */
function* tryAgain(db: Db, message: MessageRow, dead: string | undefined, expiresInMs: number): Work<boolean> {
  if (message.direction === 'inbound') return yield* postAgain(db, message);
  if (dead !== undefined && peopleSql.ofReceipts.includes(dead)) return yield* tellAgain(db, message);
  const {state} = message;
  const isLost = state === 'unknown' && dead !== undefined;
  return (state === 'failed' || state === 'expired' || isLost) && (yield* sendAgain(db, message, expiresInMs));
}

function* sendAgain(db: Db, message: MessageRow, expiresInMs: number): Work<boolean> {
  if (!(yield* hasBody(message.seq)) || (yield* row(sql.jobById, toJobId(message.seq, 'outbound'))) !== undefined)
    return false;
  refuseWhenFull(db, message.platform);
  yield* dropUnclaimedReceipt(db, message);
  yield* run(peopleSql.startCycle, message.seq, db.now, db.now + expiresInMs, message.carrier);
  yield* requeue(db, message, db.now + expiresInMs, db.now);
  return true;
}

/** What became of the cycle before is no news once the text is sent again. */
function* dropUnclaimedReceipt(db: Db, message: MessageRow): Work<void> {
  const job = yield* row<{id: number; fence: number; state: string}>(sql.jobById, toJobId(message.seq, 'receipt'));
  if (job === undefined) return;
  if (job.state === 'leased') yield* run(sql.dropRenewed, job.id);
  else yield* endJob(db, job.id);
}

function* tellAgain(db: Db, message: MessageRow): Work<boolean> {
  const told = yield* toTold(message);
  if (told === undefined) return false;
  yield* oweReceipt(db, {...message, owed: message.cycle - 1}, told);
  return true;
}

/** What the last receipt said: of a text without one from its carrier, what the channel's `withoutReceipt` had us say. */
function* toTold({
  seq,
  state,
  state_at: at,
  reason_code: code,
  reason_message: words,
}: MessageRow): Work<Receipt | undefined> {
  if (state === 'delivered') return {status: 'Delivered', final: true, reasons: [], at};
  const reasons = code === null ? [] : [{code, message: words ?? ''}];
  if (state === 'failed' || state === 'expired') return {status: 'Failed', final: true, reasons, at};
  const events = yield* rows<{event: string; detail: string | null}>(sql.eventsOf, seq);
  const quiet = events.findLast(({event, detail}) => event === 'no_receipt' && detail?.includes('told'));
  if (quiet === undefined) return undefined;
  const {told}: {told?: 'delivered' | 'failed'} = JSON.parse(quiet.detail ?? '{}');
  return {status: told === 'delivered' ? 'Delivered' : 'Failed', final: true, reasons, at};
}

function* postAgain(db: Db, message: MessageRow): Work<boolean> {
  const {seq, platform, channel, phone} = message;
  const state: string = message.state;
  if (state !== 'failed' || platform === '' || !(yield* hasBody(seq))) return false;
  yield* run(peopleSql.startCycle, seq, db.now, message.expires_at, message.carrier);
  const lane = toLane('inbound', platform, channel, phone);
  const queue = postQueue('inbound', platform, channel);
  const times = {dueAt: db.now, expiresAt: db.now};
  yield* addJob(db, {message: seq, kind: 'inbound', queue, lane, priority: 'interactive', ...times});
  return true;
}
