import test from 'ava';
import {createLinkLeases} from '../../src/relay/link-leases.ts';
import {until} from '../helpers/until.ts';

/** What the store says at each asking, and what was given back. */
function createReplicas() {
  const state = {slots: [0, 1, 2] as number[], isAway: false, leasedForMs: 5000, returned: [] as number[]};
  return {
    state,
    replicas: {
      paceBlock: () => Promise.reject(new Error('nobody asks for it here')),
      async leaseSlots() {
        if (state.isAway) throw new Error('away');
        return state.slots;
      },
      async returnSlots(_: string, slots: number[]) {
        state.returned.push(...slots);
      },
      leasedForMs: () => state.leasedForMs,
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
  let asked = 0;
  replicas.leasedForMs = () => {
    asked += 1;
    return asked < 2 ? 5000 : 1000;
  };
  await until('the links to be given up', () => used.length === 2);
  t.is(asked, 2);
  t.deepEqual(used.at(-1), []);
  state.isAway = false;
  await until('them to be leased again', () => used.length === 3);
  t.deepEqual(used.at(-1), [0, 1, 2]);
  await unfollow();
});
