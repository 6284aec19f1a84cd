import test from 'ava';
import {settleSurely} from '../../src/relay/settle.ts';
import type {Settlement} from '../../src/store/store.ts';

const taken = {
  job: 4,
  fence: 1,
  to: 'taken',
  segment: 0,
  attempt: 2,
  carrierMessageId: 'id1',
  receiptWithinMs: 1000,
  events: [{event: 'send_taken', detail: {carrier: 'smsc'}}],
} satisfies Settlement;
const refused = {
  job: 4,
  fence: 1,
  to: 'ended',
  state: 'failed',
  by: 'carrier',
  reason: {code: 'GeneralError', message: 'words of a carrier'},
  segment: 0,
  events: [{event: 'send_refused', detail: {message: 'words of a carrier'}}],
} satisfies Settlement;

/** A store that can't carry out what this says it can't. */
async function settleWith(settlement: Settlement, fails: (asked: Settlement) => boolean) {
  const asked: Settlement[] = [];
  const settle = async (one: Settlement) => {
    asked.push(one);
    if (fails(one)) throw new Error('the store refused a row');
    return true;
  };
  const said: string[] = [];
  const ours = await settleSurely({settle}, settlement, {error: event => void said.push(event)});
  return {ours, last: asked.at(-1), tries: asked.length, said};
}

test('an outcome whose words the store refuses is written down without them', async t => {
  const hasWords = ({events}: Settlement) => events.some(({detail}) => detail !== undefined);
  const sent = await settleWith(taken, hasWords);
  t.true(sent.ours);
  t.like(sent.last, {to: 'taken', carrierMessageId: 'id1'});
  t.deepEqual(sent.last?.events, [{event: 'send_taken'}]);
  t.deepEqual(sent.said, ['delivery.settle_failed']);
  const ended = await settleWith(refused, hasWords);
  t.notRegex(JSON.stringify(ended.last), /words of a carrier/);
});

test('what was taken is unknown where the store refuses more', async t => {
  const {ours, last} = await settleWith(taken, ({to}) => to === 'taken');
  t.true(ours);
  t.like(last, {to: 'unknown', segment: 0, attempt: 2});
});

test('a fault that stays ends no process, and is told', async t => {
  const {ours, tries, said} = await settleWith(taken, () => true);
  t.false(ours);
  t.is(tries, 3);
  t.is(said.length, 3);
  t.false((await settleWith({...refused, events: []}, () => true)).ours);
});
