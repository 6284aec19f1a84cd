import type {Inbound} from '../../core/message.ts';
import type {InboundBody, MessageRow} from '../rows.ts';
import * as sql from '../sql.ts';
import * as peopleSql from '../sql-people.ts';
import type {Accepted, NewAudit, NewInbound} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {takeIn} from './accept-inbound.ts';
import {auditIf} from './audit.ts';
import {addEvent} from './events.ts';
import {heldById} from './hold.ts';
import {bodyOf, keepPayload, rawOf} from './payload.ts';

/** As it was stored; undefined of any other message, and once its text is dropped. */
export function* unroutable(db: Db, messageId: string): Work<Inbound | undefined> {
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined || !(yield* isUnroutable(message))) return undefined;
  const stored = yield* bodyOf(db, message);
  if (stored === undefined) return undefined;
  const {platform, channel, carrier, phone: from, address: to, trace: traceId} = message;
  const body: InboundBody = JSON.parse(stored);
  return {messageId, platform, channel, carrier, from, to, traceId, ...body};
}

/** The row keeps its id and its place; who it is for is filled in, and all that would have followed follows. */
export function* replaceUnroutable(db: Db, message: NewInbound, entry?: NewAudit): Work<Accepted | undefined> {
  const replaced = yield* replaceOne(db, message);
  yield* auditIf(db, entry, replaced !== undefined);
  return replaced;
}

function* replaceOne(db: Db, message: NewInbound): Work<Accepted | undefined> {
  const {messageId, platform, channel, carrier, from, to, traceId, ...body} = message.inbound;
  const known = yield* heldById(db, messageId);
  if (known === undefined || !(yield* isUnroutable(known))) return undefined;
  const webhook = yield* rawOf(db, known);
  yield* run(peopleSql.deletePayload, known.seq);
  yield* keepPayload(db, known, JSON.stringify(body satisfies InboundBody), webhook);
  yield* run(peopleSql.route, known.seq, platform, channel, db.now);
  yield* run(peopleSql.deleteDeadLetter, known.seq);
  yield* addEvent(db, known.seq, 'routed', {platform, channel});
  const consent = yield* takeIn(db, known.seq, message);
  return {messageId, result: 'stored', ...(consent && {consent})};
}

function* isUnroutable({seq}: MessageRow): Work<boolean> {
  return (yield* row<{reason: string}>(peopleSql.deadLetterOf, seq))?.reason === 'unroutable';
}
