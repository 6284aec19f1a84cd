import test, {type ExecutionContext} from 'ava';
import pg from 'pg';
import {openStore, StoreRefused} from '../../src/store/index.ts';
import {parseAddress} from '../../src/store/postgres/address.ts';
import {toFailing} from '../../src/store/postgres/failure.ts';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import {createLink} from '../../src/store/postgres/link.ts';
import {createNotices} from '../../src/store/postgres/notices.ts';
import {createStatements} from '../../src/store/postgres/session.ts';
import {type Store, StoreUnavailable} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';
import * as kit from './contract/kit.ts';
import {toOutbound} from './contract/kit.ts';
import {type Server, startServer} from './open-postgres.ts';
import {findBroken} from './postgres-checks.ts';
import {silent} from './silent.ts';
import {startWay} from './way.ts';

let server: Server;
test.before(async () => {
  server = await startServer();
});
test.after.always(() => server?.stop());

async function open(t: ExecutionContext): Promise<{store: Store; schema: string}> {
  t.timeout(120_000);
  const url = server.newUrl();
  const store = await openPostgresStore({url, maxOutbound: 1_000_000, log: silent, onReady() {}});
  t.teardown(() => store.close());
  return {store, schema: new URL(url).searchParams.get('schema') ?? ''};
}

function phoneOf(number: number): string {
  return `+1415${String(5_550_000 + number)}`;
}

