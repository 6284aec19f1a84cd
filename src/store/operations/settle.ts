import {toIdKey} from '../../core/carrier-id.ts';
import {parseQueueName, toQueueName} from '../../core/queue.ts';
import type {SegmentState} from '../../core/state.ts';
import {type JobRow, type MessageRow, type SegmentRow, toMessageSeq} from '../rows.ts';
import * as sql from '../sql.ts';
import type {Settlement} from '../store.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {standAside} from './aside.ts';
import {addDeadLetter, addEvent, addEvents} from './events.ts';
import {become, refold} from './fold.ts';
import {holdCarrierId, holdMessage} from './hold.ts';
import {internQueue, queueName, releaseJob} from './lane.ts';
import {late, neverLeft, type Tried} from './late.ts';
import {matchParked} from './receipt.ts';
import {settleInbound, settlePosted, settleReceipt} from './settle-post.ts';
import {settleTakenAlone} from './settle-taken.ts';
import {firstTry, takeStartBack} from './start.ts';
import {markUnknown} from './unknown.ts';

type Settled<To extends Settlement['to']> = Extract<Settlement, {to: To}>;

export function* settle(db: Db, settlement: Settlement): Work<boolean> {
  yield* holdMessage(db, toMessageSeq(settlement.job));
  if (settlement.to === 'posted' && (yield* settlePosted(db, settlement))) return true;
  if (settlement.to === 'taken' && (yield* settleTakenAlone(db, settlement))) return true;
  const job = yield* row<JobRow>(sql.leasedJob, settlement.job, settlement.fence);
  if (job?.kind === 'receipt' && (settlement.to !== 'retry' || job.receipt === null)) {
    yield* addEvents(db, job.message, settlement.events);
    yield* settleReceipt(db, job, settlement);
    return true;
  }
  const message = yield* row<MessageRow>(sql.messageBySeq, toMessageSeq(settlement.job));
  if (message === undefined) return false;
  yield* addEvents(db, message.seq, settlement.events);
  if (job === undefined) {
    yield* keepEvidence(db, message, settlement);
    return false;
  }
  if ('isUnsent' in settlement && settlement.isUnsent === true) yield* takeStartBack(db, message);
  if (settlement.to === 'retry') yield* settleRetry(db, job, message, settlement);
  else if (job.kind === 'inbound') yield* settleInbound(db, job, message, settlement);
  else yield* settleOutbound(db, job, message, settlement);
  return true;
}

function* settleOutbound(db: Db, job: JobRow, message: MessageRow, settlement: Settlement): Work<void> {
  switch (settlement.to) {
    case 'taken':
      return yield* settleTaken(db, job, message, settlement);
    case 'unknown':
      return yield* settleUnknown(db, job, message, settlement);
    case 'ended':
      return yield* settleEnded(db, message, settlement);
    case 'retry':
    case 'posted':
      throw new Error(`outbound job ${job.id} can't be settled as ${settlement.to}`);
  }
}

function* settleTaken(db: Db, job: JobRow, message: MessageRow, settlement: Settled<'taken'>): Work<void> {
  const {segment: index, carrierMessageId, receiptWithinMs} = settlement;
  yield* holdCarrierId(db, message.carrier, carrierMessageId);
  const key = carrierMessageId === undefined ? null : toIdKey(carrierMessageId);
  const answer = [db.now, key, carrierMessageId ?? null];
  const segment = yield* row<SegmentRow>(sql.answerSegment, message.seq, message.cycle, index, ...answer);
  if (segment === undefined) throw new Error(`segment ${index} of job ${job.id} was never started`);
  yield* refold(db, message, {by: 'carrier', at: db.now, receiptWithinMs, settled: job}, segment);
  yield* matchParked(db, segment.carrier, {id: carrierMessageId, phone: message.phone, startedAt: segment.started_at});
}

