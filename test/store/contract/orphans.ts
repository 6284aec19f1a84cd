import test from 'ava';
import type {ReceiptEvent} from '../../../src/core/event.ts';
import {toTextMark} from '../../../src/core/text-mark.ts';
import type {Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, loseOne, sendOne, startSegment, stateOf, toOutbound, toReceipt} from './kit.ts';

const minuteMs = 60_000;
const ours = '+16504661149';

/** A receipt that names nothing of ours but the phone and what is told about it. */
function toOrphan(id: string | undefined, at: number, about: ReceiptEvent['about'] = {}): ReceiptEvent {
  return toReceipt(id, {phone: kit.phone, receivedAt: at, about});
}

async function lose(store: Store, messageId: string, text: string): Promise<void> {
  await store.acceptOutbound(toOutbound(messageId, {text}));
  const claim = await claimOne(store);
  await startSegment(store, claim);
  await kit.settleUnknown(store, claim);
}

export function orphanCases(openFresh: kit.OpenFresh): void {
  /** Two texts to one phone, ten minutes apart, whose answers never came; which of them an orphan receipt settles. */
  const settles = test.macro(
    async (t, toAbout: (firstAt: number) => ReceiptEvent['about'], expected: 'm1' | 'm2' | 'neither') => {
      const {store, clock} = await openFresh(t);
      const firstAt = clock.now;
      await lose(store, 'm1', 'Your table is booked.');
      clock.now += 10 * minuteMs;
      await lose(store, 'm2', 'Your taxi is here.');
      const result = await store.receipt('smsc', toOrphan('strange', clock.now, toAbout(firstAt)));
      t.is(result, expected === 'neither' ? 'parked' : 'matched');
      for (const id of ['m1', 'm2']) t.is(await stateOf(store, id), id === expected ? 'delivered' : 'unknown');
    },
  );
  test('an orphan receipt that fits two texts settles neither', settles, () => ({}), 'neither');
  test(
    'the submit time tells which text an orphan receipt is of',
    settles,
    at => ({submittedAt: at - (at % minuteMs)}),
    'm1',
  );
  test(
    'the beginning of the text tells which one an orphan receipt is of',
    settles,
    () => ({text: toTextMark('Your taxi is h')}),
    'm2',
  );
  test(
    'an orphan receipt that no fact of a text agrees with settles none',
    settles,
    at => ({submittedAt: at, text: toTextMark('Your taxi')}),
    'neither',
  );

  /** The only text that could be meant, and why it is not. */
  const contradicts = test.macro(async (t, toAbout: (at: number) => ReceiptEvent['about']) => {
    const {store, clock} = await openFresh(t);
    await loseOne(store, 'm1');
    t.is(await store.receipt('smsc', toOrphan('strange', clock.now, toAbout(clock.now))), 'parked');
    t.is(await stateOf(store, 'm1'), 'unknown');
  });
  test('another sender speaks against the only candidate', contradicts, () => ({sender: '+16505550000'}));
  test('another hour speaks against the only candidate', contradicts, at => ({submittedAt: at - 60 * minuteMs}));
  test('another text speaks against the only candidate', contradicts, () => ({text: toTextMark('good morning')}));

  test('an orphan receipt all of whose facts agree settles the only candidate', async t => {
    const {store, clock} = await openFresh(t);
    await loseOne(store, 'm1');
    const about = {sender: ours, submittedAt: clock.now - 40_000, text: toTextMark('hello')};
    t.is(await store.receipt('smsc', toOrphan('strange', clock.now, about)), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('a text of the account of somebody else is no candidate', async t => {
    const {store, clock} = await openFresh(t);
    await loseOne(store, 'm1');
    t.is(await store.receipt('other', toOrphan('strange', clock.now)), 'parked');
    t.is(await stateOf(store, 'm1'), 'unknown');
  });

  test('the beginning of a later segment is looked for within the text', async t => {
    const {store, clock} = await openFresh(t);
    const text = 'The first segment says this, and the second begins here';
    await store.acceptOutbound(toOutbound('m1', {text}));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 2);
    await kit.settleTaken(store, claim, 'id0', 0);
    await startSegment(store, claim, 1, 2);
    await kit.settleUnknown(store, claim, 1);
    const told = (start: string) => toOrphan('strange', clock.now, {text: toTextMark(start)});
    t.is(await store.receipt('smsc', told('nothing of it')), 'parked');
    t.is(await store.receipt('smsc', toReceipt('id0')), 'matched');
    t.is(await store.receipt('smsc', {...told('second begins'), raw: 'again'}), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('a receipt without any id is of the only text that fits, and counts once', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    clock.now += 10 * minuteMs;
    await sendOne(store, 'm2', 'id2');
    const nameless = toOrphan(undefined, clock.now, {submittedAt: clock.now});
    t.is(await store.receipt('smsc', nameless), 'matched');
    t.is(await store.receipt('smsc', nameless), 'duplicate');
    t.is(await stateOf(store, 'm2'), 'delivered');
    t.is(await stateOf(store, 'm1'), 'sent');
    t.is(await store.receipt('smsc', toOrphan(undefined, clock.now, {})), 'parked');
    t.is(await stateOf(store, 'm1'), 'sent');
  });

  test('a receipt without any id waits for the answer of the text being sent', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    t.is(await store.receipt('smsc', toOrphan(undefined, clock.now)), 'parked');
    await kit.settleTaken(store, claim, 'id1');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('what an orphan receipt is told by never stands in the history', async t => {
    const {store, clock} = await openFresh(t);
    await loseOne(store, 'm1');
    const about = {sender: ours, submittedAt: clock.now, text: toTextMark('hello')};
    await store.receipt('smsc', toOrphan('strange', clock.now, about));
    const {events} = await kit.recordOf(store, 'm1');
    t.deepEqual(events.find(({event}) => event === 'receipt')?.detail, {
      segment: 0,
      cycle: 1,
      state: 'delivered',
      raw: 'id:strange stat:delivered',
    });
  });
}
