import type {Media} from '../../core/message.ts';
import type {Detail} from '../../core/outcome.ts';
import type {MessageRow, OutboundBody, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import * as peopleSql from '../sql-people.ts';
import type {MessageRecord, NewAudit, StoredWebhook} from '../store.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {audit} from './audit.ts';
import {addEvent} from './events.ts';
import {heldById} from './hold.ts';
import {bodyOf, rawOf} from './payload.ts';

export function* get(db: Db, messageId: string, withText: boolean): Work<MessageRecord | undefined> {
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined) return undefined;
  const record = yield* toRecord(message);
  return withText ? {...record, ...(yield* textOf(db, message))} : record;
}

export function* note(db: Db, messageId: string, event: string, detail: Detail, entry?: NewAudit): Work<boolean> {
  const message = yield* heldById(db, messageId);
  if (message === undefined) return false;
  yield* addEvent(db, message.seq, event, detail);
  if (entry !== undefined) yield* audit(db, entry);
  return true;
}

export function* raw(db: Db, messageId: string): Work<StoredWebhook | undefined> {
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined) return undefined;
  const dead = yield* row<{reason: string}>(peopleSql.deadLetterOf, message.seq);
  if (dead?.reason !== 'unreadable') return undefined;
  const webhook = yield* rawOf(db, message);
  if (webhook === undefined) return undefined;
  const {platform, channel, headers} = message;
  return {platform, channel, raw: webhook, ...(headers !== null && {headers: JSON.parse(headers)})};
}

/** What is no cursor of ours finds nothing. */
export function toCursor(before: string): number {
  return /^\d{1,15}$/.test(before) ? Number(before) : 0;
}

/** The text stays out: who wants it asks for it, and that is recorded. */
export function* toRecord(message: MessageRow): Work<MessageRecord> {
  const isOutbound = message.direction === 'outbound';
  const segments = yield* rows<SegmentRow>(sql.segmentsOf, message.seq, message.cycle);
  const events = yield* rows<{at: number; event: string; detail: string | null}>(sql.eventsOf, message.seq);
  const {reason_code: code, reason_message: words} = message;
  return {
    messageId: message.id,
    channel: message.channel,
    platform: message.platform,
    direction: message.direction,
    from: isOutbound ? message.address : message.phone,
    to: isOutbound ? message.phone : message.address,
    state: message.state,
    carrier: message.carrier,
    priority: message.priority,
    acceptedAt: message.accepted_at,
    traceId: message.trace,
    ...(code !== null && {reason: {code, message: words ?? ''}}),
    segments: segments.map(({idx: index, carrier_message_id: carrierMessageId, state, started_at: startedAt}) => {
      return {index, carrierMessageId, state, startedAt};
    }),
    events: [
      {at: message.accepted_at, event: 'accepted'},
      ...events.map(({at, event, detail}) => ({at, event, ...(detail !== null && {detail: JSON.parse(detail)})})),
    ],
  };
}

function* textOf(db: Db, message: MessageRow): Work<{text?: string; media?: Media[]}> {
  const stored = yield* bodyOf(db, message);
  if (stored === undefined) return {};
  const {text, media}: Pick<OutboundBody, 'text' | 'media'> = JSON.parse(stored);
  return {text, media};
}
