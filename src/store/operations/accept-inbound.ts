import {postQueue} from '../../core/queue.ts';
import {toLane} from '../keys.ts';
import type {InboundBody} from '../rows.ts';
import * as sql from '../sql.ts';
import * as partSql from '../sql-parts.ts';
import {type Accepted, type NewInbound, StoreUnavailable} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {addJob} from './add-job.ts';
import {addDeadLetter, addEvent} from './events.ts';
import {holdGroup, holdPhone} from './hold.ts';
import {followOrder} from './orders.ts';
import {joinedRows} from './parts.ts';
import {keepPayload} from './payload.ts';
import {endAsOfBackup, isOfBackup} from './set-aside.ts';

/** How long a text or a part may come again as a copy (design rule 10). */
export const copyWindowMs = 600_000;

export function* acceptInbound(db: Db, message: NewInbound): Work<Accepted> {
  yield* holdPhone(db, message.inbound.from);
  if (message.group !== undefined) yield* holdGroup(db, message.inbound.carrier, message.group);
  const copy = yield* findCopy(db, message);
  if (copy !== undefined) {
    yield* closeGroup(db, message, copy);
    return {messageId: copy, result: 'duplicate'};
  }
  if (message.isAwaited?.() === false) throw new StoreUnavailable('the carrier does not wait for its answer any more');
  const isLate = yield* isOfBackup(message.inbound.carrier, message.group);
  const seq = yield* insertInbound(db, message);
  const {messageId} = message.inbound;
  yield* closeGroup(db, message, messageId);
  if (message.fingerprint !== undefined) yield* run(partSql.insertFingerprint, message.fingerprint, messageId, db.now);
  if (isLate) {
    yield* endAsOfBackup(db, seq);
    return {messageId, result: 'stored'};
  }
  if (message.inbound.platform === '') {
    yield* endUnroutable(db, seq);
    return {messageId, result: 'stored'};
  }
  const consent = yield* takeIn(db, seq, message);
  return {messageId, result: 'stored', ...(consent && {consent})};
}

/** What follows from a text that a channel is for: its order, and its way to the platform. */
export function* takeIn(db: Db, seq: number, message: NewInbound): Work<Accepted['consent']> {
  if (message.inbound.suspectedOptOut) yield* addEvent(db, seq, 'suspected_opt_out');
  const consent = message.consent && (yield* followOrder(db, seq, message.inbound, message.consent));
  if (consent?.forward === false) yield* run(sql.setState, seq, 'handled', db.now, null, null, null, db.now, null);
  else yield* addInboundJob(db, seq, message);
  return consent;
}

export function* forgetFingerprints(_db: Db, fingerprints: string[]): Work<void> {
  for (const fingerprint of fingerprints) yield* run(partSql.deleteFingerprint, fingerprint);
}

function* findCopy(db: Db, {inbound, fingerprint, group}: NewInbound): Work<string | undefined> {
  if ((yield* row(sql.isKnownId, inbound.messageId)) !== undefined) return inbound.messageId;
  const since = db.now - copyWindowMs;
  if (fingerprint !== undefined) {
    const holder = yield* row<{message_id: string}>(partSql.fingerprintHolder, fingerprint, since);
    if (holder !== undefined) return holder.message_id;
  }
  if (group === undefined || (yield* row(partSql.partsOf, inbound.carrier, group)) !== undefined) return undefined;
  return (yield* row<{message_id: string}>(partSql.joinedGroup, inbound.carrier, group, since))?.message_id;
}

function* closeGroup(db: Db, {inbound, group, parts}: NewInbound, messageId: string): Work<void> {
  if (group === undefined) return;
  const {carrier} = inbound;
  for (const {part_group: name, part, fingerprint} of yield* joinedRows(db, carrier, group, parts)) {
    yield* run(partSql.rememberPart, carrier, group, fingerprint, messageId, db.now);
    yield* run(partSql.deletePart, carrier, name, part);
  }
}

function* insertInbound(db: Db, {inbound, raw}: NewInbound): Work<number> {
  const {messageId, platform, channel, carrier, from, to, traceId, ...body} = inbound;
  const parties = [platform, channel, carrier, from, to];
  const rest = ['interactive', 'accepted', 0, traceId, db.now, db.now, null, null, null];
  const inserted = yield* row<{seq: number}>(sql.insertMessage, messageId, 'inbound', ...parties, ...rest);
  if (inserted === undefined) throw new Error(`message ${messageId} was not stored`);
  yield* keepPayload(db, {seq: inserted.seq, id: messageId}, JSON.stringify(body satisfies InboundBody), raw);
  return inserted.seq;
}

function* addInboundJob(db: Db, seq: number, {inbound}: NewInbound): Work<void> {
  const {platform, channel, from} = inbound;
  const lane = toLane('inbound', platform, channel, from);
  const queue = postQueue('inbound', platform, channel);
  yield* run(sql.setHeard, lane, db.now);
  yield* addJob(db, {
    message: seq,
    kind: 'inbound',
    queue,
    lane,
    priority: 'interactive',
    dueAt: db.now,
    expiresAt: db.now,
    atOnce: {acceptedAt: db.now, work: {kind: 'inbound', inbound}},
  });
}

function* endUnroutable(db: Db, seq: number): Work<void> {
  const why = 'no channel has the address this text was sent to; add the channel, or correct its address';
  yield* run(sql.setState, seq, 'failed', db.now, 'policy', 'GeneralError', why, db.now, null);
  yield* addDeadLetter(db, seq, 'unroutable', why);
  yield* addEvent(db, seq, 'unroutable');
}
