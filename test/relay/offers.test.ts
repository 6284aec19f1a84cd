import test from 'ava';
import {toOffer} from '../../src/relay/all-offers.ts';
import type {Offered} from '../../src/relay/offers.ts';
import {createPump} from '../../src/relay/pump.ts';
import type {Claim} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';
import {silent} from '../store/silent.ts';

/** A pump with five places; its queues hold so many jobs, and those begun end when the test says so. */
function createBench({keepsLast = false} = {}) {
  const bench = {waiting: {i1: 0, b1: 0} as Record<string, number>, closed: new Set<string>(), isAway: false};
  const [begun, givenBack, asked] = [[] as string[], [] as string[], [] as number[]];
  const finishers: Array<() => void> = [];
  const isOpen = (queue: string) => !bench.closed.has(queue);
  const pump = createPump({
    queues: () => ({interactive: ['i1'].filter(isOpen), bulk: ['b1'].filter(isOpen)}),
    room: () => 5 - pump.inFlight(),
    waitMs: () => 0,
    async claim(queues, limit) {
      asked.push(limit);
      if (bench.isAway) throw new Error('the store is away');
      const claims: Claim[] = [];
      for (const queue of queues) {
        const count = Math.min(limit - claims.length, bench.waiting[queue] ?? 0);
        bench.waiting[queue] = (bench.waiting[queue] ?? 0) - count;
        claims.push(...toClaims(...Array<string>(count).fill(queue)));
      }
      return {claims, more: []};
    },
    async run({queue}) {
      begun.push(queue);
      await new Promise<void>(resolve => finishers.push(resolve));
    },
    giveBack: async ({queue}) => givenBack.push(queue),
    offers: {takes: isOpen, keepsLast},
    log: silent,
  });
  const finish = () => {
    for (const end of finishers.splice(0)) end();
  };
  return {...bench, bench, pump, begun, givenBack, asked, finish};
}

function toClaims(...queues: string[]): Claim[] {
  return queues.map(queue => ({queue}) as Claim);
}

function take(offered: Offered | undefined): Offered {
  if (offered === undefined) throw new Error('nothing was offered');
  return offered;
}

test('half of the room is offered, and is nobody else’s until the offer ends; the rest goes on', async t => {
  const {pump, bench, begun, asked, finish} = createBench();
  const offered = take(pump.offer());
  t.is(offered.places, 2);
  const second = take(pump.offer());
  t.is(second.places, 1);
  bench.waiting.b1 = 4;
  pump.wake(['b1']);
  await until('what there is room for', () => begun.length === 2);
  t.deepEqual(asked, [2]);
  second.end([]);
  offered.end(toClaims('i1', 'i1'));
  pump.wake(['b1']);
  await until('all of them', () => begun.length === 5);
  t.deepEqual(begun.toSorted(), ['b1', 'b1', 'b1', 'i1', 'i1']);
  finish();
  await pump.stop();
});

test('a last place is offered as well, and a job that comes now is told of room as long as there is some', async t => {
  const {pump, bench, begun, finish} = createBench();
  bench.waiting.b1 = 4;
  pump.wake(['b1']);
  await until('four of them', () => begun.length === 4);
  // The queue had as many as it was asked for, so nobody looks again.
  await until('nothing waits', () => pump.hasRoom());
  const offered = take(pump.offer());
  t.is(offered.places, 1);
  t.false(pump.hasRoom());
  t.is(pump.offer(), undefined);
  offered.end([]);
  t.true(pump.hasRoom());
  finish();
  await pump.stop();
});

test('where a transaction may wait for another one the last place is kept', async t => {
  const {pump, bench, begun, finish} = createBench({keepsLast: true});
  bench.waiting.b1 = 4;
  pump.wake(['b1']);
  await until('four of them', () => begun.length === 4);
  await until('nothing waits', () => pump.hasRoom());
  t.is(pump.offer(), undefined);
  finish();
  await pump.stop();
});

