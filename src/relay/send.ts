import type {Carrier, Submission} from '../carriers/carrier.ts';
import type {Channel} from '../core/channel.ts';
import {decideSend, expired} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Outbound, Reason} from '../core/message.ts';
import type {Meter} from '../core/meter.ts';
import {type Outcome, toSlowdown} from '../core/outcome.ts';
import type {Tracer} from '../core/tracer.ts';
import type {Claim, OutboundWork, Store} from '../store/store.ts';
import type {Moving} from './failover.ts';
import type {Gates} from './gates.ts';
import type {Guard} from './guard.ts';
import type {Health} from './health.ts';
import {createPermit} from './permit.ts';
import type {Places} from './places.ts';
import {isBound, isTaken, toLeft, type Work} from './prepare.ts';
import {createPutBack} from './put-back.ts';
import {settleSurely, toSendSettlement} from './settle.ts';
import {createStart} from './start.ts';
import {toSentStep} from './steps.ts';

export interface SendOptions {
  store: Store;
  name: string;
  /** As it is at present. */
  carrier(): Carrier;
  /** The claim comes with one place taken, for its first segment. */
  places: Places;
  findChannel(platform: string, channel: string): Channel | undefined;
  gates: Pick<Gates, 'holdsBack' | 'isPaused'>;
  guard: Guard;
  health: Health;
  /** The carrier that may take over a text to this number that this one refuses, if there is one. */
  afterRefusal(text: Moving, carrier: string, isFirstTry: boolean): string | undefined;
  park(queue: string, reason: Reason, retryAfterMs?: number): Promise<void>;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
  noise(): number;
}

