import test from 'ava';
import {createLinkLeases} from '../../src/relay/link-leases.ts';
import {until} from '../helpers/until.ts';

/** What the store says at each asking, and what was given back. */
function createReplicas() {
  const state = {
    slots: [0, 1, 2] as number[],
    isAway: false,
    leasedForMs: 5000,
    standing: 1,
    refused: 0,
    returned: [] as number[],
  };
  return {
    state,
    replicas: {
      paceBlock: () => Promise.reject(new Error('nobody asks for it here')),
      async leaseSlots() {
        if (state.isAway) {
          state.refused += 1;
          throw new Error('away');
        }
        return state.slots;
      },
      async returnSlots(_: string, slots: number[]) {
        state.returned.push(...slots);
      },
      standing: () => state.standing,
      leasedForMs: () => state.leasedForMs,
      now: Date.now,
    },
  };
}

const log = {debug() {}, info() {}, warn() {}, error() {}};

test('a link another replica is to have is closed first and given back then', async t => {
  const {state, replicas} = createReplicas();
  const used: number[][] = [];
  const leases = createLinkLeases({replicas, account: 'smsc-a', log});
  const unfollow = leases.follow(
    () => 3,
    async numbers => {
      t.deepEqual(state.returned, []);
      used.push([...numbers]);
    },
  );
  await until('the first links', () => used.length === 1);
  state.slots = [0];
  await until('links to be given back', () => state.returned.length > 0);
  t.deepEqual(used, [[0, 1, 2], [0]]);
  t.deepEqual(state.returned, [1, 2]);
  state.returned = [];
  await unfollow();
  t.deepEqual(used.at(-1), []);
  t.deepEqual(state.returned, [0]);
});

test('links are kept while the store is away for a moment, and given up before anybody else may have them', async t => {
  const {state, replicas} = createReplicas();
  const used: number[][] = [];
  const leases = createLinkLeases({replicas, account: 'smsc-a', log});
  const unfollow = leases.follow(
    () => 3,
    async numbers => {
      used.push([...numbers]);
    },
  );
  await until('the first links', () => used.length === 1);
  state.isAway = true;
  await until('the store to be asked in vain', () => state.refused === 2);
  t.is(used.length, 1);
  state.leasedForMs = 1000;
  await until('the links to be given up', () => used.length === 2);
  t.deepEqual(used.at(-1), []);
  state.isAway = false;
  state.leasedForMs = 5000;
  await until('them to be leased again', () => used.length === 3);
  t.deepEqual(used.at(-1), [0, 1, 2]);
  await unfollow();
});

test('links are given up in time when the store does not answer at all, and an answer that comes too late is not used', async t => {
  const {state, replicas} = createReplicas();
  const used: number[][] = [];
  const leases = createLinkLeases({replicas, account: 'smsc-a', log});
  const unfollow = leases.follow(
    () => 3,
    async numbers => {
      used.push([...numbers]);
    },
  );
  await until('the first links', () => used.length === 1);
  const {promise, resolve} = Promise.withResolvers<number[]>();
  const answers = replicas.leaseSlots;
  let asked = 0;
  replicas.leaseSlots = () => {
    asked += 1;
    return promise;
  };
  const endsAt = performance.now() + 3500;
  replicas.leasedForMs = () => endsAt - performance.now();
  await until('the links to be given up', () => used.length === 2);
  t.deepEqual(used.at(-1), []);
  t.true(replicas.leasedForMs() > 0);
  resolve([0, 1, 2]);
  await until('the store to be asked again', () => asked === 2);
  t.is(used.length, 2);
  replicas.leaseSlots = answers;
  replicas.leasedForMs = () => state.leasedForMs;
  await until('them to be leased again', () => used.at(-1)?.length === 3);
  await unfollow();
});

test('links that are being given to another replica are cut as well when the store is away', async t => {
  const {state, replicas} = createReplicas();
  const closing = Promise.withResolvers<void>();
  const used: Array<{numbers: number[]; withinMs: number | undefined}> = [];
  const leases = createLinkLeases({replicas, account: 'smsc-a', log});
  const unfollow = leases.follow(
    () => 3,
    async (numbers, withinMs) => {
      used.push({numbers: [...numbers], withinMs});
      if (numbers.length === 0 && withinMs === undefined) await closing.promise;
      if (withinMs !== undefined) closing.resolve();
    },
  );
  await until('the first links', () => used.length === 1);
  const endsAt = performance.now() + 3500;
  replicas.leasedForMs = () => endsAt - performance.now();
  state.slots = [];
  await until('them to be cut', () => used.length === 3);
  t.deepEqual(used.slice(1), [
    {numbers: [], withinMs: undefined},
    {numbers: [], withinMs: 1500},
  ]);
  await unfollow();
});

test('an answer of the time before this replica was given up is not used', async t => {
  const {state, replicas} = createReplicas();
  const used: number[][] = [];
  const {promise, resolve} = Promise.withResolvers<number[]>();
  const answers = replicas.leaseSlots;
  let asked = 0;
  replicas.leaseSlots = () => {
    asked += 1;
    return asked === 1 ? promise : answers();
  };
  const leases = createLinkLeases({replicas, account: 'smsc-a', log});
  const unfollow = leases.follow(
    () => 3,
    async numbers => {
      used.push([...numbers]);
    },
  );
  await until('the store to be asked', () => asked === 1);
  state.standing = 2;
  state.slots = [2];
  resolve([0, 1]);
  await until('the links of its new name', () => used.length === 1);
  t.deepEqual(used, [[2]]);
  await unfollow();
});
