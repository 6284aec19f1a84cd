import test from 'ava';
import type {Channel} from '../../src/core/channel.ts';
import {createReplay} from '../../src/relay/replay.ts';
import * as kit from '../store/contract/kit.ts';
import {openSqlite} from '../store/open-sqlite.ts';
import {silent} from '../store/silent.ts';

const by = {name: 'ops', via: 'api'} as const;

function toEntry(carrier: string): Channel['carriers'][number] {
  return {carrier, address: '+16504661149', senderMayChange: false, options: {}};
}

/** A text its carrier `smsc` refused, of a channel that is served by these now. */
async function start(t: Parameters<typeof openSqlite>[0], carriers: string[], more: Partial<Channel> = {}) {
  const {store, clock} = await openSqlite(t);
  const channel = {id: 'c1', platform: 'acme', carriers: carriers.map(toEntry), sendWithinMs: 60_000, ...more};
  const text = kit.toOutbound('m1');
  await store.acceptOutbound({...text, outbound: {...text.outbound, headers: {'x-kind': 'otp'}}});
  const {job, fence} = await kit.claimOne(store);
  const reason = {code: 'GeneralError', message: 'refused'} as const;
  const ended = {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'} as const;
  await store.settle({job, fence, events: [], ...ended});
  await kit.postReceipts(store);
  const channels = () => (carriers.length === 0 ? [] : [channel as unknown as Channel]);
  const parts = {store, channels, platforms: () => new Map(), onOptedOut: () => {}, log: silent};
  const replay = createReplay({...parts, now: () => clock.now});
  const waiting = async () => (await store.depths()).filter(depth => depth.waiting > 0).map(({queue}) => queue);
  return {store, replay, waiting};
}

test('a replayed text goes by the carrier it had', async t => {
  const {replay, waiting} = await start(t, ['other', 'smsc']);
  t.is(await replay('m1', by), 'replayed');
  t.deepEqual(await waiting(), [kit.bulk]);
});

test('a replayed text goes by a carrier that is leaving and still sends', async t => {
  const {replay, waiting} = await start(t, ['other'], {leavingCarriers: [toEntry('smsc')]});
  t.is(await replay('m1', by), 'replayed');
  t.deepEqual(await waiting(), [kit.bulk]);
});

test('a replayed text whose carrier its channel has no more goes by the first that may carry it', async t => {
  const byPrefix = [{prefix: '+1', carriers: ['third']}];
  const {replay, waiting} = await start(t, ['other', 'third'], {byPrefix});
  t.is(await replay('m1', by), 'replayed');
  t.deepEqual(await waiting(), [kit.bulk.replace('smsc', 'third')]);
});

test('a replayed text whose carrier does not serve its number any more goes by the first that does', async t => {
  const byPrefix = [{prefix: '+1', carriers: ['third', 'other']}];
  const {replay, waiting} = await start(t, ['smsc', 'other', 'third'], {byPrefix});
  t.is(await replay('m1', by), 'replayed');
  t.deepEqual(await waiting(), [kit.bulk.replace('smsc', 'third')]);
});

test('a replayed text whose carrier its channel has no more goes by the one its header asks for', async t => {
  const byHeader = [{header: 'x-kind', value: 'otp', carrier: 'third'}];
  const {replay, waiting} = await start(t, ['other', 'third'], {byHeader});
  t.is(await replay('m1', by), 'replayed');
  t.deepEqual(await waiting(), [kit.bulk.replace('smsc', 'third')]);
});

test('a text whose channel is gone is not replayed and stays a dead letter', async t => {
  const {store, replay, waiting} = await start(t, []);
  t.is(await replay('m1', by), 'unroutable');
  t.deepEqual(await waiting(), []);
  t.is((await store.deadLetters({limit: 10})).deadLetters.length, 1);
});
