import test from 'ava';
import {claimInTurn} from '../../src/relay/to-carrier.ts';
import {claimApart} from '../../src/relay/to-platform.ts';
import {type Claim, StoreUnavailable} from '../../src/store/store.ts';

/** Senders with a room of their own; those not named have no limit. Each queue holds more than anybody asks for. */
async function claimFor(queues: string[], limit: number, rooms: Record<string, number>) {
  const asked: string[] = [];
  const store = {
    async claim(names: string[], most: number) {
      asked.push(`${names.join('+')} ${most}`);
      return Array.from({length: most}, () => ({queue: names[0]}) as Claim);
    },
  };
  const roomOf = (queue: string) => rooms[queue] ?? Number.POSITIVE_INFINITY;
  return {asked, ...(await claimInTurn(store, queues, limit, roomOf))};
}

test('a number is asked for no more than its room, and one that finds no place left may hold more', async t => {
  const {asked, claims, more} = await claimFor(['n1', 'n2', 'n3', 'pool'], 2, {n1: 1, n2: 1, n3: 1});
  t.deepEqual(asked, ['n1 1', 'n2 1']);
  t.is(claims.length, 2);
  t.deepEqual([...more].sort(), ['n1', 'n2', 'n3', 'pool']);
});

test('one whose sender has no room may hold more, and takes no place', async t => {
  const {asked, more} = await claimFor(['n1', 'n2'], 5, {n1: 0, n2: 3});
  t.deepEqual(asked, ['n2 3']);
  t.deepEqual([...more].sort(), ['n1', 'n2']);
});

test('senders without a limit come together, in the turn of the first of them', async t => {
  const {asked} = await claimFor(['n1', 'pool1', 'n2', 'pool2'], 3, {n1: 1, n2: 1});
  t.deepEqual(asked, ['n1 1', 'pool1+pool2 2']);
});

/** A store that is away for these queues; each other one has one claim. */
function awayFor(...names: string[]) {
  return {
    async claim(queues: string[]) {
      if (queues.some(queue => names.includes(queue))) throw new StoreUnavailable('away');
      return queues.map(queue => ({queue}) as Claim);
    },
  };
}

const one = () => 1;

test('what was claimed before the store was away is kept, and what could not be asked for may hold more', async t => {
  const {claims, more} = await claimInTurn(awayFor('n2'), ['n1', 'n2', 'n3'], 5, one);
  t.deepEqual(
    claims.map(({queue}) => queue),
    ['n1', 'n3'],
  );
  t.true(more.includes('n2'));
  await t.throwsAsync(claimInTurn(awayFor('n1'), ['n1'], 5, one), {instanceOf: StoreUnavailable});
});

test('the same with the posts of URLs that are being tried again', async t => {
  const queuesOf = async (away: string[]) =>
    (await claimApart(awayFor(...away), ['t1', 't2', 'o1'], ['t1', 't2'], 5)).claims.map(({queue}) => queue);
  t.deepEqual(await queuesOf(['t2']), ['t1', 'o1']);
  t.deepEqual(await queuesOf(['o1']), ['t1', 't2']);
  await t.throwsAsync(queuesOf(['t1', 't2', 'o1']), {instanceOf: StoreUnavailable});
});