test('nothing is offered while something waits that may go, or no place is free', async t => {
  const {pump, bench, begun, finish} = createBench();
  bench.waiting.i1 = 5;
  pump.wake(['i1']);
  t.is(pump.offer(), undefined);
  await until('all of them', () => begun.length === 5);
  t.is(pump.offer(), undefined);
  finish();
  await new Promise(setImmediate);
  const next = take(pump.offer());
  t.is(next.places, 2);
  next.end([]);
  await pump.stop();
});

test('nor while something waits that the store could not be asked for', async t => {
  const {pump, bench, asked} = createBench();
  bench.isAway = true;
  pump.wake(['b1']);
  await until('the claim', () => asked.length === 1);
  await new Promise(setImmediate);
  t.is(pump.offer(), undefined);
  await pump.stop();
});

test('what waits in a closed queue keeps nobody from offering', t => {
  const {pump, bench} = createBench();
  bench.closed.add('b1');
  pump.wake(['b1']);
  const offered = take(pump.offer());
  t.is(offered.places, 2);
  offered.end([]);
  return pump.stop();
});

test('a queue that was closed meanwhile gets its job back, and is left out until it is open again', async t => {
  const {pump, bench, begun, givenBack} = createBench();
  const offered = take(pump.offer());
  bench.closed.add('b1');
  offered.end(toClaims('b1'));
  await new Promise(setImmediate);
  t.deepEqual([begun, givenBack], [[], ['b1']]);
  const next = take(pump.offer());
  t.deepEqual([next.places, next.except], [2, ['b1']]);
  next.end([]);
  pump.wakeAll();
  await new Promise(setImmediate);
  const stillClosed = take(pump.offer());
  t.deepEqual(stillClosed.except, ['b1']);
  stillClosed.end([]);
  bench.closed.delete('b1');
  pump.wakeAll();
  await new Promise(setImmediate);
  const reopened = take(pump.offer());
  t.deepEqual(reopened.except, []);
  reopened.end([]);
  await pump.stop();
});

test('a stop waits for what was offered, and what comes of it goes back', async t => {
  const {pump, begun, givenBack} = createBench();
  const offered = take(pump.offer());
  let stopped = false;
  const stopping = pump.stop().then(() => {
    stopped = true;
  });
  await new Promise(setImmediate);
  t.false(stopped);
  t.is(pump.offer(), undefined);
  offered.end(toClaims('i1'));
  await stopping;
  t.deepEqual([begun, givenBack], [[], ['i1']]);
});

test('each destination gets what is its own, and those of other kinds are not asked', t => {
  const got: string[] = [];
  const createDestination = (kind: 'inbound' | 'receipt' | 'outbound', name: string, places = 2) => {
    const end = (claims: readonly Claim[]) => void got.push(`${name} ${claims.map(({queue}) => queue).join()}`);
    return [name, {kind, pump: {offer: () => (places === 0 ? undefined : {places, except: [], end})}}] as const;
  };
  const destinations = new Map([
    createDestination('inbound', 'inbound acme'),
    createDestination('receipt', 'receipt acme'),
    createDestination('receipt', 'receipt full', 0),
    createDestination('outbound', 'carrier a'),
  ]) as unknown as Parameters<typeof toOffer>[1];
  const offer = toOffer(new Set(['receipt', 'outbound']), destinations);
  t.deepEqual(offer?.rooms, [
    {destination: 'receipt acme', places: 2, except: []},
    {destination: 'carrier a', places: 2, except: []},
  ]);
  offer?.end(toClaims('outbound|acme|c1|a|bulk', 'receipt|acme|c1||interactive'));
  t.deepEqual(got, ['receipt acme receipt|acme|c1||interactive', 'carrier a outbound|acme|c1|a|bulk']);
  t.is(toOffer(new Set(['inbound']), new Map()), undefined);
});
