import type {Receipt} from '../../core/message.ts';
import {toLane} from '../keys.ts';
import type {ClaimedRow, InboundBody, JobRow, OutboundBody, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import * as guardSql from '../sql-guards.ts';
import type {Claim, NewOutbound, OutboundWork, ReceiptWork} from '../store.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {hashedListsOf} from './names.ts';
import {openBody} from './payload.ts';

/** Of a job that has just been leased. */
export type LeasedJob = Pick<
  JobRow,
  'id' | 'message' | 'kind' | 'queue' | 'due_at' | 'attempts' | 'fence' | 'priority' | 'expires_at' | 'receipt'
>;

/** Everything the relay needs for it. */
export function* toClaim(db: Db, job: LeasedJob, message: ClaimedRow): Work<Claim> {
  return {
    job: job.id,
    fence: job.fence,
    kind: job.kind,
    queue: db.ledger.queueName(job.queue),
    attempts: job.attempts,
    acceptedAt: message.accepted_at,
    expiresAt: job.expires_at,
    work: yield* toWork(db, job, message),
  };
}

function* toWork(db: Db, job: LeasedJob, message: ClaimedRow): Work<Claim['work']> {
  if (job.kind === 'receipt') return toReceiptWork(message, JSON.parse(job.receipt ?? 'null'));
  const {id: messageId, platform, channel, carrier, phone, address, trace: traceId} = message;
  if (message.body === null) throw new Error(`message ${messageId} has a job but no text`);
  const stored = openBody(db, message, message.body);
  if (job.kind === 'outbound') return yield* toOutboundWork(db, job, message, JSON.parse(stored));
  const body: InboundBody = JSON.parse(stored);
  return {
    kind: 'inbound',
    inbound: {messageId, platform, channel, carrier, from: phone, to: address, traceId, ...body},
  };
}

export function toReceiptWork(message: Omit<ClaimedRow, 'body'>, receipt: Receipt): ReceiptWork {
  const {id: messageId, platform, channel, phone: to, address: from, trace: traceId} = message;
  return {kind: 'receipt', messageId, platform, channel, from, to, traceId, receipt, ...toHeaders(message)};
}

function* toOutboundWork(db: Db, job: LeasedJob, message: ClaimedRow, body: OutboundBody): Work<OutboundWork> {
  const {id: messageId, platform, channel, phone: to, address: from, trace: traceId, plan, segments: count} = message;
  const started = plan === null ? [] : yield* rows<SegmentRow>(sql.segmentsOf, message.seq, message.cycle);
  return {
    kind: 'outbound',
    outbound: {messageId, platform, channel, from, to, traceId, ...toHeaders(message), ...body},
    priority: job.priority,
    acceptedAs: message.priority,
    ...(yield* aboutPhone(db, message)),
    plan: plan === null || count === null ? undefined : {name: plan, segments: count},
    reference: message.reference,
    ...(message.cycle > 1 && {earlierAttempts: yield* countEarlier(message)}),
    segments: started.map(({idx: index, state, attempt, carrier_message_id: id, unanswered}) => ({
      index,
      state,
      attempt,
      ...(id !== null && {carrierMessageId: id}),
      ...(unanswered === 1 && {unanswered: true}),
    })),
  };
}

/** Numbers of attempts go on from one cycle to the next. */
function* countEarlier({seq, cycle}: ClaimedRow): Work<number> {
  return (yield* row<{attempt: number | null}>(sql.attemptBefore, seq, cycle))?.attempt ?? 0;
}

/** Of a text that is accepted at this moment: nothing of it can have been sent. Of a phone on a list nothing may start before somebody has looked at it. */
export function* toFirstWork(
  db: Db,
  {outbound, start}: Pick<NewOutbound, 'outbound' | 'start'>,
  {priority, reference}: Pick<OutboundWork, 'priority' | 'reference'>,
): Work<OutboundWork> {
  const {headers, ...rest} = outbound;
  const kept = Object.keys(headers ?? {}).length === 0 ? {} : {headers};
  const about = yield* aboutPhone(db, {...outbound, phone: outbound.to});
  const started = about.optedOut.length === 0 && start !== undefined ? {plan: start, isStarted: true as const} : {};
  return {
    kind: 'outbound',
    outbound: {...rest, ...kept},
    priority,
    acceptedAs: priority,
    reference,
    ...about,
    plan: undefined,
    ...started,
    segments: [],
  };
}

/** When it wrote last, and the lists it is on. */
function* aboutPhone(
  db: Db,
  {platform, channel, phone}: Pick<ClaimedRow, 'platform' | 'channel' | 'phone'>,
): Work<Pick<OutboundWork, 'heardAt' | 'optedOut'>> {
  const about = yield* rows<AboutPhone>(guardSql.aboutPhone, phone, toLane('inbound', platform, channel, phone));
  const heardAt = about.find(({heard_at: at}) => at !== null)?.heard_at ?? undefined;
  const optedOut = [...about.flatMap(({list}) => list ?? []), ...(yield* hashedListsOf(db, phone))];
  return {optedOut, ...(heardAt !== undefined && {heardAt})};
}

interface AboutPhone {
  list: string | null;
  heard_at: number | null;
}

export function toHeaders({headers}: Pick<ClaimedRow, 'headers'>): {headers?: Record<string, string>} {
  return headers === null ? {} : {headers: JSON.parse(headers)};
}
