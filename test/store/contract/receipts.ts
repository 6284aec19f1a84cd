import test from 'ava';
import type {Claim, Store} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {
  claimOne,
  loseOne,
  postReceipts,
  sendOne,
  settleTaken,
  startSegment,
  stateOf,
  toOutbound,
  toReceipt,
} from './kit.ts';

export function receiptCases(openFresh: kit.OpenFresh): void {
  /** The id as the response had it, and as the receipt has it. */
  const matches = test.macro({
    async exec(t, given: string, told: string) {
      const {store} = await openFresh(t);
      await sendOne(store, 'm1', given);
      t.is(await store.receipt('smsc', toReceipt(told, {phone: '14155550100'})), 'matched');
      t.is(await stateOf(store, 'm1'), 'delivered');
    },
    title: (_, given, told) => `matches a receipt for ${told} to a segment answered with ${given}`,
  });
  test(matches, 'id1', 'id1');
  test(matches, '00AbC-1', 'abc1');
  test(matches, '0012', '12');
  test(matches, '1A2B', '6699');
  test(matches, '6699', '1a2b');
  test(matches, 'ffffffffffffffff', '18446744073709551615');

  test('a match in another notation needs the handset to agree', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '1A2B');
    t.is(await store.receipt('smsc', toReceipt('6699', {phone: '14155550199'})), 'parked');
    t.is(await store.receipt('smsc', toReceipt('6699', {raw: 'no phone'})), 'parked');
    t.is(await stateOf(store, 'm1'), 'sent');
  });

  test('what only reads like a receipt speaks of no text but those to its own ends', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    const forged = toReceipt('id1', {state: 'failed', phone: '+14155550199', onlyTo: ['14155550199', '16504661149']});
    t.is(await store.receipt('smsc', forged), 'parked');
    t.is(await stateOf(store, 'm1'), 'sent');
    const swapped = toReceipt('id1', {phone: '+16504661149', onlyTo: ['16504661149', '4155550100']});
    t.is(await store.receipt('smsc', swapped), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('what only reads like a receipt, and comes before the answer, waits for a text to its own ends', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    const ends = {id1: ['14155550199', '16504661149'], id2: ['14155550100', '16504661149']};
    t.is(await store.receipt('smsc', toReceipt('id1', {state: 'failed', onlyTo: ends.id1})), 'parked');
    await settleTaken(store, claim, 'id1');
    t.is(await stateOf(store, 'm1'), 'sent');
    await store.acceptOutbound(toOutbound('m2'));
    const second = await claimOne(store);
    await startSegment(store, second);
    t.is(await store.receipt('smsc', toReceipt('id2', {onlyTo: ends.id2})), 'parked');
    await settleTaken(store, second, 'id2');
    t.is(await stateOf(store, 'm2'), 'delivered');
  });

  test('a match in another notation that fits two messages is none', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '1A2B');
    await sendOne(store, 'm2', '1a2b');
    t.is(await store.receipt('smsc', toReceipt('6699', {phone: kit.phone})), 'parked');
  });

  /** The ids of two texts as their answers had them: the receipt of the second says in another notation what the first has as it is. */
  const twins = test.macro({
    async exec(t, first: string, second: string, told: string) {
      const {store} = await openFresh(t);
      await sendOne(store, 'm1', first, '+14155550199');
      await sendOne(store, 'm2', second);
      t.is(await store.receipt('smsc', toReceipt(told, {phone: kit.phone, state: 'failed'})), 'matched');
      t.is(await stateOf(store, 'm2'), 'failed');
      t.is(await stateOf(store, 'm1'), 'sent');
    },
    title: (_, first, second, told) => `a receipt for ${told} that names the phone of ${second} is none of ${first}`,
  });
  test(twins, '43794', '276372', '43794');
  test(twins, '43794', 'ab12', '43794');

  test("a receipt that may be of two texts to its phone is not another phone's", async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '43794', '+14155550199');
    await sendOne(store, 'm2', '276372');
    await sendOne(store, 'm3', 'ab12');
    t.is(await store.receipt('smsc', toReceipt('43794', {phone: kit.phone, state: 'failed'})), 'parked');
    t.is(await stateOf(store, 'm1'), 'sent');
  });

  test("a receipt for another phone's id waits for the answer of a text being sent to its own", async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '43794', '+14155550199');
    await store.acceptOutbound(toOutbound('m2'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    t.is(await store.receipt('smsc', toReceipt('43794', {phone: kit.phone})), 'parked');
    await settleTaken(store, claim, '276372');
    t.is(await stateOf(store, 'm2'), 'delivered');
    t.is(await stateOf(store, 'm1'), 'sent');
  });

  test("a receipt for another phone's id is that one's where nothing else fits", async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '43794', '+14155550199');
    await sendOne(store, 'm2', '5');
    t.is(await store.receipt('smsc', toReceipt('43794', {phone: kit.phone})), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  for (const told of ['1A2B', '6699'])
    test(`of segments that were given one id a receipt for ${told} ends the first`, async t => {
      const {store} = await openFresh(t);
      await store.acceptOutbound(toOutbound('m1'));
      const claim = await claimOne(store);
      for (const segment of [0, 1]) {
        await startSegment(store, claim, segment, 2);
        await settleTaken(store, claim, '1A2B', segment);
      }
      t.is(await store.receipt('smsc', toReceipt(told, {phone: kit.phone})), 'matched');
      const {segments} = await kit.recordOf(store, 'm1');
      t.deepEqual(
        segments.map(({state}) => state),
        ['delivered', 'taken'],
      );
    });

  test('an id given twice belongs to the newest text that is not finished, else to the newest', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2', 'm3']) await sendOne(store, id, '1');
    await store.receipt('smsc', toReceipt('1', {raw: 'first'}));
    t.is(await stateOf(store, 'm3'), 'delivered');
    await store.receipt('smsc', toReceipt('1', {raw: 'second'}));
    t.is(await stateOf(store, 'm2'), 'delivered');
    await store.receipt('smsc', toReceipt('1', {raw: 'third'}));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.is(await store.receipt('smsc', toReceipt('1', {raw: 'fourth'})), 'duplicate');
  });

  test('an id of one carrier says nothing of another', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    t.is(await store.receipt('other', toReceipt('id1')), 'parked');
  });

  test('a receipt that comes before the answer is kept and matched when the answer is stored', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    t.is(await store.receipt('smsc', toReceipt('6699', {phone: kit.phone})), 'parked');
    t.is(await store.receipt('smsc', toReceipt('6699', {phone: kit.phone, receivedAt: 1})), 'duplicate');
    await settleTaken(store, claim, '1A2B');
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.deepEqual(await postReceipts(store), ['Delivered']);
  });

  /** One receipt under each of the two ids it names. */
  const twoIds = (rest: {phone?: string} = {}) => {
    const both = {...rest, raw: 'id:7 stat:DELIVRD receipted_message_id=9'};
    return [toReceipt('9', {...both, otherId: '7'}), toReceipt('7', {...both, otherId: '9'})] as const;
  };

  test('of a receipt with two ids nothing is left for another text once one of them fits', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '7');
    const [first, second] = twoIds();
    t.is(await store.receipt('smsc', first), 'parked');
    t.is(await store.receipt('smsc', first), 'parked', 'its other id is still to come');
    t.is(await store.receipt('smsc', second), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.like(await store.receiptCounts(), [{parked: 0}]);
    await sendOne(store, 'm2', '9');
    t.is(await stateOf(store, 'm2'), 'sent');
  });

  for (const id of ['7', '9'])
    test(`of a receipt with two ids that came before the answer ${id} nothing is left for another text`, async t => {
      const {store} = await openFresh(t);
      await loseOne(store, 'm1');
      await store.acceptOutbound(toOutbound('m2'));
      const claim = await claimOne(store);
      await startSegment(store, claim);
      for (const receipt of twoIds({phone: kit.phone})) t.is(await store.receipt('smsc', receipt), 'parked');
      await settleTaken(store, claim, id);
      t.is(await stateOf(store, 'm2'), 'delivered');
      t.is(await stateOf(store, 'm1'), 'unknown');
      t.like(await store.receiptCounts(), [{parked: 0}]);
    });

  const early = test.macro({
    async exec(t, isNamed: boolean) {
      const {store} = await openFresh(t);
      const pairs = Array.from({length: 8}, (_, index) => {
        // a and 10, b and 11, c and 12, d and 13: the second of each is the first one's decimal form.
        const number = index % 2 === 0 ? 10 + index / 2 : 16 + (index - 1) / 2;
        return {id: number.toString(16), to: `+1415555${2000 + index}`, messageId: `m${index}`};
      });
      for (const {messageId, to} of pairs) await store.acceptOutbound(toOutbound(messageId, {to}));
      const claims = await store.claim(kit.everyOutbound, pairs.length);
      await Promise.all(claims.map(claim => startSegment(store, claim)));
      for (const {id, to} of pairs) {
        t.is(await store.receipt('smsc', toReceipt(id, isNamed ? {phone: to.slice(1)} : {})), 'parked');
      }
      await Promise.all(claims.map((claim, index) => settleTaken(store, claim, pairs[index]?.id)));
      for (const {messageId} of pairs) t.is(await stateOf(store, messageId), 'delivered');
    },
    title: (_, isNamed) =>
      `receipts ${isNamed ? 'with' : 'without'} a phone find their texts although one id in hexadecimal is another in decimal`,
  });
  test(early, true);
  test(early, false);

  test('a receipt that comes before the answer is not taken for another notation of an earlier id', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '000a');
    await store.acceptOutbound(toOutbound('m2'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    t.is(await store.receipt('smsc', toReceipt('0010', {phone: kit.phone})), 'parked');
    await settleTaken(store, claim, '0010');
    t.is(await stateOf(store, 'm1'), 'sent');
    t.is(await stateOf(store, 'm2'), 'delivered');
  });

  /** What is known of the earlier text, and what becomes of the one being sent. */
  const waits = test.macro(
    async (t, before: (store: Store) => Promise<void>, settle: (store: Store, claim: Claim) => Promise<boolean>) => {
      const {store} = await openFresh(t);
      await before(store);
      await store.acceptOutbound(toOutbound('m2'));
      const claim = await claimOne(store);
      await startSegment(store, claim);
      t.is(await store.receipt('smsc', toReceipt('6699', {phone: kit.phone})), 'parked');
      t.true(await settle(store, claim));
      t.is(await stateOf(store, 'm1'), 'delivered');
      t.not(await stateOf(store, 'm2'), 'delivered');
    },
  );
  const isLost = (store: Store) => loseOne(store, 'm1');
  const isTaken = (store: Store, claim: Claim) => settleTaken(store, claim, 'id2');
  const refused = {to: 'ended', state: 'failed', by: 'carrier', segment: 0} as const;
  const reason = {code: 'InvalidDestination', message: '0x0b'} as const;
  const isRefused = (store: Store, {job, fence}: Claim) => store.settle({job, fence, events: [], ...refused, reason});
  test('a strange id waits for the answer of a text being sent', waits, isLost, isTaken);
  test('a strange id waits for the refusal of a text being sent', waits, isLost, isRefused);
  test('a strange id waits until the text being sent is put back', waits, isLost, (store, claim) =>
    kit.settleRetry(store, claim, {segment: 0}),
  );
  test(
    'another notation waits for the answer of a text being sent',
    waits,
    store => sendOne(store, 'm1', '1A2B'),
    isTaken,
  );

  test('the same receipt twice is told once and written once', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    t.is(await store.receipt('smsc', toReceipt('id1')), 'matched');
    t.is(await store.receipt('smsc', toReceipt('id1')), 'duplicate');
    t.deepEqual(await postReceipts(store), ['Delivered']);
    t.deepEqual(await kit.eventsOf(store, 'm1'), ['accepted', 'receipt', 'delivered']);
  });

  test('the first final state wins, and a contradiction is an event', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    const reason = {code: 'InvalidDestination', message: 'err 011'} as const;
    await store.receipt('smsc', toReceipt('id1', {state: 'failed', reason}));
    await store.receipt('smsc', toReceipt('id1', {state: 'delivered'}));
    await store.receipt('smsc', toReceipt('id1', {state: 'sent', final: false}));
    t.like(await kit.recordOf(store, 'm1'), {state: 'failed', reason});
    t.true((await kit.eventsOf(store, 'm1')).includes('conflict'));
    t.deepEqual(await postReceipts(store), ['Failed']);
  });

  test('the raw receipt stays in the history', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', toReceipt('id1', {raw: 'id:id1 stat:DELIVRD'}));
    const {events} = await kit.recordOf(store, 'm1');
    t.like(
      events.find(({event}) => event === 'receipt'),
      {detail: {segment: 0, state: 'delivered', raw: 'id:id1 stat:DELIVRD'}},
    );
  });

  test('a state in between only informs', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    t.is(await store.receipt('smsc', toReceipt('id1', {state: 'sent', final: false})), 'matched');
    t.is(await stateOf(store, 'm1'), 'sent');
    await store.receipt('smsc', toReceipt('id1', {state: 'sent', final: true, raw: 'stat:UNKNOWN'}));
    t.is(await stateOf(store, 'm1'), 'sent');
    t.true((await kit.eventsOf(store, 'm1')).includes('no_receipt'));
    t.deepEqual(await postReceipts(store), []);
  });

  test('a text the carrier could not deliver is a dead letter, a delivered one is none', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await sendOne(store, 'm2', 'id2');
    await store.receipt('smsc', toReceipt('id1', {state: 'failed'}));
    await store.receipt('smsc', toReceipt('id2'));
    const {deadLetters} = await store.deadLetters({limit: 10});
    t.deepEqual(
      deadLetters.map(({messageId, reason}) => [messageId, reason]),
      [['m1', 'undelivered']],
    );
  });

  test('a long text is delivered when all its segments are, and failed when one is', async t => {
    const {store} = await openFresh(t);
    for (const [id, last] of [
      ['m1', 'delivered'],
      ['m2', 'expired'],
    ] as const) {
      await store.acceptOutbound(toOutbound(id));
      const claim = await claimOne(store);
      for (const segment of [0, 1]) {
        await startSegment(store, claim, segment, 2);
        await settleTaken(store, claim, `${id}-${segment}`, segment);
      }
      await store.receipt('smsc', toReceipt(`${id}-0`));
      t.is(await stateOf(store, id), 'sent');
      await store.receipt('smsc', toReceipt(`${id}-1`, {state: last}));
      t.is(await stateOf(store, id), last);
    }
    t.deepEqual(await postReceipts(store), ['Delivered', 'Failed']);
  });

  test('one receipt may speak for the whole message', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    for (const segment of [0, 1]) {
      await startSegment(store, claim, segment, 2);
      await settleTaken(store, claim, `id${segment}`, segment);
    }
    await store.receipt('smsc', toReceipt('id1', {coversMessage: true}));
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('a segment that fails stops the rest of its text, even while it is being sent', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 2);
    await settleTaken(store, claim, 'id0', 0);
    await store.receipt('smsc', toReceipt('id0', {state: 'failed'}));
    t.false(await startSegment(store, claim, 1, 2));
    t.is(await stateOf(store, 'm1'), 'failed');
    t.like((await claimOne(store)).work, {outbound: {messageId: 'm2'}});
  });

  test('our own id finds the segment and fills in the id of the carrier', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    t.is(await store.receipt('smsc', {...toReceipt('SM1'), messageId: 'm1', attempt: 1}), 'matched');
    t.like(await kit.recordOf(store, 'm1'), {state: 'delivered', segments: [{carrierMessageId: 'SM1'}]});
  });

  test("our own id in a receipt of a carrier that does not have the text tells nothing of another's", async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'SM1');
    await loseOne(store, 'm2');
    for (const id of ['m1', 'm2']) {
      const forged = {...toReceipt(`SM9${id}`, {state: 'failed'}), messageId: id, attempt: 1};
      t.is(await store.receipt('other', forged), 'parked');
      t.is(await store.receipt('other', {...forged, carrierMessageId: undefined}), 'parked');
    }
    t.deepEqual([await stateOf(store, 'm1'), await stateOf(store, 'm2')], ['sent', 'unknown']);
  });

  test('a carrier tells what became of the text it had, too, after a replay gave that to another one', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    await store.resolve({
      messageId: 'm1',
      events: [],
      to: 'failed',
      reason: {code: 'GeneralError', message: 'unknown'},
    });
    t.true(await store.replay('m1', 60_000, {carrier: 'other'}));
    const again = await claimOne(store, ['outbound|acme|c1|other|bulk']);
    const {job, fence} = again;
    const plan = {name: 'gsm7', segments: 1};
    await store.start({job, fence, segment: 0, attempt: 2, carrier: 'other', plan});
    t.is(await store.receipt('smsc', {...toReceipt('SM1'), messageId: 'm1', attempt: 1}), 'matched');
    t.true((await kit.eventsOf(store, 'm1')).includes('receipt'));
    t.is(await stateOf(store, 'm1'), 'sending');
  });

  test('our own id finds the segment that has no id of the carrier yet', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 2);
    await settleTaken(store, claim, 'SM1', 0);
    await startSegment(store, claim, 1, 2);
    await store.receipt('smsc', {...toReceipt('SM2', {state: 'sent', final: false}), messageId: 'm1', attempt: 1});
    await settleTaken(store, claim, 'SM2', 1);
    await store.receipt('smsc', {...toReceipt('SM2'), messageId: 'm1', attempt: 1});
    t.is(await stateOf(store, 'm1'), 'sent');
    await store.receipt('smsc', {...toReceipt('SM1'), messageId: 'm1', attempt: 1});
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('our own id with the part finds that part, whatever ids the carrier gave', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    for (const segment of [0, 1]) {
      await startSegment(store, claim, segment, 2);
      await settleTaken(store, claim, `id${segment}`, segment);
    }
    const own = {messageId: 'm1', attempt: 1, raw: 'stat:DELIVRD'};
    t.is(await store.receipt('smsc', toReceipt(undefined, {...own, segment: 1})), 'matched');
    const {segments} = await kit.recordOf(store, 'm1');
    t.deepEqual(
      segments.map(({state}) => state),
      ['taken', 'delivered'],
    );
    t.is(await store.receipt('smsc', toReceipt(undefined, {...own, segment: 0})), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('our own id with a part that is not there finds no other part', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim, 0, 2);
    await settleTaken(store, claim, 'id0', 0);
    t.is(await store.receipt('smsc', toReceipt(undefined, {messageId: 'm1', segment: 1, attempt: 1})), 'parked');
    t.like(await kit.recordOf(store, 'm1'), {segments: [{index: 0, state: 'taken'}]});
  });

  test('a failure of an earlier attempt says nothing of the one after', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    await store.resolve({messageId: 'm1', events: [], to: 'requeue'});
    const claim = await claimOne(store);
    await startSegment(store, claim);
    await settleTaken(store, claim, 'SM2');
    const failed = {...toReceipt('SM1', {state: 'failed'}), messageId: 'm1', attempt: 1};
    t.is(await store.receipt('smsc', failed), 'matched');
    t.is(await stateOf(store, 'm1'), 'sent');
  });

  test('what was told of an earlier attempt is of the segment that was tried again, of no other', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const first = await claimOne(store);
    await startSegment(store, first, 0, 2);
    await settleTaken(store, first, 'SM1', 0);
    await startSegment(store, first, 1, 2);
    await kit.settleUnknown(store, first, 1);
    await store.resolve({messageId: 'm1', events: [], to: 'requeue'});
    const second = await claimOne(store);
    await startSegment(store, second, 1, 2);
    await settleTaken(store, second, 'SM3', 1);
    const own = {messageId: 'm1', attempt: 1};
    await store.receipt('smsc', {...toReceipt('SM2', {state: 'failed'}), ...own});
    t.is(await stateOf(store, 'm1'), 'sent');
    await store.receipt('smsc', {...toReceipt('SM2'), ...own});
    const {segments} = await kit.recordOf(store, 'm1');
    t.deepEqual(
      segments.map(({state}) => state),
      ['taken', 'delivered'],
    );
  });

  test('evidence for an unknown segment gives the rest of the text its job back', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1', {segments: 2});
    await store.acceptOutbound(toOutbound('m2'));
    await store.receipt('smsc', {...toReceipt('id0', {state: 'sent', final: false}), messageId: 'm1'});
    t.is(await stateOf(store, 'm1'), 'sending');
    t.like((await claimOne(store)).work, {outbound: {messageId: 'm1'}, segments: [{index: 0, state: 'taken'}]});
  });

  test('a receipt with a strange id is evidence for the only unknown text to its phone', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    t.is(await store.receipt('smsc', toReceipt('id1', {phone: '14155550100'})), 'matched');
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('a receipt with a strange id that fits two texts is evidence for none', async t => {
    const {store} = await openFresh(t);
    for (const id of ['m1', 'm2']) await loseOne(store, id);
    t.is(await store.receipt('smsc', toReceipt('id1', {phone: kit.phone})), 'parked');
    t.is(await stateOf(store, 'm1'), 'unknown');
  });

  test('a receipt with a strange id waits while a text to its phone is being sent', async t => {
    const {store} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    t.is(await store.receipt('smsc', toReceipt('id1', {phone: kit.phone})), 'parked');
    await kit.settleUnknown(store, claim);
    t.is(await stateOf(store, 'm1'), 'delivered');
  });

  test('a failure by our own policy yields to the carrier, and the platform is told the last word only', async t => {
    const {store} = await openFresh(t);
    const reason = {code: 'GeneralError', message: 'given up'} as const;
    await sendOne(store, 'm1', 'id1');
    await store.resolve({messageId: 'm1', events: [], to: 'failed', reason});
    await store.receipt('smsc', toReceipt('id1'));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.deepEqual(await postReceipts(store), ['Delivered']);
  });

  test('a final receipt that was posted is not followed by another', async t => {
    const {store} = await openFresh(t);
    const reason = {code: 'GeneralError', message: 'given up'} as const;
    await sendOne(store, 'm1', 'id1');
    await store.resolve({messageId: 'm1', events: [], to: 'failed', reason});
    t.deepEqual(await postReceipts(store), ['Failed']);
    await store.receipt('smsc', toReceipt('id1'));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.deepEqual(await postReceipts(store), []);
  });

  test('a receipt the platform refuses for good is a dead letter and leaves the text as it is', async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', 'id1');
    await store.receipt('smsc', toReceipt('id1'));
    const {job, fence} = await claimOne(store, [kit.receiptQueue]);
    const reason = {code: 'GeneralError', message: '400'} as const;
    const ended = {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_refused'} as const;
    t.true(await store.settle({job, fence, events: [], ...ended}));
    t.is(await stateOf(store, 'm1'), 'delivered');
    t.true(await store.replay('m1', 1000));
    t.deepEqual(await postReceipts(store), ['Delivered']);
  });

  for (const [state, tell, told] of [
    ['failed', undefined, 'Failed'],
    ['sent', 'failed', 'Failed'],
    ['sent', 'delivered', 'Delivered'],
  ] as const) {
    test(`replaying a refused receipt of a text ${state} tells ${told} again, and sends nothing`, async t => {
      const {store} = await openFresh(t);
      await sendOne(store, 'm1', 'id1');
      if (tell === undefined) await store.receipt('smsc', toReceipt('id1', {state: 'failed'}));
      else await store.resolve({messageId: 'm1', events: [], to: 'quiet', tell});
      const {job, fence} = await claimOne(store, [kit.receiptQueue]);
      const reason = {code: 'GeneralError', message: '400'} as const;
      const ended = {to: 'ended', state: 'failed', by: 'policy', reason, deadLetter: 'post_refused'} as const;
      await store.settle({job, fence, events: [], ...ended});
      t.true(await store.replay('m1', 1000));
      t.is(await stateOf(store, 'm1'), state);
      t.deepEqual(await postReceipts(store), [told]);
      t.deepEqual(await store.claim(kit.everyOutbound, 1), []);
    });
  }
}
