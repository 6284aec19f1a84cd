import test, {type ExecutionContext} from 'ava';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import type {ReplicaShares} from '../../src/store/replicas.ts';
import {until} from '../helpers/until.ts';
import {type Server, startServer} from './open-postgres.ts';
import {silent} from './silent.ts';

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

interface Opened {
  shares: ReplicaShares;
  schema: string;
  close(): Promise<void>;
}

function opener(t: ExecutionContext) {
  t.timeout(60_000);
  const url = server.newUrl();
  return async (): Promise<Opened> => {
    const store = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
    t.teardown(() => store.close());
    if (store.replicas === undefined) throw new Error('nothing is shared');
    const schema = new URL(url).searchParams.get('schema') ?? '';
    return {shares: store.replicas, schema, close: store.close};
  };
}

const wanted = {count: 5, ratePerSecond: 50, longerMs: 0, leadMs: 0};

test.serial('no time to leave is given twice, and none of another key is taken for it', async t => {
  const open = opener(t);
  const replicas = await Promise.all([open(), open(), open()]);
  const asked = replicas.flatMap(({shares}) => [1, 2, 3, 4].map(() => shares.paceBlock('smsc', wanted)));
  const blocks = (await Promise.all(asked)).sort((one, other) => one.at - other.at);
  for (const [index, {at, everyMs}] of blocks.entries()) {
    t.is(everyMs, 20);
    const next = blocks[index + 1];
    if (next !== undefined) t.true(next.at >= at + 5 * everyMs - 0.001, `${next.at} after ${at}`);
  }
  const [other] = replicas;
  const elsewhere = await other.shares.paceBlock('elsewhere', wanted);
  t.true(elsewhere.at <= elsewhere.now);
  const later = await other.shares.paceBlock('later', {...wanted, leadMs: 500});
  t.is(later.at, later.now + 500);
});

test.serial(
  'slots are shared out fairly, never twice, given back to a newcomer and free when a replica leaves',
  async t => {
    const open = opener(t);
    const one = await open();
    t.deepEqual(await one.shares.leaseSlots('smsc', 3), [0, 1, 2]);
    t.deepEqual(await one.shares.leaseSlots('smsc', 3), [0, 1, 2]);
    const two = await open();
    t.deepEqual(await two.shares.leaseSlots('smsc', 3), []);
    t.deepEqual(await one.shares.leaseSlots('smsc', 3), [0, 1]);
    t.deepEqual(await two.shares.leaseSlots('smsc', 3), [], 'what is still used is nobody else’s');
    await one.shares.returnSlots('smsc', [2]);
    t.deepEqual(await two.shares.leaseSlots('smsc', 3), [2]);
    await two.shares.returnSlots('smsc', [0, 1]);
    t.deepEqual(await one.shares.leaseSlots('smsc', 3), [0, 1], 'nobody gives back what is not his');
    t.true(one.shares.leasedForMs() > 0);
    await one.close();
    t.deepEqual(await two.shares.leaseSlots('smsc', 3), [2, 0, 1]);
  },
);

test.serial(
  'a replica that was given up leases no slot under the name it lost, and its slots again once it has another',
  async t => {
    const open = opener(t);
    const {shares, schema} = await open();
    t.deepEqual(await shares.leaseSlots('smsc', 3), [0, 1, 2]);
    const giveUp = `with gone as (delete from ${schema}.replica returning id) delete from ${schema}.slot where holder in (select id from gone)`;
    await server.query(giveUp);
    // Before it knows, mostly.
    await shares.leaseSlots('smsc', 3);
    const ofNobody = `select * from ${schema}.slot where holder not in (select id from ${schema}.replica)`;
    t.deepEqual(await server.query(ofNobody), []);
    await until('it to come back', async () => (await server.query(`select id from ${schema}.replica`)).length > 0);
    t.deepEqual(await shares.leaseSlots('smsc', 3), [0, 1, 2]);
  },
);

test.serial('slots held under names nobody has are free once a replica starts', async t => {
  const open = opener(t);
  const one = await open();
  await server.query(
    `insert into ${one.schema}.slot (account, slot, holder) values ('smsc', 0, 1000), ('smsc', 1, 1001)`,
  );
  t.deepEqual(await one.shares.leaseSlots('smsc', 3), [2]);
  const two = await open();
  t.deepEqual(await two.shares.leaseSlots('smsc', 3), [0, 1]);
  t.deepEqual(await one.shares.leaseSlots('smsc', 3), [2]);
});

test.serial('many that ask for slots at once never have more than there are', async t => {
  const open = opener(t);
  const replicas = await Promise.all([open(), open(), open(), open()]);
  const held = await Promise.all(replicas.map(({shares}) => shares.leaseSlots('smsc', 6)));
  const all = held.flat();
  t.is(new Set(all).size, all.length);
  t.true(all.length <= 6 && all.every(slot => slot < 6));
});
