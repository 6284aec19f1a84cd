import type {MessageState, Outbound, Priority} from '../../core/message.ts';
import {outboundQueue} from '../../core/queue.ts';
import {toLane} from '../keys.ts';
import type {OutboundBody} from '../rows.ts';
import * as sql from '../sql.ts';
import {outboundFacts} from '../sql-facts.ts';
import {insertSegment} from '../sql-start.ts';
import {type Accepted, type NewOutbound, type NewUnreadable, StoreUnavailable} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {findNewestPlace, type NewJob, putJob} from './add-job.ts';
import {addDeadLetter, addEvent} from './events.ts';
import {holdPhone} from './hold.ts';
import {keepPayload} from './payload.ts';
import {firstTry} from './start.ts';
import {toFirstWork} from './to-claim.ts';

export function* acceptOutbound(db: Db, message: NewOutbound): Work<Accepted> {
  const {earlierId, outbound} = message;
  const {messageId} = outbound;
  yield* holdPhone(db, outbound.to);
  const facts = yield* factsOf(db, message);
  if (facts.isKnown) return {messageId, result: 'duplicate'};
  if (earlierId !== undefined && (yield* row(sql.isKnownId, earlierId)) !== undefined) {
    return {messageId: earlierId, result: 'duplicate'};
  }
  takePlace(db, outbound.platform);
  const {namesake} = facts;
  const job = toOutboundJob(db, message, facts, db.now);
  const place = yield* findNewestPlace(db, job);
  const work = place.lease && (yield* toFirstWork(db, message, facts));
  const seq = yield* insertOutbound(db, message, facts, work?.isStarted === true ? work.plan : undefined);
  if (namesake !== null) yield* addEvent(db, seq, 'id_reused', {messageId: namesake});
  yield* putJob(db, {...job, message: seq, atOnce: work && {acceptedAt: db.now, work}}, place);
  return {messageId, result: 'stored'};
}

export function* acceptUnreadable(db: Db, message: NewUnreadable): Work<Accepted> {
  const {messageId, platform, channel, traceId, raw, why, headers = {}} = message;
  yield* holdPhone(db, messageId);
  if ((yield* row(sql.isKnownId, messageId)) !== undefined) return {messageId, result: 'duplicate'};
  const values = [messageId, 'outbound', platform, channel, '', '', '', 'interactive', 'failed', 0, traceId];
  const inserted = yield* row<{seq: number}>(
    sql.insertMessage,
    ...values,
    db.now,
    db.now,
    toHeaders(headers),
    null,
    null,
  );
  if (inserted === undefined) throw new Error(`message ${messageId} was not stored`);
  const {seq} = inserted;
  yield* keepPayload(db, {seq, id: messageId}, null, raw);
  yield* run(sql.setState, seq, 'failed', db.now, 'policy', 'InvalidMessageStructure', why, db.now, null);
  yield* addDeadLetter(db, seq, 'unreadable', why);
  yield* addEvent(db, seq, 'unreadable', {why});
  yield* tellHeaders(db, seq, headers);
  return {messageId, result: 'stored'};
}

/** Counts the job to come, `toOutboundJob`. */
export function takePlace(db: Db, platform: string): void {
  refuseWhenFull(db, platform);
  db.ledger.addOutbound(1, platform);
}

/** What one platform has too many of leaves the others their places. */
export function refuseWhenFull({ledger}: Db, platform: string): void {
  const {maxOutbound, maxOutboundPerPlatform} = ledger.bounds;
  if (ledger.outboundOf(platform) >= maxOutboundPerPlatform) {
    const waiting = `${maxOutboundPerPlatform} outbound messages of platform ${platform} are waiting`;
    throw new StoreUnavailable(`${waiting}; send again when some have left`);
  }
  if (ledger.outbound() < maxOutbound) return;
  throw new StoreUnavailable(`${maxOutbound} outbound messages are waiting; send again when some have left`);
}

