import type {PostedStep, SentStep, TakenStep, Traced} from '../core/tracer.ts';
import type {OutboundEvent} from '../platforms/platform.ts';
import type {Claim} from '../store/store.ts';
import type {Work} from './prepare.ts';

/** What a tracer is told of each step: names and times, nothing of what people write. */

type Taken = Pick<TakenStep, 'messageId' | 'result' | 'endedAt' | 'storeMs'>;

export function toTakenStep({platform, channel, traceId, headers, trace}: OutboundEvent, step: Taken): TakenStep {
  const tookMs = Math.max(step.storeMs, step.endedAt - (trace?.receivedAt ?? step.endedAt));
  return {...step, tookMs, direction: 'outbound', platform, channel, traceId, headers, b3: trace?.b3};
}

type Sent = Pick<SentStep, 'carrier' | 'segment' | 'attempt' | 'outcome' | 'tookMs' | 'endedAt'>;

export function toSentStep({claim: {acceptedAt}, outbound: {outbound}}: Work, step: Sent): SentStep {
  const {messageId, traceId, channel, headers} = outbound;
  return {...step, messageId, traceId, channel, headers, acceptedAt};
}

type Posted = Pick<PostedStep, 'spanId' | 'attempt' | 'tookMs' | 'endedAt' | 'outcome'>;

export function toPostedStep({attempts, work}: Claim, step: Posted): PostedStep {
  if (work.kind === 'outbound') throw new Error('a text to a phone is no post');
  if (work.kind === 'inbound') return {...step, ...toNames(work.inbound), kind: 'inbound'};
  const {at, submittedAt} = work.receipt;
  const isFirst = attempts === 0 && submittedAt !== undefined;
  return {...step, ...toNames(work), kind: 'receipt', ...(isFirst && {receipt: {submittedAt, at}})};
}

export function toTraced(work: Claim['work']): Traced {
  if (work.kind === 'receipt') return work;
  return work.kind === 'inbound' ? work.inbound : work.outbound;
}

function toNames({messageId, traceId, platform, channel, headers}: Traced & {platform: string; channel: string}) {
  return {messageId, traceId, platform, channel, headers};
}
