import test from 'ava';
import {latencyLimitsMs} from '../../../src/core/latency.ts';
import type {Tally} from '../../../src/store/store.ts';
import {loseOne, type OpenFresh, phone, sendOne, startOfTime, toInbound, toOutbound, toReceipt} from './kit.ts';

const hourMs = 3_600_000;

/** What people look for and count. */
export function tallyCases(openFresh: OpenFresh): void {
  test("finds a text by its carrier's id, in another notation too", async t => {
    const {store} = await openFresh(t);
    await sendOne(store, 'm1', '00001F');
    await sendOne(store, 'm2', '20', '+14155550199');
    const find = async (carrierMessageId: string, rest = {}) =>
      (await store.find({carrierMessageId, limit: 9, ...rest})).messages.map(({messageId}) => messageId);
    t.deepEqual(await find('1f'), ['m1']);
    t.deepEqual(await find('31'), ['m1']);
    t.deepEqual(await find('20', {phone}), []);
    t.deepEqual(await find('99'), []);
  });

  test('finds what was accepted within a time', async t => {
    const {store, clock} = await openFresh(t);
    for (const [index, messageId] of ['m1', 'm2', 'm3', 'm4'].entries()) {
      clock.now = startOfTime + index * 1000;
      await store.acceptOutbound(toOutbound(messageId));
    }
    const find = async (filter: {since?: number; until?: number; phone?: string; limit?: number}) =>
      (await store.find({limit: 9, ...filter})).messages.map(({messageId}) => messageId);
    t.deepEqual(await find({since: startOfTime + 1000}), ['m4', 'm3', 'm2']);
    t.deepEqual(await find({until: startOfTime + 2000}), ['m2', 'm1']);
    t.deepEqual(await find({since: startOfTime + 500, until: startOfTime + 2001, phone}), ['m3', 'm2']);
    t.deepEqual(await find({since: startOfTime + 9000}), []);
    t.deepEqual(await find({until: startOfTime}), []);
    const page = await store.find({since: startOfTime + 1000, limit: 2});
    t.deepEqual((await store.find({since: startOfTime + 1000, limit: 2, before: page.next})).messages.length, 1);
  });

  test('tells when each segment was submitted', async t => {
    const {store, clock} = await openFresh(t);
    clock.now = startOfTime + 5000;
    await sendOne(store, 'm1', '1');
    t.is((await store.get('m1', false))?.segments[0]?.startedAt, startOfTime + 5000);
  });

  test('counts what was accepted by hour, channel, state and reason', async t => {
    const {store, clock} = await openFresh(t);
    await sendOne(store, 'm1', '1', '+14155550101');
    await sendOne(store, 'm2', '2', '+14155550102');
    clock.now = startOfTime + 1500;
    await store.receipt('smsc', toReceipt('1'));
    await store.receipt('smsc', toReceipt('2', {state: 'failed', reason: {code: 'InvalidDestination', message: 'x'}}));
    clock.now = startOfTime + hourMs;
    await sendOne(store, 'm3', '3', '+14155550103');
    await store.resolve({messageId: 'm3', to: 'quiet', events: []});
    await loseOne(store, 'm4', {to: '+14155550104'});
    await store.acceptOutbound(toOutbound('m5', {channel: 'c2'}));
    await store.acceptInbound(toInbound('i1'));

    const {tallies, next} = await store.tally({since: startOfTime - hourMs});
    t.is(next, undefined);
    const hourAt = Math.floor(startOfTime / hourMs) * hourMs;
    const latencies = latencyLimitsMs.map(() => 0);
    const common = {
      platform: 'acme',
      channel: 'c1',
      direction: 'outbound',
      messages: 1,
      segments: 1,
      withoutReceipt: 0,
      latencies,
    } as const;
    t.deepEqual(
      byState(tallies),
      byState([
        {...common, hourAt, state: 'delivered', latencies: latencyLimitsMs.map(limit => (limit === 2000 ? 1 : 0))},
        {...common, hourAt, state: 'failed', reason: 'InvalidDestination'},
        {...common, hourAt: hourAt + hourMs, state: 'sent', withoutReceipt: 1},
        {...common, hourAt: hourAt + hourMs, state: 'unknown'},
        {...common, hourAt: hourAt + hourMs, state: 'accepted', channel: 'c2', segments: 0},
        {...common, hourAt: hourAt + hourMs, state: 'accepted', direction: 'inbound', segments: 0},
      ]),
    );
    t.is((await store.tally({since: startOfTime + 1})).tallies.length, 4);
    t.deepEqual((await store.tally({since: startOfTime + 2 * hourMs})).tallies, []);
  });
}

function byState(tallies: readonly Tally[]): Tally[] {
  const key = ({state, direction}: Tally) => `${state} ${direction}`;
  return [...tallies].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
