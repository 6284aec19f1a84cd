import test from 'ava';
import type {Outcome} from '../../../src/core/outcome.ts';
import type {CreateFault} from '../../../src/sandbox/twilio.ts';
import {stage, submission, until} from './setup.ts';

/** What one create with a fault becomes, and whether Twilio has taken it. */
const becomes = test.macro({
  exec: async (t, fault: CreateFault, outcome: Partial<Outcome>, taken: boolean) => {
    const settings = fault.kind === 'silence' ? {responseTimeout: '200ms'} : {};
    const {carrier, pretend} = await stage(t, {settings});
    pretend.fail(fault);
    t.like(await carrier.send(submission()), outcome);
    t.is(pretend.messages.length, taken ? 1 : 0);
  },
  title: (title = '') => title,
});

const answer = (status: number, code?: number, more: object = {}): CreateFault => ({
  kind: 'answer',
  status,
  ...(code === undefined ? {} : {code}),
  ...more,
});

test('a wrong number is refused', becomes, answer(400, 21211), {kind: 'refused', scope: 'message'}, false);
test('429 throttles', becomes, answer(429, 20429), {kind: 'unavailable', scope: 'throttled'}, false);
test(
  '429 passes Retry-After on',
  becomes,
  answer(429, 20429, {retryAfter: '7'}),
  {kind: 'unavailable', scope: 'throttled', retryAfterMs: 7000},
  false,
);
test(
  '429 of an edge, without a code',
  becomes,
  answer(429, undefined, {html: true}),
  {kind: 'unavailable', scope: 'throttled'},
  false,
);
test('wrong credentials park the queue', becomes, answer(401, 20003), {kind: 'unavailable', scope: 'queue'}, false);
test('500 is unknown', becomes, answer(500, 20500), {kind: 'unknown'}, false);
test('500 with a refusing code is unknown all the same', becomes, answer(500, 21211), {kind: 'unknown'}, false);
test('502 of an edge is unknown', becomes, answer(502, undefined, {html: true}), {kind: 'unknown'}, false);
test('503 is unknown', becomes, answer(503, 20503), {kind: 'unknown'}, false);
test(
  'a 404 page of a proxy parks the queue',
  becomes,
  answer(404, undefined, {html: true}),
  {
    kind: 'unavailable',
    scope: 'queue',
  },
  false,
);
test(
  'a 413 page of a proxy holds up no other text',
  becomes,
  answer(413, undefined, {html: true}),
  {kind: 'unavailable', scope: 'message'},
  false,
);
test('a lost answer is unknown', becomes, {kind: 'lost-answer'}, {kind: 'unknown'}, true);
test('an answer cut in the middle is unknown', becomes, {kind: 'cut-answer'}, {kind: 'unknown'}, true);
test('an answer that is no JSON is unknown', becomes, {kind: 'garbled-answer'}, {kind: 'unknown'}, true);
test('a reset after the request is unknown', becomes, {kind: 'reset'}, {kind: 'unknown'}, false);
test('silence is unknown', becomes, {kind: 'silence'}, {kind: 'unknown'}, false);
test('a slow answer is waited for', becomes, {kind: 'slow', ms: 50}, {kind: 'taken'}, true);

test('a Twilio that can not be reached has certainly sent nothing', async t => {
  // A port that was free a moment ago may be another test's by now; nobody is given the first one.
  const {carrier} = await stage(t, {settings: {apiUrl: 'http://127.0.0.1:1'}});
  t.like(await carrier.send(submission()), {kind: 'unavailable', scope: 'message'});
});

test('TLS with a peer that speaks none has certainly sent nothing', async t => {
  const {pretend} = await stage(t);
  const {carrier} = await stage(t, {settings: {apiUrl: pretend.url.replace('http:', 'https:')}});
  t.like(await carrier.send(submission()), {kind: 'unavailable', scope: 'message'});
  t.is(pretend.messages.length, 0);
});

test('a lost answer is proved by the callback that carries our id', async t => {
  const {carrier, pretend, receipts} = await stage(t);
  pretend.fail({kind: 'lost-answer'});
  t.like(await carrier.send(submission({attempt: 2})), {kind: 'unknown'});
  await until('the receipt', () => receipts.some(receipt => receipt.final));
  t.true(receipts.every(receipt => receipt.messageId === 'm-1' && receipt.attempt === 2));
  t.is(receipts.at(-1)?.carrierMessageId, pretend.messages[0]?.sid);
});

test('callbacks may come before the answer', async t => {
  const {carrier, pretend, receipts} = await stage(t);
  pretend.behave({callbacks: 'early'});
  t.like(await carrier.send(submission()), {kind: 'taken'});
  t.is(receipts.filter(receipt => receipt.final).length, 1);
});

test('no log line holds a secret, a text or a phone number', async t => {
  const {carrier, pretend, log} = await stage(t);
  pretend.fail(answer(400, 21211, {message: "The 'To' number +14155550123 is not valid"}), {kind: 'lost-answer'});
  const outcomes = [
    await carrier.send(submission({text: 'my secret text'})),
    await carrier.send(submission({text: 'my secret text'})),
  ];
  const all = JSON.stringify(outcomes) + log.join('\n');
  t.notRegex(all, /secret|token-one|Basic|4155550123|authorization/i);
  t.regex(all, /21211/);
});