function* settleRetry(db: Db, job: JobRow, message: MessageRow, settlement: Settled<'retry'>): Work<void> {
  const {dueInMs, counts, segment: index, carrier, aside} = settlement;
  const queue = carrier === undefined ? job.queue : yield* toCarrierQueue(db, job.queue, carrier);
  if (aside === true) return yield* standAside(db, job, message, db.now + dueInMs);
  yield* releaseJob(db, job, {
    dueAt: dueInMs > 0 ? db.now + dueInMs : Math.min(job.due_at, message.accepted_at),
    attempts: job.attempts + (counts ? 1 : 0),
    queue,
    queuedAt: queue === job.queue ? job.queued_at : db.now,
  });
  if (index === undefined) return;
  const wasStarted = yield* endSegment(db, message, index, 'idle');
  if (!wasStarted) return yield* refold(db, message, {by: 'carrier', at: db.now});
  const now = message.segments === 1 ? undefined : yield* row<MessageRow>(sql.messageBySeq, message.seq);
  if (now !== undefined) yield* refold(db, now, {by: 'carrier', at: db.now});
}

function* toCarrierQueue(db: Db, queue: number, carrier: string): Work<number> {
  return yield* internQueue(db, toQueueName({...parseQueueName(yield* queueName(db, queue)), carrier}));
}

function* settleUnknown(db: Db, job: JobRow, message: MessageRow, settlement: Settled<'unknown'>): Work<void> {
  const segment = yield* row<SegmentRow>(sql.oneSegment, message.seq, message.cycle, settlement.segment);
  if (segment?.state !== 'started') {
    yield* releaseJob(db, job, {dueAt: job.due_at, attempts: job.attempts, queue: job.queue, queuedAt: job.queued_at});
    return yield* refold(db, message, {by: 'carrier', at: db.now});
  }
  yield* markUnknown(db, message, segment, settlement.watchInMs);
}

function* settleEnded(db: Db, message: MessageRow, settlement: Settled<'ended'>): Work<void> {
  const {state, by, reason, segment: index, deadLetter} = settlement;
  const isTold = settlement.events.some(({event}) => event === state);
  if (index !== undefined) yield* endSegment(db, message, index, by === 'carrier' ? 'refused' : 'idle');
  yield* become(db, message, state, {by, reason, at: db.now, isTold});
  if (deadLetter !== undefined) yield* addDeadLetter(db, message.seq, deadLetter, `${reason.code}: ${reason.message}`);
}

/** False: it was not under way any more. */
function* endSegment(db: Db, message: MessageRow, index: number, next: SegmentState): Work<boolean> {
  const segment = yield* row<SegmentRow>(sql.oneSegment, message.seq, message.cycle, index);
  if (segment?.state !== 'started') return false;
  yield* run(sql.setSegment, message.seq, message.cycle, index, next, db.now);
  yield* matchParked(db, segment.carrier, {phone: message.phone, startedAt: segment.started_at});
  return true;
}

/** The claim was lost, what it learned is not. */
function* keepEvidence(db: Db, message: MessageRow, settlement: Settlement): Work<void> {
  if (message.direction === 'inbound') return yield* keepPosted(db, message, settlement);
  if (settlement.to === 'taken') {
    const {segment, attempt, carrierMessageId, receiptWithinMs} = settlement;
    yield* late(db, message, {segment, attempt, taken: true, carrierMessageId, receiptWithinMs});
  }
  if (settlement.to !== 'retry' && settlement.to !== 'ended') return;
  const tried = toTried(settlement);
  if (tried === undefined) return;
  if (settlement.to === 'retry' || settlement.by === 'policy') return yield* neverLeft(db, message, tried);
  const {reason, deadLetter} = settlement;
  yield* addEvent(db, message.seq, 'late_refusal', {segment: tried.segment, ...reason});
  const ends = yield* late(db, message, {...tried, taken: false, reason, receiptWithinMs: 0});
  if (ends && deadLetter !== undefined)
    yield* addDeadLetter(db, message.seq, deadLetter, `${reason.code}: ${reason.message}`);
}

/** Who has it now need not post it again. */
function* keepPosted(db: Db, message: MessageRow, settlement: Settlement): Work<void> {
  if (settlement.to !== 'posted') return;
  const job = yield* row<JobRow>(sql.jobById, settlement.job);
  if (job?.kind === 'inbound' && job.state !== 'leased') yield* settleInbound(db, job, message, settlement);
}

function toTried({isUnsent, segment, attempt}: Settled<'retry' | 'ended'>): Tried | undefined {
  if (isUnsent === true) return firstTry;
  return segment === undefined || attempt === undefined ? undefined : {segment, attempt};
}
