import test from 'ava';
import {createBudget} from '../../../src/carriers/twilio/budget.ts';
import {phone, stage, submission} from './setup.ts';

test('so many questions a minute are asked, and as many in the next', t => {
  const budget = createBudget(2);
  t.deepEqual([0, 1, 59_999, 60_000].map(budget.spend), [true, true, false, true]);
});

test('a text whose status is not known is left for later when the budget is spent; one that may not have left is not', async t => {
  const {carrier, clock} = await stage(t, {settings: {recovery: {sendsPerMinute: 1}}});
  const {outbound, entry} = submission();
  const taken = await carrier.send(submission());
  const carrierMessageId = taken.kind === 'taken' ? taken.carrierMessageId : undefined;
  const isClaimed = async () => false;
  const known = {outbound, entry, segment: 0, attempt: 1, startedAt: clock.now, isClaimed};
  t.like(await carrier.lookUp?.({...known, carrierMessageId}), {carrierMessageId, phone});
  t.is(await carrier.lookUp?.({...known, carrierMessageId}), 'busy');
  t.is(await carrier.lookUp?.(known), undefined);
  clock.now += 60_000;
  t.like(await carrier.lookUp?.({...known, carrierMessageId}), {carrierMessageId});
});

test('it wants to be asked unless recovery is off', async t => {
  t.is((await stage(t)).carrier.lookUpAfterMs, 900_000);
  t.is((await stage(t, {settings: {recovery: {enabled: false}}})).carrier.lookUpAfterMs, undefined);
});
