import test from 'ava';
import {type Claim, StoreUnavailable} from '../../../src/store/store.ts';
import * as kit from './kit.ts';
import {claimOne, everyOutbound, inboundQueue, receiptQueue, toInbound, toOutbound, toReceipt} from './kit.ts';
import {createRoom} from './room.ts';

function phoneOf(number: number): string {
  return `+1415555020${number}`;
}

/** But for what each has of its own. */
function toCommon({work, holder: _, ...claim}: Claim): unknown {
  const text = JSON.stringify({...claim, job: 0, fence: 0, work: {...work, reference: 0}});
  return JSON.parse(text.replace(/"m\d"/g, '"m"').replace(/\+1415555020\d/g, 'phone'));
}

export function offerCases(openFresh: kit.OpenFresh): void {
  test('a text that comes while there is room is claimed as it is stored, and the claim says what any other would', async t => {
    const {room, offer} = createRoom();
    const {store, ready} = await openFresh(t, {offer});
    await store.acceptInbound(toInbound('i1', {from: phoneOf(1)}));
    await store.acceptInbound(toInbound('i2', {from: phoneOf(2)}));
    const headers = {'x-campaign': 'spring'};
    const toText = (id: string, to: string) => {
      const {outbound, ...rest} = toOutbound(id, {to});
      return {...rest, outbound: {...outbound, headers}};
    };
    await store.acceptOutbound(toText('m1', phoneOf(1)));
    const claimed = await claimOne(store);
    ready.length = 0;
    room.places = 1;
    await store.acceptOutbound(toText('m2', phoneOf(2)));
    const [atOnce] = room.claims;
    if (atOnce === undefined) return t.fail('it was not claimed');
    t.deepEqual(toCommon(atOnce), toCommon(claimed));
    t.deepEqual(ready, []);
    t.deepEqual(await store.claim(everyOutbound, 10), []);
    t.true((await store.depths()).every(({queue, waiting}) => !everyOutbound.includes(queue) || waiting === 0));
    t.true(await kit.startSegment(store, atOnce));
    t.true(await kit.settleTaken(store, atOnce, 'c2'));
    t.is(await kit.stateOf(store, 'm2'), 'sent');
  });

  test('so are a text from a phone and a receipt', async t => {
    const {room, offer} = createRoom();
    const {store} = await openFresh(t, {offer});
    await store.acceptInbound(toInbound('m1', {from: phoneOf(1)}));
    const [inbound] = await store.claim([inboundQueue], 1);
    for (const [number, id] of [
      [3, 'm3'],
      [4, 'm4'],
    ] as const)
      await kit.sendOne(store, id, `c${number}`, phoneOf(number));
    await store.receipt('smsc', toReceipt('c3'));
    const [receipt] = await store.claim([receiptQueue], 1);
    room.places = 1;
    await store.acceptInbound(toInbound('m2', {from: phoneOf(2)}));
    await store.receipt('smsc', toReceipt('c4'));
    if (inbound === undefined || receipt === undefined || room.claims.length !== 2)
      return t.fail('not all were claimed');
    t.deepEqual(room.claims.map(toCommon), [inbound, receipt].map(toCommon));
    for (const claim of room.claims) t.true(await kit.settlePosted(store, claim));
    t.is(await kit.stateOf(store, 'm2'), 'posted');
    t.deepEqual(await store.claim([inboundQueue, receiptQueue], 10), []);
  });

  test('of several that come together no more than there is room for; the rest waits to be claimed', async t => {
    const {room, offer} = createRoom(2);
    const {store, ready} = await openFresh(t, {offer});
    const ids = [1, 2, 3, 4, 5];
    await Promise.all(ids.map(number => store.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}))));
    t.is(room.ended, room.offered);
    t.is(room.claims.length, Math.min(5, 2 * room.offered));
    const others = await store.claim(everyOutbound, 10);
    const all = [...room.claims, ...others].map(({work}) => work.kind === 'outbound' && work.outbound.messageId);
    t.deepEqual(all.toSorted(), ['m1', 'm2', 'm3', 'm4', 'm5']);
    t.is(others.length > 0, ready.includes(kit.bulk));
  });

  test('who stands behind another in its lane waits, whatever room there is', async t => {
    const {room, offer} = createRoom(10);
    const {store} = await openFresh(t, {offer});
    for (const id of ['m1', 'm2']) await store.acceptOutbound(toOutbound(id));
    for (const id of ['i1', 'i2']) await store.acceptInbound(toInbound(id));
    t.is(room.claims.length, 2);
    t.deepEqual(await store.claim([...everyOutbound, inboundQueue], 10), []);
    for (const claim of room.claims) {
      if (claim.kind === 'inbound') await kit.settlePosted(store, claim);
      else {
        await kit.startSegment(store, claim);
        await kit.settleTaken(store, claim);
      }
    }
    t.is((await store.claim([...everyOutbound, inboundQueue], 10)).length, 2);
  });

  test('a queue that takes nothing is left out, and its texts wait', async t => {
    const {room, offer} = createRoom(10);
    room.except = [kit.bulk];
    const {store} = await openFresh(t, {offer});
    await store.acceptOutbound(toOutbound('m1'));
    t.deepEqual(room.claims, []);
    t.is((await store.claim(everyOutbound, 10)).length, 1);
  });

  test('what is not stored, or was before, takes no room; every offer ends', async t => {
    const {room, offer} = createRoom(10);
    const {store} = await openFresh(t, {offer, maxOutbound: 1});
    await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}));
    await t.throwsAsync(store.acceptOutbound(toOutbound('m2', {to: phoneOf(2)})), {instanceOf: StoreUnavailable});
    t.is((await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}))).result, 'duplicate');
    t.is(room.claims.length, 1);
    t.true(room.offered >= 3);
    t.is(room.ended, room.offered);
  });

  test('what was claimed at once goes back as any claim does, and is free again after a crash', async t => {
    const {room, offer} = createRoom(1);
    const {store, reopen} = await openFresh(t, {offer});
    await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}));
    await store.acceptOutbound(toOutbound('m2', {to: phoneOf(2)}));
    const [first] = room.claims;
    if (first === undefined) return t.fail('it was not claimed');
    t.true(await kit.settleRetry(store, first));
    t.is((await claimOne(store)).attempts, 1);
    room.places = 0;
    const again = await reopen();
    const ids = (await again.claim(everyOutbound, 10)).map(
      ({work}) => work.kind === 'outbound' && work.outbound.messageId,
    );
    t.deepEqual(ids.toSorted(), ['m1', 'm2']);
    t.false(await kit.startSegment(again, first));
  });
}
