import {hash, randomBytes} from 'node:crypto';
import type {Outcome} from '../../core/outcome.ts';
import type {PostedStep, SentStep, TakenStep, Traced, Tracer} from '../../core/tracer.ts';
import type {Span} from './otlp.ts';

export interface TracerOptions {
  /** Of the traces whose caller says nothing, 0 to 1. */
  share: number;
  tell(span: Span): void;
}

const keptHeader = 'x-b3-sampled';

/** Turns the steps of messages into spans. */
export function createTracer({share, tell}: TracerOptions): Tracer {
  function taken(step: TakenStep): void {
    if (!isSampled(step, share)) return;
    const {traceId, messageId, direction, result, endedAt, tookMs, storeMs, b3} = step;
    // A repetition is a span of its own: its text has one already.
    const spanId = result === 'duplicate' ? newSpanId() : toSpanId(messageId);
    const names = {messageId, ...toNames(step), direction, result};
    const isOutbound = direction === 'outbound';
    tell({
      traceId,
      spanId,
      ...(b3?.spanId !== undefined && {parentSpanId: b3.spanId}),
      name: isOutbound ? 'webhook' : 'inbound',
      kind: isOutbound ? 'server' : 'consumer',
      startedAt: endedAt - tookMs,
      endedAt,
      attributes: toAttributes(names),
      ...((result === 'unreadable' || result === 'unroutable') && {error: result}),
    });
    const store = {traceId, spanId: newSpanId(), parentSpanId: spanId, name: 'store', kind: 'internal'} as const;
    tell({...store, startedAt: endedAt - storeMs, endedAt, attributes: toAttributes({messageId})});
  }

  function sent(step: SentStep): void {
    if (!isSampled(step, share)) return;
    const {traceId, messageId, segment, attempt, outcome, endedAt, tookMs, acceptedAt} = step;
    const startedAt = endedAt - tookMs;
    const waitedMs = Math.max(0, Math.round(startedAt - acceptedAt));
    tell({
      traceId,
      spanId: newSpanId(),
      parentSpanId: toSpanId(messageId),
      name: 'send',
      kind: 'client',
      startedAt,
      endedAt,
      attributes: toAttributes({messageId, ...toNames(step), segment, attempt, ...toEnd(outcome), waitedMs}),
      ...toError(outcome),
    });
  }

  function posted(step: PostedStep): void {
    if (!isSampled(step, share)) return;
    const {traceId, messageId, spanId, kind: posts, attempt, outcome, endedAt, tookMs, receipt} = step;
    const parentSpanId = toSpanId(messageId);
    const names = toNames(step);
    if (receipt !== undefined) {
      const {submittedAt, at} = receipt;
      const attributes = toAttributes({messageId, ...names});
      const waited = {traceId, spanId: newSpanId(), parentSpanId, name: 'receipt', kind: 'consumer'} as const;
      tell({...waited, startedAt: submittedAt, endedAt: at, attributes});
    }
    tell({
      traceId,
      spanId,
      parentSpanId,
      name: 'post',
      kind: 'client',
      startedAt: endedAt - tookMs,
      endedAt,
      attributes: toAttributes({messageId, ...names, posts, attempt, ...toEnd(outcome)}),
      ...toError(outcome),
    });
  }

  return {
    taken,
    sent,
    posted,
    keep(traceId, b3) {
      if (b3?.sampled === undefined || b3.sampled === isInShare(traceId, share)) return undefined;
      return {[keptHeader]: b3.sampled ? '1' : '0'};
    },
    open: traced => ({spanId: newSpanId(), sampled: isSampled(traced, share)}),
  };
}

/** The same on every replica and for every step: what was kept with the message, else what its trace's id says. */
function isSampled({traceId, headers}: Traced, share: number): boolean {
  const kept = headers?.[keptHeader];
  return kept === undefined ? isInShare(traceId, share) : kept === '1';
}

function isInShare(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 0x1_0000_0000;
}

/** Of the span that holds all others of a message: whoever tells one of them knows it. */
function toSpanId(messageId: string): string {
  return hash('sha256', messageId).slice(0, 16);
}

function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

function toNames({platform, channel, carrier}: {platform?: string; channel?: string; carrier?: string}) {
  return {platform, channel, carrier};
}

function toEnd(outcome: Outcome) {
  const reason = outcome.kind === 'taken' ? undefined : outcome.reason.code;
  return {outcome: outcome.kind, reason};
}

function toError(outcome: Outcome): {error?: string} {
  return outcome.kind === 'taken' ? {} : {error: outcome.reason.code};
}

const keys = new Map<string, string>();

/** In OpenTelemetry's manner: a name space, and words with underscores. */
function toAttributes(names: Span['attributes']): Span['attributes'] {
  return Object.fromEntries(Object.entries(names).map(([name, value]) => [keys.get(name) ?? toKey(name), value]));
}

function toKey(name: string): string {
  const key = `nexus_gateway.${name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)}`;
  keys.set(name, key);
  return key;
}
