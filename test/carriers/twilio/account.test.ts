import test from 'ava';
import {isFailure} from '../../../src/core/breaker.ts';
import {stage, submission} from './setup.ts';

test('failures leave its window as it is, for the relay decides who rests', async t => {
  const {carrier, pretend} = await stage(t, {settings: {concurrency: 7}});
  for (let count = 0; count < 6; count += 1) pretend.fail({kind: 'answer', status: 500, code: 20500});
  for (let count = 0; count < 6; count += 1) t.like(await carrier.send(submission()), {kind: 'unknown'});
  t.is(carrier.window(), 7);
  t.like(carrier.status(), {usable: true, state: 'ready'});
});

test('an answer with a code of Twilio’s own shows that the account works', async t => {
  const {carrier, pretend} = await stage(t);
  const outcomes = [
    {fault: {kind: 'answer', status: 429, code: 20429}, failure: false},
    {fault: {kind: 'answer', status: 400, code: 21211}, failure: false},
    {fault: {kind: 'answer', status: 500, code: 20500}, failure: true},
  ] as const;
  for (const {fault, failure} of outcomes) {
    pretend.fail(fault);
    t.is(isFailure(await carrier.send(submission())), failure, JSON.stringify(fault));
  }
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
