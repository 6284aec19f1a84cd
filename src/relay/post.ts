import {type Decision, decidePost} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Reason} from '../core/message.ts';
import type {Meter} from '../core/meter.ts';
import type {Outcome} from '../core/outcome.ts';
import type {B3, Tracer} from '../core/tracer.ts';
import type {Platform, Post} from '../platforms/platform.ts';
import type {Claim, InboundWork, ReceiptWork, Settlement, Store} from '../store/store.ts';
import type {Health} from './health.ts';
import {putOffMs} from './put-back.ts';
import {describe, settleSurely} from './settle.ts';
import {toPostedStep, toTraced} from './steps.ts';

export interface PostOptions {
  store: Store;
  name: string;
  platform(): Platform;
  healthOf(queue: string): Health;
  park(queue: string, reason: Reason): Promise<void>;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
  noise(): number;
}

/** One try, before anything follows from it. */
export interface Tried {
  claim: Claim;
  attempt: number;
  outcome: Outcome;
  isOverBudget: boolean;
  /** When it is put back, not before then. */
  againInMs?: number;
}

/** One inbound message or receipt from its claim to its settlement: one try, and what follows from it. */
export function createPost(options: PostOptions) {
  const {store, name, platform, healthOf, park, log, meter, tracer, now, noise} = options;

  async function attemptClaim(claim: Claim): Promise<Tried> {
    const beganAt = performance.now();
    const attempt = claim.attempts + 1;
    const span = tracer?.open(toTraced(claim.work));
    const outcome = await attemptPost(toPost(claim, span));
    const tookMs = performance.now() - beganAt;
    measure(claim, outcome, tookMs);
    if (span !== undefined)
      tracer?.posted(toPostedStep(claim, {spanId: span.spanId, attempt, tookMs, endedAt: now(), outcome}));
    return {claim, attempt, outcome, isOverBudget: healthOf(claim.queue).learn(outcome)};
  }

  async function end({claim, attempt, outcome, isOverBudget, againInMs}: Tried): Promise<void> {
    const ageMs = now() - claim.expiresAt;
    const decided = decidePost({outcome, attempt, ageMs, noise: noise(), isOverBudget});
    const decision = againInMs !== undefined && decided.to === 'retry' ? {...decided, dueInMs: againInMs} : decided;
    if (outcome.kind === 'unavailable' && outcome.scope === 'queue') await park(claim.queue, outcome.reason);
    await settleSurely(store, toSettlement(claim, attempt, outcome, decision), log);
    tell(claim, attempt, outcome, decision);
  }

  async function attemptPost(work: Post): Promise<Outcome> {
    try {
      return await platform().post(work);
    } catch (error) {
      const why = error instanceof Error ? error.name : 'a fault';
      const {messageId, traceId} = work.kind === 'inbound' ? work.inbound : work;
      log.error('post.fault', {messageId, traceId, platform: name, channel: work.channel, why});
      return {kind: 'unknown', reason: {code: 'ServerError', message: `${why} in the gateway while posting`}};
    }
  }

  function measure({work}: Claim, {kind: outcome}: Outcome, tookMs: number): void {
    if (work.kind === 'outbound') return;
    const {kind} = work;
    const isTaken = outcome === 'taken';
    const sinceMs = isTaken ? now() - toldAt(work) : undefined;
    const submittedAt = isTaken && kind === 'receipt' ? work.receipt.submittedAt : undefined;
    const submitToReceiptMs = submittedAt === undefined ? undefined : toldAt(work) - submittedAt;
    meter.posted({platform: name, kind, outcome, tookMs, sinceMs, submitToReceiptMs});
  }

  /** When the carrier told us what is posted. */
  function toldAt(work: InboundWork | ReceiptWork): number {
    return work.kind === 'inbound' ? work.inbound.receivedAt : work.receipt.at;
  }

  function tell(claim: Claim, attempt: number, outcome: Outcome, decision: Decision): void {
    const {work} = claim;
    const {messageId, traceId, channel} = work.kind === 'inbound' ? work.inbound : toReceiptNames(claim);
    const why = outcome.kind === 'taken' ? undefined : outcome.reason.message;
    const fields = {messageId, traceId, platform: name, channel, attempt, next: decision.to, why};
    if (outcome.kind === 'taken') log.info(`${work.kind}.posted`, fields);
    else log.warn(`${work.kind}.post_${outcome.kind}`, fields);
  }

  async function retry({job, fence}: Claim, dueInMs: number): Promise<void> {
    await settleSurely(store, {job, fence, to: 'retry', dueInMs, counts: false, events: []}, log);
  }

  return {
    attempt: attemptClaim,
    end,
    giveBack: (claim: Claim) => retry(claim, 0),
    /** For a moment. */
    putOff: (claim: Claim) => retry(claim, putOffMs),
  };
}

function toReceiptNames({work}: Claim): {messageId: string; traceId: string; channel: string} {
  return work.kind === 'receipt' ? work : {messageId: '', traceId: '', channel: ''};
}

function toPost({job, queue, work}: Claim, b3: B3 | undefined): Post {
  switch (work.kind) {
    case 'inbound':
      return {kind: 'inbound', channel: work.inbound.channel, inbound: work.inbound, b3};
    case 'receipt': {
      const {channel, messageId, from, to, traceId, receipt, headers} = work;
      return {kind: 'receipt', channel, messageId, from, to, traceId, receipt, headers, b3};
    }
    case 'outbound':
      throw new Error(`job ${job} of ${queue} is no post`);
  }
}

function toSettlement(claim: Claim, attempt: number, outcome: Outcome, decision: Decision): Settlement {
  const {job, fence, work} = claim;
  const event = outcome.kind === 'taken' ? 'posted' : `post_${outcome.kind}`;
  const held = {job, fence, events: [{event, detail: {of: work.kind, attempt, ...describe(outcome)}}]};
  switch (decision.to) {
    case 'retry':
      return {...held, to: 'retry', dueInMs: decision.dueInMs, counts: decision.counts};
    case 'ended': {
      const {state, by, reason, deadLetter} = decision;
      return {...held, to: 'ended', state, by, reason, deadLetter};
    }
    case 'taken':
    case 'unknown':
      return {...held, to: 'posted'};
  }
}
