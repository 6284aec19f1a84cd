import test from 'ava';
import type {Outcome} from '../../../src/core/outcome.ts';
import {until} from '../../helpers/until.ts';
import {withAccount} from './account.ts';

/**
 * A relay in small: each text is tried until it is taken, refused or unknown. What the outcomes say must be what the SMSC saw: a promise of
 * the contract that no single case can show.
 */
test('in a storm of cuts, throttling and silence every outcome is true', async t => {
  const {smsc, seen, sendSegment} = await withAccount(
    t,
    {binds: 3, window: 5, responseTimeout: '150ms', reconnectFirst: '20ms', reconnectMax: '20ms'},
    {latencyMs: 1},
  );
  smsc.faults.throttleEvery = 7;
  const outcomes = new Map<string, Outcome>();
  const texts = Array.from({length: 400}, (_, index) => `text ${index}`);
  const cuts = setInterval(() => smsc.disconnectAll(), 60);
  const silences = setInterval(() => void smsc.faults.next.push({silent: true}, {status: 0x0b}, {lateMs: 300}), 40);
  t.teardown(() => {
    clearInterval(cuts);
    clearInterval(silences);
  });
  const queue = [...texts];
  const work = async () => {
    for (let text = queue.shift(); text !== undefined; text = queue.shift()) outcomes.set(text, await settle(text));
  };
  await Promise.all(Array.from({length: 15}, work));
  clearInterval(cuts);
  clearInterval(silences);

  const shown = smsc.phones.map(({text}) => text);
  t.is(new Set(shown).size, shown.length, 'no text left twice');
  for (const [text, outcome] of outcomes) {
    if (outcome.kind === 'taken') t.true(shown.includes(text), text);
    if (outcome.kind === 'refused') t.false(shown.includes(text), text);
    if (shown.includes(text)) t.not(outcome.kind, 'refused', text);
  }
  t.is(outcomes.size, texts.length);
  t.true([...outcomes.values()].some(({kind}) => kind === 'unknown'));
  const ids = [...outcomes.values()].flatMap(each => (each.kind === 'taken' ? [each.carrierMessageId] : []));
  await until('a receipt for every text that was taken', () => {
    const receipted = new Set(seen.receipts.map(({carrierMessageId}) => carrierMessageId));
    return ids.every(id => receipted.has(id));
  });

  async function settle(text: string): Promise<Outcome> {
    for (;;) {
      const outcome = await sendSegment(text);
      if (outcome.kind !== 'unavailable') return outcome;
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
});