/** A stream of texts until it is ended; what was acknowledged, and how often the store said "later". */
function stream(store: Store) {
  const acknowledged: string[] = [];
  const faults: unknown[] = [];
  let refused = 0;
  let isOver = false;

  async function run(lane: number): Promise<void> {
    for (let number = 0; !isOver; number += 1) {
      const id = `${lane}-${number}`;
      try {
        await store.acceptOutbound(toOutbound(id, {to: phoneOf(lane)}));
        acknowledged.push(id);
      } catch (error) {
        if (error instanceof StoreUnavailable) refused += 1;
        else faults.push(error);
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    }
  }

  const running = Promise.all(Array.from({length: 20}, (_, lane) => run(lane)));
  return {
    acknowledged,
    faults,
    refused: () => refused,
    async end() {
      isOver = true;
      await running;
    },
  };
}

async function expectAll(t: ExecutionContext, store: Store, ids: readonly string[]): Promise<void> {
  const records = await Promise.all(ids.map(id => store.get(id, false)));
  t.deepEqual(
    ids.filter((_, index) => records[index] === undefined),
    [],
  );
}

test.serial(
  'a server that is restarted under load costs nothing that was acknowledged, and the store goes on by itself',
  async t => {
    const {store, schema} = await open(t);
    const traffic = stream(store);
    for (let time = 0; time < 2; time += 1) {
      const before = traffic.acknowledged.length;
      await until('some to be stored', () => traffic.acknowledged.length > before + 200);
      await server.restart();
    }
    const before = traffic.acknowledged.length;
    await until('more to be stored', () => traffic.acknowledged.length > before + 200);
    await traffic.end();
    t.true(traffic.refused() > 0);
    t.deepEqual(traffic.faults, []);
    await expectAll(t, store, traffic.acknowledged);
    t.deepEqual(await findBroken(server, schema), []);
  },
);

test.serial('connections cut at any moment, in a commit too, change nothing that was said', async t => {
  const {store, schema} = await open(t);
  const traffic = stream(store);
  const cut = `select count(pg_terminate_backend(pid)) as cut from pg_stat_activity where application_name = 'nexus-async-gateway'`;
  for (let time = 0; time < 30; time += 1) {
    const before = traffic.acknowledged.length;
    await until('some to be stored', () => traffic.acknowledged.length > before + 10);
    await server.query(cut);
  }
  await traffic.end();
  t.deepEqual(traffic.faults, []);
  await expectAll(t, store, traffic.acknowledged);
  t.is(await kit.stateOf(store, traffic.acknowledged[0] ?? ''), 'accepted');
  t.deepEqual(await findBroken(server, schema), []);
});

/** Fails the first few inserts of messages as the server would; the count is no part of the transaction. */
async function failInserts(schema: string, code: string, times: number): Promise<void> {
  await server.query(`create sequence ${schema}.tries`);
  await server.query(`
    create function ${schema}.fail() returns trigger language plpgsql as $$ begin
      if nextval('${schema}.tries') <= ${times} then raise exception sqlstate '${code}'; end if;
      return new;
    end $$`);
  await server.query(
    `create trigger fail before insert on ${schema}.message for each row execute function ${schema}.fail()`,
  );
}

const triesAgain = test.macro({
  async exec(t, code: string) {
    const {store, schema} = await open(t);
    await failInserts(schema, code, 3);
    const ids = Array.from({length: 50}, (_, number) => `m${number}`);
    await Promise.all(ids.map((id, number) => store.acceptOutbound(toOutbound(id, {to: phoneOf(number)}))));
    await expectAll(t, store, ids);
    t.deepEqual(await findBroken(server, schema), []);
  },
  title: (_, code) => `tries again by itself after ${code}`,
});

test.serial('a serialization failure:', triesAgain, '40001');
test.serial('a deadlock:', triesAgain, '40P01');
test.serial('a lock that came too late:', triesAgain, '55P03');

test.serial('every connection goes on beside a newer version that has added columns', async t => {
  const {store, schema} = await open(t);
  const sendTwo = async (id: string) => {
    const ids = [`${id} 1`, `${id} 2`];
    await Promise.all(ids.map((each, number) => store.acceptOutbound(toOutbound(each, {to: phoneOf(number)}))));
    for (const _ of ids) {
      const claim = await kit.claimOne(store);
      t.true(await kit.startSegment(store, claim));
      t.true(await kit.settleTaken(store, claim, `c${claim.job}`));
    }
    await store.probe();
    await store.replicas?.leaseSlots('smsc', 3);
    await expectAll(t, store, ids);
  };
  await sendTwo('before');
  const tables = await server.query('select tablename from pg_tables where schemaname = $1', [schema]);
  for (const {tablename} of tables) await server.query(`alter table ${schema}.${tablename} add column newer bigint`);
  await sendTwo('after');
  await sendTwo('later');
  t.deepEqual(await findBroken(server, schema), []);
});

const saysLater = test.macro({
  async exec(t, code: string) {
    const {store, schema} = await open(t);
    await failInserts(schema, code, 1);
    await t.throwsAsync(store.acceptOutbound(toOutbound('m1')), {
      instanceOf: StoreUnavailable,
      message: new RegExp(code),
    });
    t.is((await store.acceptOutbound(toOutbound('m1'))).result, 'stored');
    t.deepEqual(await findBroken(server, schema), []);
  },
  title: (_, code) => `says "later" and goes on after ${code}`,
});

test.serial('a full disk:', saysLater, '53100');
test.serial('a server that is shut down:', saysLater, '57P01');
test.serial('a disk that fails:', saysLater, '58030');

test.serial('a database that only reads is told as such, and written again when it may be', async t => {
  const {store} = await open(t);
  await server.query('alter database postgres set default_transaction_read_only = on');
  t.teardown(() =>
    server.query('begin read write; alter database postgres reset default_transaction_read_only; commit'),
  );
  const cut = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nexus-async-gateway'`;
  await server.query(cut);
  await until('the store to notice', () =>
    store.probe().then(
      () => false,
      error => /25006/.test(String(error)),
    ),
  );
  await t.throwsAsync(store.acceptOutbound(toOutbound('m1')), {instanceOf: StoreUnavailable});
  await server.query('begin read write; alter database postgres reset default_transaction_read_only; commit');
  await server.query(cut);
  await until('the store to go on', () =>
    store.acceptOutbound(toOutbound('m1')).then(
      () => true,
      () => false,
    ),
  );
  t.is(await kit.stateOf(store, 'm1'), 'accepted');
});

test.serial('a store that reached a standby asks it now and then, and goes on once it is promoted', async t => {
  t.timeout(120_000);
  const way = await startWay(t, server.newUrl());
  const store = await openPostgresStore({url: way.url, maxOutbound: 10, log: silent, onReady() {}});
  t.teardown(() => store.close());
  await server.demote();
  const before = way.count();
  const endsAt = performance.now() + 2000;
  for (let number = 0; performance.now() < endsAt; number += 1) {
    await t.throwsAsync(store.acceptOutbound(toOutbound(`early ${number}`)), {instanceOf: StoreUnavailable});
  }
  t.true(way.count() - before < 40, `${way.count() - before} connections in 2 s`);
  await server.query('select pg_promote()');
  await until('the store to go on', () =>
    store.acceptOutbound(toOutbound('m1')).then(
      () => true,
      () => false,
    ),
  );
  t.is(await kit.stateOf(store, 'm1'), 'accepted');
});

test.serial('rows that can not be written fail alone, and the rest of their group is stored', async t => {
  const {store, schema} = await open(t);
  const carrier: string = JSON.parse('null');
  const messages = Array.from({length: 40}, (_, number) =>
    toOutbound(`m${number}`, {to: phoneOf(number), ...(number % 10 === 0 && {carrier})}),
  );
  const answers = await Promise.allSettled(messages.map(message => store.acceptOutbound(message)));
  t.is(answers.filter(({status}) => status === 'fulfilled').length, 36);
  for (const answer of answers) {
    if (answer.status === 'rejected') t.regex(String(answer.reason), /refused a row \(23502\)/);
  }
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial(
  'a write nobody waited for and that was refused is what the commit says, and its connection goes on',
  async t => {
    const {schema} = await open(t);
    const address = {...parseAddress(server.newUrl()), schema};
    const link = createLink({address, statements: createStatements(true), log: silent});
    t.teardown(link.close);
    const insert = 'insert into meta (key, value) values ($1, $2)';
    const [before] = await link.query('select pg_backend_pid() as pid');
    const writing = link.transaction(async session => {
      for (const value of [1, 2, 3]) session.send(insert, [['twice', value]]);
    });
    t.like(await t.throwsAsync(writing), {code: '23505'});
    t.deepEqual(await link.query('select pg_backend_pid() as pid'), [{pid: before?.pid}]);
    t.deepEqual(await link.query(`select * from ${schema}.meta where key = 'twice'`), []);
    await link.transaction(async session => session.send(insert, [['twice', 4]]));
    t.is((await link.query(`select * from ${schema}.meta where key = 'twice'`)).length, 1);
  },
);

test.serial('a write that could not even be sent is not left out of what is kept: nothing is', async t => {
  const {schema} = await open(t);
  const address = {...parseAddress(server.newUrl()), schema};
  const link = createLink({address, statements: createStatements(true), log: silent});
  t.teardown(link.close);
  const insert = 'insert into meta (key, value) values ($1, $2)';
  const unwritable = {
    toPostgres() {
      throw new RangeError('too long');
    },
  } as unknown as string;
  const writing = link.transaction(async session => {
    session.send(insert, [['first', 1]]);
    session.send(insert, [[unwritable, 2]]);
    session.send(insert, [['last', 3]]);
  });
  await t.throwsAsync(writing, {message: /too long/});
  t.deepEqual(await link.query(`select * from ${schema}.meta where key = 'first'`), []);
  await link.transaction(async session => session.send(insert, [['first', 1]]));
  t.is((await link.query(`select * from ${schema}.meta where key = 'first'`)).length, 1);
});

const transactionMs = 1000;

test.serial(
  'a server that went away without a word is taken for lost in time, and another connection is made',
  async t => {
    const {schema} = await open(t);
    const way = await startWay(t, server.newUrl());
    const lost: unknown[] = [];
    const log = {...silent, warn: (_: string, detail?: object) => void lost.push(detail)};
    const address = {...parseAddress(way.url), schema};
    const link = createLink({address, statements: createStatements(true), transactionMs, log});
    t.teardown(link.close);
    const ask = () => link.transaction(session => session.queryAll('select 1 as one', [[]]));
    await ask();
    way.silence();
    const error = await t.throwsAsync(ask());
    t.is(toFailing(error), 'unavailable');
    t.deepEqual(lost, [{why: 'no answer'}]);
    t.deepEqual(await ask(), [{rows: [{one: 1}], changes: 1}]);
    way.silence();
    await link.close();
  },
);

test.serial(
  'what became of a commit that is not answered is found out, also when the first who is asked does not say',
  async t => {
    const {schema} = await open(t);
    const way = await startWay(t, server.newUrl());
    const address = {...parseAddress(way.url), schema};
    const link = createLink({address, statements: createStatements(true), transactionMs, log: silent});
    t.teardown(link.close);
    way.silenceAt('commit\0', 'pg_xact_status');
    await link.transaction(async session =>
      session.send('insert into meta (key, value) values ($1, $2)', [['kept', 1]]),
    );
    t.is(way.count(), 3);
    t.is((await link.query(`select * from ${schema}.meta where key = 'kept'`)).length, 1);
  },
);

test.serial('two writers that lock each other out are both heard in the end', async t => {
  const {store, schema} = await open(t);
  await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}));
  const client = new pg.Client({connectionString: server.newUrl().split('?')[0]});
  await client.connect();
  t.teardown(() => client.end());
  await client.query('begin');
  await client.query(`select 1 from ${schema}.job for update`);
  const claims = await store.claim(kit.everyOutbound, 10);
  t.deepEqual(claims, [], 'what another is at is passed over');
  const entering = store.acceptOutbound(toOutbound('m2', {to: phoneOf(1)}));
  await client.query('commit');
  t.is((await entering).result, 'stored');
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('a text whose carrier delivers it again elsewhere is not stored here any more', async t => {
  const {store, schema} = await open(t);
  const late = kit.toInbound('i1', {fingerprint: 'f', isAwaited: () => false});
  await t.throwsAsync(store.acceptInbound(late), {instanceOf: StoreUnavailable});
  const others = ['i2', 'i3'].map(id => kit.toInbound(id, {from: phoneOf(2), isAwaited: () => id === 'i3'}));
  const answers = await Promise.allSettled(others.map(each => store.acceptInbound(each)));
  t.deepEqual(
    answers.map(({status}) => status),
    ['rejected', 'fulfilled'],
  );
  t.is((await store.acceptInbound({...late, isAwaited: () => true})).result, 'stored');
  t.is((await store.acceptInbound(late)).result, 'duplicate', 'what is stored needs no second time');
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('what comes in waits for no delivery', async t => {
  const {store, schema} = await open(t);
  await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}));
  const claim = await kit.claimOne(store);
  t.true(await kit.startSegment(store, claim));
  const client = new pg.Client({connectionString: server.newUrl().split('?')[0]});
  await client.connect();
  t.teardown(() => client.end());
  await client.query('begin');
  await client.query(`select 1 from ${schema}.message for update`);
  const settling = kit.settleTaken(store, claim, 'k1');
  t.is((await store.acceptOutbound(toOutbound('m2', {to: phoneOf(2)}))).result, 'stored');
  t.is((await store.acceptInbound(kit.toInbound('m3', {from: phoneOf(3)}))).result, 'stored');
  await client.query('commit');
  t.true(await settling);
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('a claim follows its index through a backlog nobody has analyzed', async t => {
  const {store, schema} = await open(t);
  await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}));
  await server.query(`alter table ${schema}.job set (autovacuum_enabled = false)`);
  await server.query(`
    insert into ${schema}.message (id, direction, platform, channel, carrier, phone, address, priority, state, trace, accepted_at, expires_at, state_at)
    select 'b' || n, 'outbound', 'acme', 'c1', 'smsc', '+1', '+2', 'bulk', 'accepted', 'a1', n, n + 1e15, n from generate_series(1, 40000) n`);
  await server.query(`
    insert into ${schema}.payload (message, body, raw) select seq, '{"text":"x","media":[]}', '{}' from ${schema}.message where id like 'b%'`);
  await server.query(`
    insert into ${schema}.job (id, message, kind, queue, lane, state, due_at, priority, queued_at, expires_at)
    select seq * 4, seq, 'outbound', (select id from ${schema}.queue), seq, 'ready', accepted_at, 'bulk', 0, expires_at
    from ${schema}.message where id like 'b%'`);
  await server.query('select pg_stat_reset()');
  t.is((await store.claim([kit.bulk], 100)).length, 100);
  await until('statistics to come', async () => {
    const [row] = await server.query(
      `select seq_tup_read as read, idx_tup_fetch as fetched from pg_stat_user_tables where schemaname = $1 and relname = 'job'`,
      [schema],
    );
    if (row === undefined || Number(row.fetched) === 0) return false;
    t.is(Number(row.read), 0, 'no scan');
    t.true(Number(row.fetched) < 1000, `${row.fetched} rows looked at`);
    return true;
  });
});