export function toOutboundJob(
  db: Db,
  {outbound, carrier, expiresInMs}: NewOutbound,
  {priority, lane}: Pick<Facts, 'priority' | 'lane'>,
  dueAt: number,
): Omit<NewJob, 'message'> {
  const {platform, channel} = outbound;
  const queue = outboundQueue(platform, channel, carrier, priority);
  const times = {dueAt, expiresAt: db.now + expiresInMs};
  return {kind: 'outbound', queue, lane, priority, ...times, isCounted: true};
}

/** What the rows say of a text that is to be stored. */
export interface Facts {
  isKnown: boolean;
  /** The message that has the platform's id already. */
  namesake: string | null;
  /** A campaign's text to somebody who has just written is part of a conversation. */
  priority: Priority;
  /** Handsets tell long texts of one sender apart by it (3GPP 23.040 9.2.3.24.1): each text to a phone gets the next. */
  reference: number;
  lane: number;
}

interface FactsRow {
  remembered: number | null;
  namesake: string | null;
  heard_at: number | null;
  reference: number | null;
}

export function* factsOf(db: Db, message: NewOutbound): Work<Facts> {
  const {messageId, platform, channel, to} = message.outbound;
  // Only a campaign's text becomes more by what was heard.
  const heardLane = message.priority === 'bulk' ? toLane('inbound', platform, channel, to) : null;
  const found = yield* row<FactsRow>(outboundFacts, messageId, heardLane, to, channel, platform);
  if (found === undefined) throw new Error('the store answered nothing to a question about no table');
  const lane = toLane('outbound', platform, channel, to);
  const isReply = found.heard_at !== null && found.heard_at > db.now - message.replyWindowMs;
  return {
    isKnown: found.remembered !== null || (yield* isStored(messageId, found.namesake)),
    namesake: found.namesake,
    priority: isReply ? 'interactive' : message.priority,
    reference: ((found.reference ?? lane) + 1) % 65_536,
    lane,
  };
}

function* isStored(messageId: string, namesake: string | null): Work<boolean> {
  if (namesake === null || namesake === messageId) return namesake !== null;
  return (yield* row(sql.isKnownId, messageId)) !== undefined;
}

export function toBody(outbound: Outbound): string {
  const {messageId, platform, channel, from, to, traceId, headers, ...body} = outbound;
  return JSON.stringify(body satisfies OutboundBody);
}

/** @param start its first try begins with it */
export function* insertOutbound(
  db: Db,
  message: NewOutbound,
  {priority, reference}: Pick<Facts, 'priority' | 'reference'>,
  start?: NewOutbound['start'],
): Work<number> {
  const {messageId, platform, channel, from, to, traceId, headers = {}} = message.outbound;
  const {carrier, expiresInMs} = message;
  const {segment, attempt} = firstTry;
  const parties = [platform, channel, carrier, to, from];
  const state: MessageState = start === undefined ? 'accepted' : 'sending';
  const times = [db.now, db.now + expiresInMs];
  const rest = [priority, state, reference, traceId, ...times, toHeaders(headers)];
  const plan = [start?.name ?? null, start?.segments ?? null];
  const inserted = yield* row<{seq: number}>(sql.insertMessage, messageId, 'outbound', ...parties, ...rest, ...plan);
  if (inserted === undefined) throw new Error(`message ${messageId} was not stored`);
  if (start !== undefined) yield* run(insertSegment, inserted.seq, 1, segment, attempt, carrier, 'started', db.now);
  yield* keepPayload(db, {seq: inserted.seq, id: messageId}, toBody(message.outbound), message.raw);
  yield* tellHeaders(db, inserted.seq, headers);
  return inserted.seq;
}

function toHeaders(headers: Readonly<Record<string, string>>): string | null {
  return Object.keys(headers).length === 0 ? null : JSON.stringify(headers);
}

/** They were chosen to be shown with the message. */
function* tellHeaders(db: Db, seq: number, headers: Readonly<Record<string, string>>): Work<void> {
  if (Object.keys(headers).length > 0) yield* addEvent(db, seq, 'headers', headers);
}