/** One outbound job from its claim to its settlement: segment by segment, each started on disk before its first byte leaves: by itself, or with its text. */
export function createSend(options: SendOptions) {
  const {store, name, carrier, places, log, meter, tracer, now, noise} = options;
  const permit = createPermit(options);
  const {end, giveBack, putOff, putAside, toHoldBack} = createPutBack(options);
  const {start, mayStillLeave} = createStart({store, name, giveBack, putOff, log, now});

  /** @param onTaken the carrier has all of it; that is about to be written down */
  async function send(claim: Claim, onTaken?: () => void): Promise<void> {
    const {work} = claim;
    if (work.kind !== 'outbound') throw new Error(`job ${claim.job} of ${claim.queue} is no outbound job`);
    const holdBack = toHoldBack(claim, work);
    if (holdBack !== undefined) {
      places.giveBack(claim.queue);
      return holdBack(claim);
    }
    const prepared = claim.expiresAt <= now() ? expired(toLeft(work)) : await permit(claim, work);
    if (prepared === undefined || 'to' in prepared) {
      places.giveBack(claim.queue);
      if (prepared === undefined) return giveBack(claim);
      return prepared.to === 'aside' ? putAside(claim, prepared) : end(claim, prepared);
    }
    const segments = toSend(work, prepared.plan.segments);
    if (segments.length === 0) return closeTaken(claim, work, prepared);
    await sendAll(prepared, segments, onTaken);
  }

  async function sendAll(work: Work, segments: readonly number[], onTaken?: () => void): Promise<void> {
    const [first, last] = [segments[0], segments.at(-1)];
    for (const segment of segments) {
      if (segment !== first && !(await places.takeNext(work.claim.queue))) return giveBack(work.claim);
      if (!(await sendSegment(work, segment, segment === last ? onTaken : undefined))) return;
    }
  }

  /** Evidence has come for every segment while the job was waiting: nothing is left to send. */
  async function closeTaken(claim: Claim, work: OutboundWork, {channel, plan}: Work): Promise<void> {
    places.giveBack(claim.queue);
    const segment = plan.segments - 1;
    const last = work.segments.find(({index}) => index === segment);
    const {job, fence} = claim;
    const {receiptWithinMs} = channel;
    const {attempt = claim.attempts, carrierMessageId} = last ?? {};
    const taken = {segment, attempt, carrierMessageId, receiptWithinMs, events: []};
    await settleSurely(store, {job, fence, to: 'taken', ...taken}, log);
  }

  /** True: taken, go on with the next one. */
  async function sendSegment(work: Work, segment: number, onTaken?: () => void): Promise<boolean> {
    const {claim, outbound, plan} = work;
    const attempt = claim.attempts + 1;
    if (claim.expiresAt <= now()) {
      places.giveBack(claim.queue);
      await end(claim, expired(segment > 0 ? 'part' : toLeft(outbound)));
      return false;
    }
    if (!(await start(work, segment, attempt))) {
      places.giveBack(claim.queue);
      return false;
    }
    const turn = places.leave(claim.queue, outbound.priority, plan.airSegments?.[segment] ?? 1);
    if (turn !== undefined) {
      await turn;
      if (!(await mayStillLeave(work, {segment, attempt}))) return false;
    }
    if (segment === 0)
      meter.submitted({carrier: name, priority: outbound.priority, sinceAcceptedMs: now() - claim.acceptedAt});
    const beganAt = performance.now();
    const outcome = await attemptSend(work, segment, attempt);
    const tookMs = performance.now() - beganAt;
    meter.responded({carrier: name, outcome: outcome.kind, tookMs});
    tracer?.sent(toSentStep(work, {carrier: name, segment, attempt, outcome, tookMs, endedAt: now()}));
    const settled = settleSegment(work, segment, attempt, outcome);
    // Once the pace and the account's health have learnt of it: whoever gets its place goes by them.
    if (outcome.kind === 'taken') onTaken?.();
    return await settled;
  }

  async function attemptSend(work: Work, segment: number, attempt: number): Promise<Outcome> {
    const {outbound, priority, reference} = work.outbound;
    const submission: Submission = {
      outbound,
      entry: work.entry,
      priority,
      plan: work.plan,
      segment,
      reference,
      attempt,
      sendWithinMs: work.claim.expiresAt - now(),
      deliverWithinMs: work.channel.deliverWithinMs,
    };
    try {
      return await carrier().send(submission);
    } catch (error) {
      // A fault of ours, found while sending: bytes may have left, so it can't be tried again by itself.
      const why = error instanceof Error ? error.name : 'a fault';
      log.error('send.fault', {...toNames(outbound), carrier: name, why});
      return {kind: 'unknown', reason: {code: 'ServerError', message: `${why} in the gateway while sending`}};
    }
  }

  async function settleSegment(work: Work, segment: number, attempt: number, outcome: Outcome): Promise<boolean> {
    const {claim, channel, outbound} = work;
    const tries = attempt - (outbound.earlierAttempts ?? 0);
    const mayMove = segment === 0 && outcome.kind === 'refused' && !isBound(outbound);
    const nextCarrier = mayMove
      ? options.afterRefusal({channel, priority: outbound.priority, to: outbound.outbound.to}, name, tries === 1)
      : undefined;
    const leftMs = claim.expiresAt - now();
    const rules = {canFailOver: nextCarrier !== undefined, isOverBudget: options.health.learn(outcome)};
    const decision = decideSend({outcome, attempt: tries, leftMs, noise: noise(), ...rules});
    if (decision.to === 'taken') places.succeeded(claim.queue);
    if (decision.to === 'ended') meter.ended({carrier: name, state: decision.state});
    const slowdown = toSlowdown(outcome);
    if (slowdown !== undefined) places.throttled(claim.queue, slowdown, noise());
    if (outcome.kind === 'unavailable' && outcome.scope === 'queue') {
      await options.park(claim.queue, outcome.reason, outcome.retryAfterMs);
    }
    const receiptWithinMs = Math.min(channel.receiptWithinMs, carrier().lookUpAfterMs ?? Number.POSITIVE_INFINITY);
    const tried = {claim, carrier: name, segment, attempt, outcome, decision, nextCarrier, receiptWithinMs};
    const ours = await settleSurely(store, toSendSettlement(tried), log);
    const why = outcome.kind === 'taken' ? undefined : outcome.reason.code;
    const names = toNames(outbound.outbound);
    log.info(`send.${outcome.kind}`, {...names, carrier: name, segment, attempt, next: decision.to, why});
    return ours && decision.to === 'taken';
  }

  return {send, end, giveBack};
}

/** Each line about a text has them. */
function toNames({messageId, traceId}: Outbound) {
  return {messageId, traceId};
}

/** The segments not taken yet, in order. */
function toSend(work: OutboundWork, count: number): number[] {
  const left: number[] = [];
  for (let segment = 0; segment < count; segment += 1) {
    if (!work.segments.some(({index, state}) => index === segment && isTaken(state))) left.push(segment);
  }
  return left;
}