test.serial('close waits for what was asked before it, and refuses what comes after', async t => {
  const {store} = await open(t);
  const asked = store.acceptOutbound(toOutbound('m1'));
  const closed = store.close();
  await t.throwsAsync(store.acceptOutbound(toOutbound('m2')), {instanceOf: StoreUnavailable});
  t.is((await asked).result, 'stored');
  await closed;
});

const refuses = test.macro({
  async exec(t, change: (url: string) => string, message: RegExp) {
    const url = change(server.newUrl());
    const options = {url, maxOutbound: 10, now: () => 0, log: silent, onReady() {}, onLost() {}};
    const error = await t.throwsAsync(openStore(options), {instanceOf: StoreRefused, message});
    t.false(error?.message.includes('a%20test') || error?.message.includes('a test'), 'no password is told');
  },
  title: title => `refuses ${title}`,
});

test.serial('a wrong password', refuses, url => url.replace('a%20test', 'a%20guess'), /28P01/);
test.serial('a database that is not there', refuses, url => url.replace('/postgres?', '/nowhere?'), /3D000/);
test.serial('a schema with a strange name', refuses, url => `${url};drop`, /lower-case letters/);
test.serial('a setting it does not know', refuses, url => `${url}&sslmod=require`, /knows no sslmod/);
test.serial('an sslmode that may fall back to plain text', refuses, url => `${url}&sslmode=prefer`, /sslmode/);
test.serial('a CA that is not there', refuses, url => `${url}&sslrootcert=/nowhere.pem`, /can't be read/);

test('who listens on a connection that went silent listens again on another one, and ends all the same', async t => {
  const way = await startWay(t, server.newUrl());
  const heard: string[] = [];
  const times = {provenWithinMs: 500, proveEveryMs: 100};
  const open = (onReady: (queues: string[]) => void) =>
    createNotices({address: parseAddress(way.url), onReady, log: silent, ...times});
  const listener = open(queues => heard.push(...queues));
  const told = async (queue: string) => {
    const teller = open(() => {});
    teller.setPeers(1);
    await until(`word of ${queue}`, () => {
      teller.tell([queue]);
      return heard.includes(queue);
    });
    return teller;
  };
  const first = await told('q1');
  way.silence();
  const second = await told('q2');
  way.silence();
  await Promise.all([listener, first, second].map(each => each.close()));
  t.true(heard.includes('q2'));
});
