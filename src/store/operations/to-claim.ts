import type {Receipt} from '../../core/message.ts';
import {toLane} from '../keys.ts';
import type {ClaimedRow, InboundBody, JobRow, OutboundBody, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {aboutPhone} from '../sql-guards.ts';
import type {Claim, OutboundWork} from '../store.ts';
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
  const {id: messageId, platform, channel, carrier, phone, address, trace: traceId} = message;
  if (job.kind === 'receipt') {
    const receipt: Receipt = JSON.parse(job.receipt ?? 'null');
    const names = {messageId, platform, channel, from: address, to: phone, traceId};
    return {kind: 'receipt', ...names, receipt, ...toHeaders(message)};
  }
  if (message.body === null) throw new Error(`message ${messageId} has a job but no text`);
  const stored = openBody(db, message, message.body);
  if (job.kind === 'outbound') return yield* toOutboundWork(db, job, message, JSON.parse(stored));
  const body: InboundBody = JSON.parse(stored);
  return {
    kind: 'inbound',
    inbound: {messageId, platform, channel, carrier, from: phone, to: address, traceId, ...body},
  };
}

function* toOutboundWork(db: Db, job: LeasedJob, message: ClaimedRow, body: OutboundBody): Work<OutboundWork> {
  const {id: messageId, platform, channel, phone: to, address: from, trace: traceId, plan, segments: count} = message;
  const started = plan === null ? [] : yield* rows<SegmentRow>(sql.segmentsOf, message.seq, message.cycle);
  const about = yield* rows<AboutPhone>(aboutPhone, to, toLane('inbound', platform, channel, to));
  const heard = about.find(({heard_at: at}) => at !== null)?.heard_at ?? undefined;
  return {
    kind: 'outbound',
    outbound: {messageId, platform, channel, from, to, traceId, ...toHeaders(message), ...body},
    priority: job.priority,
    acceptedAs: message.priority,
    ...(heard !== undefined && {heardAt: heard}),
    plan: plan === null || count === null ? undefined : {name: plan, segments: count},
    reference: message.reference,
    optedOut: [...about.flatMap(({list}) => list ?? []), ...(yield* hashedListsOf(db, to))],
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

interface AboutPhone {
  list: string | null;
  heard_at: number | null;
}

export function toHeaders({headers}: Pick<ClaimedRow, 'headers'>): {headers?: Record<string, string>} {
  return headers === null ? {} : {headers: JSON.parse(headers)};
}
