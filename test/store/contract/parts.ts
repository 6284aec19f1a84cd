import test from 'ava';
import * as kit from './kit.ts';
import {toInbound, toPart} from './kit.ts';

export function partCases(openFresh: kit.OpenFresh): void {
  test('holds parts in whatever order they come and gives them all, in order, with the last', async t => {
    const {store} = await openFresh(t);
    t.deepEqual(await store.holdPart('smsc', toPart(3)), {result: 'held'});
    t.deepEqual(await store.holdPart('smsc', toPart(1, {receivedAt: 5})), {result: 'held'});
    t.deepEqual(await store.holdPart('smsc', toPart(1)), {result: 'duplicate'});
    const complete = await store.holdPart('smsc', toPart(2));
    const parts = [1, 2, 3].map(part => ({part, total: 3, body: `0${part}`, coding: '0'}));
    t.deepEqual(complete, {result: 'complete', parts, receivedAt: 5});
  });

  test('a part that comes again before its group was joined completes it again', async t => {
    const {store} = await openFresh(t);
    for (const part of [1, 2, 3]) await store.holdPart('smsc', toPart(part));
    t.is((await store.holdPart('smsc', toPart(2))).result, 'complete');
  });

  test('a group that is complete and was never joined is found again after a crash', async t => {
    const {store, reopen} = await openFresh(t);
    for (const part of [1, 2, 3]) await store.holdPart('smsc', toPart(part));
    const again = await reopen();
    const [group] = await again.overdueParts(300_000, 10);
    t.like(group, {carrier: 'smsc', group: 'g1', from: kit.phone, parts: {length: 3}});
  });

  test('an incomplete group is overdue after its time, until its text is stored', async t => {
    const {store, clock} = await openFresh(t);
    await store.holdPart('smsc', toPart(1));
    t.deepEqual(await store.overdueParts(1000, 10), []);
    clock.now += 1000;
    t.is((await store.overdueParts(1000, 10)).length, 1);
    t.is((await store.overdueParts(1000, 10)).length, 1);
    await store.acceptInbound(toInbound('i1', {group: 'g1'}));
    t.deepEqual(await store.overdueParts(1000, 10), []);
  });

  test('a part of a joined group is a copy for ten minutes', async t => {
    const {store, clock} = await openFresh(t);
    for (const part of [1, 2, 3]) await store.holdPart('smsc', toPart(part));
    await store.acceptInbound(toInbound('i1', {group: 'g1'}));
    t.is((await store.holdPart('smsc', toPart(3))).result, 'duplicate');
    clock.now += 600_001;
    t.is((await store.holdPart('smsc', toPart(3))).result, 'held');
  });

  test('a group joined twice is one text', async t => {
    const {store} = await openFresh(t);
    for (const part of [1, 2, 3]) await store.holdPart('smsc', toPart(part));
    await store.acceptInbound(toInbound('i1', {group: 'g1'}));
    t.deepEqual(await store.acceptInbound(toInbound('i2', {group: 'g1'})), {messageId: 'i1', result: 'duplicate'});
  });

  test('a reference that is used again soon begins another text and loses none', async t => {
    const {store, clock} = await openFresh(t);
    await store.holdPart('smsc', toPart(1));
    clock.now += 1000;
    t.is((await store.holdPart('smsc', toPart(1, {fingerprint: 'other', body: 'ff'}))).result, 'held');
    clock.now += 1;
    const groups = await store.overdueParts(0, 10);
    t.deepEqual(
      groups.map(({parts}) => parts[0]?.body),
      ['01', 'ff'],
    );
  });

  test('groups of two carriers are two', async t => {
    const {store} = await openFresh(t);
    await store.holdPart('smsc', toPart(1, {total: 2}));
    t.is((await store.holdPart('other', toPart(2, {total: 2}))).result, 'held');
  });
}
