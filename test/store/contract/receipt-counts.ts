import test from 'ava';
import * as kit from './kit.ts';
import {claimOne, loseOne, sendOne, settleTaken, startSegment, toOutbound, toReceipt} from './kit.ts';

const {phone} = kit;
const hourMs = 3_600_000;

export function receiptCountCases(openFresh: kit.OpenFresh): void {
  test('tells how receipts write the ids of the answers', async t => {
    const {store} = await openFresh(t);
    t.deepEqual(await store.receiptCounts(), []);
    for (const id of ['1a2b', '00AB', '1f', '77']) await sendOne(store, `m${id}`, id);
    for (const id of ['1a2b', 'ab', '31', '4d']) await store.receipt('smsc', toReceipt(id, {phone}));
    await store.receipt('smsc', toReceipt('1a2b', {phone}));
    const notations = {exact: 1, caseOrZeros: 1, hexToDecimal: 1, decimalToHex: 1};
    const others = {parked: 0, matchedLate: 0, orphaned: 0, byFacts: 0};
    t.deepEqual(await store.receiptCounts(), [{carrier: 'smsc', ...others, notations}]);
  });

  test('counts receipts that wait, those that found their text late, and those nobody missed', async t => {
    const {store, clock} = await openFresh(t);
    await store.acceptOutbound(toOutbound('m1'));
    const claim = await claimOne(store);
    await startSegment(store, claim);
    await store.receipt('smsc', toReceipt('id1', {phone}));
    await store.receipt('smsc', toReceipt('nobody', {phone: '+14155550199'}));
    t.like(await store.receiptCounts(), [{parked: 2, matchedLate: 0}]);
    await settleTaken(store, claim, 'id1');
    t.like(await store.receiptCounts(), [{parked: 1, matchedLate: 1, orphaned: 0, notations: {exact: 1}}]);
    clock.now += hourMs;
    await store.prune({textMs: hourMs, allMs: 24 * hourMs, auditMs: hourMs, parkedReceiptMs: hourMs, limit: 10});
    t.like(await store.receiptCounts(), [{parked: 0, matchedLate: 1, orphaned: 1}]);
  });

  test('counts receipts that facts alone gave to a text', async t => {
    const {store} = await openFresh(t);
    await loseOne(store, 'm1');
    await store.receipt('smsc', toReceipt('strange', {phone}));
    t.like(await store.receiptCounts(), [{byFacts: 1, notations: {exact: 0}}]);
  });
}
