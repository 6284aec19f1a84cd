import {createServer, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import test from 'ava';
import type {SentSegment} from '../../../src/carriers/carrier.ts';
import {type Stage, stage, submission, until} from './setup.ts';

/** Two minutes after a segment was started. */
function sent({clock}: Stage, changes: Partial<SentSegment> & {text?: string; claimed?: string[]} = {}): SentSegment {
  const {text, claimed = [], ...rest} = changes;
  const {outbound, entry, segment} = submission(text === undefined ? {} : {text});
  return {
    outbound,
    entry,
    segment,
    attempt: 4,
    startedAt: clock.now - 90_000,
    isClaimed: async carrierMessageId => claimed.includes(carrierMessageId),
    ...rest,
  };
}

async function quiet(t: Parameters<typeof stage>[0]): Promise<Stage> {
  const there = await stage(t);
  there.clock.now = Date.now() + 90_000;
  there.pretend.behave({callbacks: 'none'});
  return there;
}

test('finds the text whose answer was lost, when exactly one fits', async t => {
  const there = await quiet(t);
  there.pretend.fail({kind: 'lost-answer'});
  t.like(await there.carrier.send(submission()), {kind: 'unknown'});
  const found = await there.carrier.lookUp?.(sent(there));
  t.like(found, {messageId: 'm-1', attempt: 4, carrierMessageId: there.pretend.messages[0]?.sid});
});

test('tells nothing when no text has arrived', async t => {
  const there = await quiet(t);
  there.pretend.fail({kind: 'reset'});
  await there.carrier.send(submission());
  t.is(await there.carrier.lookUp?.(sent(there)), undefined);
});

test('of two equal texts, one of them unknown, takes the one that nobody has claimed', async t => {
  const there = await quiet(t);
  there.pretend.fail({kind: 'lost-answer'});
  await there.carrier.send(submission());
  const other = await there.carrier.send(submission());
  const claimed = other.kind === 'taken' ? [other.carrierMessageId ?? ''] : [];
  t.like(await there.carrier.lookUp?.(sent(there, {claimed})), {carrierMessageId: there.pretend.messages[0]?.sid});
});

test('of two equal texts, the unknown one never taken, does not claim the other', async t => {
  const there = await quiet(t);
  there.pretend.fail({kind: 'reset'});
  await there.carrier.send(submission());
  await there.carrier.send(submission());
  const claimed = there.pretend.messages.map(message => message.sid);
  t.is(claimed.length, 1);
  t.is(await there.carrier.lookUp?.(sent(there, {claimed})), undefined);
});

test('tells nothing when two unclaimed texts fit', async t => {
  const there = await quiet(t);
  await there.carrier.send(submission());
  await there.carrier.send(submission());
  t.is(await there.carrier.lookUp?.(sent(there)), undefined);
});

test('compares the text, the recipient and the time', async t => {
  const there = await quiet(t);
  await there.carrier.send(submission({text: 'other'}));
  await there.carrier.send(submission({to: '+14155550199'}));
  t.is(await there.carrier.lookUp?.(sent(there)), undefined);
  await there.carrier.send(submission());
  t.truthy(await there.carrier.lookUp?.(sent(there)));
  t.is(await there.carrier.lookUp?.(sent(there, {startedAt: there.clock.now - 3_600_000})), undefined);
});

test('does not look before an equal text on its way has its id on disk', async t => {
  const there = await quiet(t);
  await there.carrier.send(submission());
  t.is(await there.carrier.lookUp?.(sent(there, {startedAt: there.clock.now - 59_000})), undefined);
});

test('tells the final state of a text whose receipt never came', async t => {
  const there = await quiet(t);
  there.pretend.behave({finalStatus: 'undelivered', errorCode: 30005});
  const outcome = await there.carrier.send(submission());
  const carrierMessageId = outcome.kind === 'taken' ? (outcome.carrierMessageId ?? '') : '';
  await until('it has failed', () => there.pretend.messages[0]?.status === 'undelivered');
  t.like(await there.carrier.lookUp?.(sent(there, {carrierMessageId})), {
    state: 'failed',
    final: true,
    reason: {code: 'InvalidDestination'},
    carrierMessageId,
  });
});

test('tells nothing, and does not reject, when Twilio does not answer', async t => {
  const there = await quiet(t);
  await there.pretend.stop();
  t.is(await there.carrier.lookUp?.(sent(there)), 'unanswered');
  t.true(there.log.some(line => line.startsWith('warn twilio.look_up_failed')));
});

test('asks again later what its own end cut off', async t => {
  const there = await quiet(t);
  there.pretend.failLists({kind: 'silence'});
  const asked = there.carrier.lookUp?.(sent(there));
  await until('it has asked', () => there.pretend.lists.asked > 0);
  await there.carrier.stop();
  t.is(await asked, 'busy');
});

test('tells what Twilio will never answer from what it can not answer now', async t => {
  const there = await quiet(t);
  there.pretend.failLists(
    {kind: 'answer', status: 429, code: 20429},
    {kind: 'answer', status: 401, code: 20003},
    {kind: 'garbled-answer'},
    {kind: 'answer', status: 400, code: 21211},
  );
  const told: unknown[] = [];
  for (let asked = 0; asked < 4; asked += 1) told.push(await there.carrier.lookUp?.(sent(there)));
  t.deepEqual(told, ['unanswered', 'unanswered', 'unanswered', undefined]);
});

test('asks four questions at once, and the others in their turn', async t => {
  const held: ServerResponse[] = [];
  let [asked, most] = [0, 0];
  const api = createServer((_, response) => {
    asked += 1;
    most = Math.max(most, held.push(response));
  });
  await new Promise<void>(resolve => api.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    api.closeAllConnections();
    api.close();
  });
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const there = await stage(t, {settings: {apiUrl, recovery: {enabled: false}}});
  const sid = (index: number) => `SM${index.toString(16).padStart(32, '0')}`;
  const told = Array.from({length: 10}, (_, index) =>
    there.carrier.lookUp?.(sent(there, {carrierMessageId: sid(index)})),
  );
  for (const count of [4, 8, 10]) {
    await until(`${count} asked`, () => asked === count);
    for (const response of held.splice(0)) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({sid: sid(0), status: 'sent', to: '+14155550123'}));
    }
  }
  for (const receipt of await Promise.all(told)) t.like(receipt, {state: 'sent'});
  t.is(most, 4);
});
