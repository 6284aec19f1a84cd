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

  test('a text takes the parts it was joined from, and no others that came under their reference meanwhile', async t => {
    const {store, clock} = await openFresh(t);
    await store.holdPart('smsc', toPart(1, {total: 2}));
    clock.now += 300_000;
    const [overdue] = await store.overdueParts(300_000, 10);
    await store.holdPart('smsc', toPart(1, {total: 2, fingerprint: 'other', body: 'ff'}));
    const joined = toInbound('i1', {group: 'g1', ...(overdue && {parts: overdue.parts})});
    t.like(await store.acceptInbound(joined), {result: 'stored'});
    t.like(await store.acceptInbound(joined), {result: 'duplicate'});
    t.deepEqual(await store.overdueParts(300_000, 10), []);
    t.is((await store.holdPart('smsc', toPart(1, {total: 2}))).result, 'duplicate');
    t.like(await store.holdPart('smsc', toPart(2, {total: 2})), {
      result: 'complete',
      parts: [{body: 'ff'}, {body: '02'}],
    });
  });

  test('a part that comes while the others are joined without it stays for a text of its own', async t => {
    const {store, clock} = await openFresh(t);
    await store.holdPart('smsc', toPart(1));
    clock.now += 300_000;
    const [overdue] = await store.overdueParts(300_000, 10);
    await store.holdPart('smsc', toPart(2));
    await store.acceptInbound(toInbound('i1', {group: 'g1', ...(overdue && {parts: overdue.parts})}));
    t.is((await store.holdPart('smsc', toPart(1))).result, 'duplicate');
    clock.now += 300_000;
    t.like(await store.overdueParts(300_000, 10), [{group: 'g1', parts: [{part: 2}]}]);
  });

  test('a reference that is used for text after text in one moment loses none', async t => {
    const {store} = await openFresh(t);
    for (const body of ['01', '02', '01', '03']) {
      t.is((await store.holdPart('smsc', toPart(1, {fingerprint: `f ${body}`, body}))).result, 'held');
    }
    const groups = await store.overdueParts(0, 10);
    t.deepEqual(groups.map(({parts}) => parts[0]?.body).sort(), ['01', '01', '02', '03']);
  });

  test('groups of two carriers are two', async t => {
    const {store} = await openFresh(t);
    await store.holdPart('smsc', toPart(1, {total: 2}));
    t.is((await store.holdPart('other', toPart(2, {total: 2}))).result, 'held');
  });
}
