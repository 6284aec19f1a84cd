import type {ExecutionContext} from 'ava';
import type {Log, LogFields} from '../../../src/core/log.ts';
import type {Store} from '../../../src/store/store.ts';
import * as kit from '../contract/kit.ts';
import {claimOne, loseOne, sendOne, stateOf, toInbound, toOutbound, toPart, toReceipt} from '../contract/kit.ts';

export const sixHoursMs = 21_600_000;
const day = {expiresInMs: 86_400_000};

/** What the store has logged of restores. */
export function createListener() {
  const told: LogFields[] = [];
  const nothing = () => {};
  const error = (event: string, fields: LogFields = {}) => {
    if (event === 'store.restored') told.push(fields);
  };
  const log: Log = {debug: nothing, info: nothing, warn: nothing, error};
  return {log, told};
}

export function phoneOf(number: number): string {
  return `+1415555${String(1000 + number)}`;
}

/** Texts that wait, one that was started, one sent, one unknown; a text from a phone, half of a long one, and a receipt nobody has posted. */
export async function fill(store: Store): Promise<void> {
  await sendOne(store, 'sent', 'id1', phoneOf(1));
  await loseOne(store, 'unknown', {to: phoneOf(2)});
  await sendOne(store, 'done', 'id2', phoneOf(3));
  await store.receipt('smsc', toReceipt('id2'));
  await store.acceptOutbound(toOutbound('begun', {to: phoneOf(4), ...day}));
  const claim = await claimOne(store);
  await kit.startSegment(store, claim, 0, 2);
  await kit.settleTaken(store, claim, 'id3', 0);
  for (const number of [1, 2]) await store.acceptOutbound(toOutbound(`waiting${number}`, {to: phoneOf(5), ...day}));
  await store.acceptInbound(toInbound('mo', {from: phoneOf(6)}));
  await store.holdPart('smsc', toPart(1, {from: phoneOf(7), total: 2}));
}

/** Nothing leaves of what was owed, and a person finds all of it. */
export async function expectAside(t: ExecutionContext, store: Store): Promise<void> {
  t.deepEqual(await store.claim([...kit.everyOutbound, kit.inboundQueue, kit.receiptQueue], 100), []);
  t.deepEqual(await store.claimOverdue(kit.everyOutbound, 100), []);
  t.deepEqual(await store.dueWatches(100), []);
  t.deepEqual(await store.depths(), []);
  const states = await Promise.all(
    ['sent', 'unknown', 'done', 'begun', 'waiting1', 'waiting2', 'mo'].map(id => stateOf(store, id)),
  );
  t.deepEqual(states, ['sent', 'unknown', 'delivered', 'unknown', 'unknown', 'unknown', 'failed']);
  const {deadLetters} = await store.deadLetters({limit: 100});
  t.deepEqual(deadLetters.map(({messageId, reason}) => `${reason} ${messageId}`).sort(), [
    'restored begun',
    'restored mo',
    'restored unknown',
    'restored waiting1',
    'restored waiting2',
    'restored_receipt done',
  ]);
}

/** What a person decides is done; what carriers still tell counts; what comes now goes out. */
export async function expectAlive(t: ExecutionContext, store: Store): Promise<void> {
  await store.acceptOutbound(toOutbound('new', {to: phoneOf(5)}));
  const claim = await claimOne(store);
  t.like(claim, {work: {outbound: {messageId: 'new'}}});
  await kit.startSegment(store, claim);
  await kit.settleTaken(store, claim, 'id9');

  t.is(await store.receipt('smsc', toReceipt('id3', {state: 'delivered', phone: phoneOf(4)})), 'matched');
  t.is(await store.receipt('smsc', toReceipt('nobody knows', {phone: phoneOf(4)})), 'matched');
  t.is(await stateOf(store, 'begun'), 'delivered');

  const events = [{event: 'settled', detail: {by: 'ops'}}];
  t.true(await store.resolve({messageId: 'waiting1', to: 'sent', receiptWithinMs: 1000, events}));
  t.is(await stateOf(store, 'waiting1'), 'sent');
  t.true(await store.resolve({messageId: 'waiting2', to: 'requeue', events}));
  const again = await claimOne(store);
  t.like(again, {work: {outbound: {messageId: 'waiting2'}}, attempts: 1});
  t.true(await kit.startSegment(store, again));
  await kit.settleTaken(store, again, 'id10');

  t.true(await store.replay('mo', 0));
  t.like(await claimOne(store, [kit.inboundQueue]), {work: {inbound: {messageId: 'mo'}}});
  t.true(await store.replay('done', 0));
  t.deepEqual(await kit.postReceipts(store), ['Delivered', 'Delivered']);
  t.is(await stateOf(store, 'done'), 'delivered');
}

/** A long text from a phone that was half there at the backup, and whole since, is not posted as half a text. */
export async function expectPartAside(t: ExecutionContext, store: Store): Promise<void> {
  const [group] = await store.overdueParts(0, 10);
  t.is(group?.parts.length, 1);
  await store.acceptInbound({...toInbound('half', {from: phoneOf(7)}), group: 'g1'});
  t.deepEqual(await store.claim([kit.inboundQueue], 10), []);
  t.is(await stateOf(store, 'half'), 'failed');
  t.deepEqual(await store.overdueParts(0, 10), []);
}
