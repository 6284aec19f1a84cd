import test from 'ava';
import type {SentStep} from '../../../src/core/tracer.ts';
import type {Span} from '../../../src/management/traces/otlp.ts';
import {createTracer} from '../../../src/management/traces/tracer.ts';

const phone = '+14155550123';

function start(share: number) {
  const spans: Span[] = [];
  return {spans, tracer: createTracer({share, tell: span => void spans.push(span)})};
}

function toStep(more: Partial<SentStep> = {}): SentStep {
  const names = {messageId: 'm-1', traceId: `${'0'.repeat(24)}80000000`, channel: '16504661149', carrier: 'smsc-a'};
  const times = {acceptedAt: 1000, endedAt: 5000, tookMs: 20};
  return {...names, ...times, segment: 0, attempt: 1, outcome: {kind: 'taken'}, ...more};
}

test('a step has the times it was told, and how long its text had waited', t => {
  const {spans, tracer} = start(1);
  tracer.sent(toStep());
  t.like(spans[0], {startedAt: 4980, endedAt: 5000, name: 'send'});
  t.is(spans[0]?.attributes['nexus_gateway.waited_ms'], 3980);
});

test('of an outcome the code is told, not the words, which are of others', t => {
  const {spans, tracer} = start(1);
  const reason = {code: 'InvalidDestination', message: `no route to ${phone}`} as const;
  tracer.sent(toStep({outcome: {kind: 'refused', scope: 'message', reason, detail: {to: phone}}}));
  t.is(spans[0]?.error, 'InvalidDestination');
  t.false(JSON.stringify(spans).includes('4155550123'));
});

const shares = test.macro({
  exec(t, share: number, lastHex: string, isTold: boolean) {
    const {spans, tracer} = start(share);
    tracer.sent(toStep({traceId: '0'.repeat(24) + lastHex}));
    t.is(spans.length, isTold ? 1 : 0);
  },
  title: (_, share: number, lastHex: string, isTold: boolean) =>
    `of a share of ${share} the trace …${lastHex} is ${isTold ? 'told' : 'not told'}`,
});

test(shares, 1, 'ffffffff', true);
test(shares, 0.5, '7fffffff', true);
test(shares, 0.5, '80000000', false);
test(shares, 0, '00000000', false);

test('only a caller’s word that is not what the share says is kept', t => {
  const traceId = '0'.repeat(32);
  t.is(start(1).tracer.keep(traceId, undefined), undefined);
  t.is(start(1).tracer.keep(traceId, {sampled: true}), undefined);
  t.deepEqual(start(1).tracer.keep(traceId, {sampled: false}), {'x-b3-sampled': '0'});
  t.deepEqual(start(0).tracer.keep(traceId, {sampled: true}), {'x-b3-sampled': '1'});
});

test('what was kept decides for every later step', t => {
  const wanted = start(0);
  wanted.tracer.sent(toStep({headers: {'x-b3-sampled': '1'}}));
  t.is(wanted.spans.length, 1);
  const unwanted = start(1);
  unwanted.tracer.sent(toStep({headers: {'x-b3-sampled': '0'}}));
  t.deepEqual(unwanted.spans, []);
  t.false(unwanted.tracer.open(toStep({headers: {'x-b3-sampled': '0'}})).sampled);
});
