import test from 'ava';
import {stage, submission} from './setup.ts';

test('rests after failures, tries one, goes on after a success', async t => {
  const {carrier, pretend, clock, log} = await stage(t, {settings: {concurrency: 7}});
  t.is(carrier.window(), 7);
  for (let count = 0; count < 5; count += 1) pretend.fail({kind: 'answer', status: 500, code: 20500});
  for (let count = 0; count < 5; count += 1) t.like(await carrier.send(submission()), {kind: 'unknown'});
  t.is(carrier.window(), 0);
  t.like(carrier.status(), {usable: false, window: {size: 0}});
  t.like(await carrier.send(submission()), {kind: 'unavailable', scope: 'throttled'});
  t.is(pretend.messages.length, 0);
  t.true(log.some(line => line.startsWith('warn twilio.breaker_open')));
  clock.now += 60_000;
  t.is(carrier.window(), 1);
  t.like(await carrier.send(submission()), {kind: 'taken'});
  t.is(carrier.window(), 7);
  t.like(carrier.status(), {usable: true, state: 'ready'});
});

test('throttling and refusals never make it rest', async t => {
  const {carrier, pretend} = await stage(t);
  for (let count = 0; count < 40; count += 1) {
    pretend.fail(
      count % 2 === 0 ? {kind: 'answer', status: 429, code: 20429} : {kind: 'answer', status: 400, code: 21211},
    );
    await carrier.send(submission());
  }
  t.is(carrier.window(), 20);
});

test('gives what is in flight its outcome before it has stopped, and takes no more', async t => {
  const {carrier, pretend} = await stage(t);
  pretend.fail({kind: 'slow', ms: 50});
  const sending = carrier.send(submission());
  const stopping = carrier.stop();
  t.is(carrier.window(), 0);
  t.like(await sending, {kind: 'taken'});
  await stopping;
  t.like(await carrier.send(submission()), {kind: 'unavailable'});
  t.is(carrier.status().state, 'stopped');
});
