import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import test, {type ExecutionContext} from 'ava';
import pg from 'pg';
import {carrierDestination} from '../../src/core/queue.ts';
import {parseAddress} from '../../src/store/postgres/address.ts';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import {type Claim, type Store, StoreUnavailable} from '../../src/store/store.ts';
import {until} from '../helpers/until.ts';
import * as kit from './contract/kit.ts';
import {everyOutbound, toInbound, toOutbound, toPart, toReceipt} from './contract/kit.ts';
import {type Server, startServer} from './open-postgres.ts';
import {findBroken} from './postgres-checks.ts';
import {silent} from './silent.ts';

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

interface Replicas {
  url: string;
  schema: string;
  stores: [Store, Store, Store];
}

async function openThree(t: ExecutionContext, maxOutbound = 100_000): Promise<Replicas> {
  t.timeout(120_000);
  const url = server.newUrl();
  const open = async () => {
    const store = await openPostgresStore({url, maxOutbound, log: silent, onReady() {}});
    t.teardown(() => store.close());
    return store;
  };
  const stores: Replicas['stores'] = await Promise.all([open(), open(), open()]);
  return {url, schema: new URL(url).searchParams.get('schema') ?? '', stores};
}

function phoneOf(number: number): string {
  return `+1415${String(5_550_000 + number)}`;
}

function idOf({work}: Claim): string {
  return work.kind === 'outbound' ? work.outbound.messageId : '';
}

test.serial(
  'replicas that start together prepare the database once, and what each is given at once is stored once',
  async t => {
    const {stores, schema} = await openThree(t);
    const ids = Array.from({length: 100}, (_, number) => `m${number}`);
    const accept = (store: Store) =>
      Promise.all(ids.map((id, number) => store.acceptOutbound(toOutbound(id, {to: phoneOf(number % 20)}))));
    const answers = (await Promise.all(stores.map(accept))).flat();
    t.is(answers.filter(({result}) => result === 'stored').length, 100);
    t.is(answers.filter(({result}) => result === 'duplicate').length, 200);
    const parts = await Promise.all(
      stores.flatMap(store => [1, 2, 3].map(part => store.holdPart('smsc', toPart(part)))),
    );
    t.true(parts.some(({result}) => result === 'complete'));
    const joined = await Promise.all(
      stores.map((store, index) => store.acceptInbound(toInbound(`i${index}`, {group: 'g1'}))),
    );
    t.is(joined.filter(({result}) => result === 'stored').length, 1);
    t.deepEqual(await findBroken(server, schema), []);
  },
);

test.serial(
  'each text is claimed by one replica, in the order of its lane, while all of them accept, send and hear of it',
  async t => {
    const {stores, schema} = await openThree(t);
    const lanes = 8;
    const each = 25;
    const sent = new Map<string, string[]>();
    const underWay = new Set<string>();
    let doubled = 0;

    async function acceptAll(lane: number): Promise<void> {
      for (let number = 0; number < each; number += 1) {
        const store = stores[number % 3] ?? stores[0];
        await store.acceptOutbound(toOutbound(`${lane}-${number}`, {to: phoneOf(lane)}));
      }
    }

    async function sendAll(store: Store): Promise<void> {
      while ([...sent.values()].flat().length < lanes * each) {
        for (const claim of await store.claim(everyOutbound, 5)) await sendOne(store, claim);
      }
    }

    async function sendOne(store: Store, claim: Claim): Promise<void> {
      const [lane = ''] = idOf(claim).split('-');
      if (underWay.has(lane)) doubled += 1;
      underWay.add(lane);
      if (!(await kit.startSegment(store, claim))) throw new Error('a claim was lost');
      sent.set(lane, [...(sent.get(lane) ?? []), idOf(claim)]);
      underWay.delete(lane);
      await kit.settleTaken(store, claim, `c${idOf(claim)}`);
      const told = stores[sent.size % 3] ?? stores[0];
      await Promise.all([told, store].map(each => each.receipt('smsc', toReceipt(`c${idOf(claim)}`))));
    }

    await Promise.all([...Array.from({length: lanes}, (_, lane) => acceptAll(lane)), ...stores.map(sendAll)]);
    t.is(doubled, 0);
    for (const [lane, ids] of sent)
      t.deepEqual(
        ids,
        Array.from({length: each}, (_, number) => `${lane}-${number}`),
      );
    t.deepEqual(await findBroken(server, schema), []);
    const receipts = await stores[0].claim([kit.receiptQueue], 1000);
    t.is(receipts.length, lanes * each, 'each text is told of once');
  },
);

test.serial('a receipt without a phone and the answer with its id never miss each other', async t => {
  const {stores, schema} = await openThree(t);
  const [one, other] = stores;
  for (let number = 0; number < 40; number += 1) {
    await one.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}));
    const claim = await kit.claimOne(one);
    await kit.startSegment(one, claim);
    await Promise.all([kit.settleTaken(one, claim, `id${number}`), other.receipt('smsc', toReceipt(`id${number}`))]);
    t.is(await kit.stateOf(one, `m${number}`), 'delivered');
  }
  t.deepEqual(await findBroken(server, schema), []);
});

/** Somebody else is about this phone; what is asked meanwhile waits until it is let go. */
async function holdPhone(t: ExecutionContext, url: string, phone: string) {
  const {config, toLockKey} = parseAddress(url);
  const holder = new pg.Client(config);
  await holder.connect();
  t.teardown(() => holder.end());
  await holder.query('begin');
  await holder.query('select pg_advisory_xact_lock($1)', [toLockKey(`phone ${phone.slice(-7)}`)]);
  return {
    query: (text: string, values: unknown[] = []) => holder.query(text, values),
    async letGo(asked: Promise<unknown>): Promise<void> {
      let isDone = false;
      const done = asked.then(() => {
        isDone = true;
      });
      const waiting = 'select 1 from pg_locks where not granted';
      await until('it to wait', async () => isDone || (await server.query(waiting)).length > 0);
      await holder.query('commit');
      await done;
    },
  };
}

test.serial('an older word that is imported while its phone says STOP on another replica changes nothing', async t => {
  const {url, stores, schema} = await openThree(t);
  const [store] = stores;
  const phone = phoneOf(1);
  const holder = await holdPhone(t, url, phone);
  const stop = `insert into ${schema}.consent (list, phone, state, at, source, detail) values ('all', $1, 'out', $2, 'keyword', '{}')`;
  await holder.query(stop, [phone, Date.now()]);
  const imported = {list: 'all', state: 'in', source: 'import', at: Date.now() - 60_000, detail: {by: 'ops'}} as const;
  const asked = store.setConsent([phoneOf(2), phone, phoneOf(3)].map(each => ({...imported, phone: each})));
  await holder.letGo(asked);
  t.is(await asked, 2);
  t.like((await store.consents({phone, limit: 10})).consents, [{state: 'out', source: 'keyword'}]);
});

for (const [what, due] of [
  ['its text', {textMs: -1, allMs: 1_000_000_000}],
  ['all of it', {textMs: -1, allMs: -1}],
] as const)
  test.serial(`what comes back while retention is about to drop ${what} stays`, async t => {
    const {url, stores, schema} = await openThree(t);
    const [store] = stores;
    for (const number of [1, 2]) {
      await store.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}));
      const {job, fence} = await kit.claimOne(store);
      const reason = {code: 'GeneralError', message: 'so it went'} as const;
      await store.settle({job, fence, events: [], to: 'ended', state: 'failed', by: 'policy', reason});
    }
    const holder = await holdPhone(t, url, phoneOf(1));
    await holder.query(`update ${schema}.message set state = 'accepted', ended_at = null where id = 'm1'`);
    await holder.letGo(store.prune({...due, auditMs: 1_000_000_000, parkedReceiptMs: 1_000_000_000, limit: 10}));
    t.like(await store.get('m1', true), {state: 'accepted', text: 'hello'});
    t.is((await store.get('m2', true))?.text, undefined);
  });

test.serial('what is purged, replayed and settled on several replicas at once is done once', async t => {
  const {stores, schema} = await openThree(t);
  const [first] = stores;
  await Promise.all(
    Array.from({length: 120}, (_, number) =>
      first.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number % 30)})),
    ),
  );
  const reason = {code: 'MessageNotAllowed', message: 'wrong campaign'} as const;
  const claimed = await first.claim([kit.bulk], 10);
  const purgeAll = async (store: Store) => {
    let count = 0;
    for (let step = 1; step > 0; count += step) step = await store.purge({queues: [kit.bulk], reason, limit: 20});
    return count;
  };
  const counts = await Promise.all(stores.map(purgeAll));
  t.is(
    counts.reduce((sum, count) => sum + count, 0),
    110,
  );
  const replays = await Promise.all(stores.map(store => store.replay('m119', 60_000)));
  t.is(replays.filter(Boolean).length, 1);
  t.deepEqual(await findBroken(server, schema), []);
  t.true(await kit.startSegment(first, claimed[0] as Claim));
});

test.serial('the bound on outbound texts is one for all replicas', async t => {
  const {stores} = await openThree(t, 30);
  const [first, second] = stores;
  for (let number = 0; number < 30; number += 1)
    await first.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}));
  let tooMany = 0;
  const error = await until('the others to know', async () => {
    tooMany += 1;
    const message = toOutbound(`too many ${tooMany}`, {to: phoneOf(99)});
    return await second.acceptOutbound(message).then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
  });
  t.true(error instanceof StoreUnavailable);
});

test.serial(
  'the bound of a platform is one for all replicas, and what a version counted otherwise is put right',
  async t => {
    const url = server.newUrl();
    const schema = new URL(url).searchParams.get('schema') ?? '';
    const open = async () => {
      const store = await openPostgresStore({
        url,
        maxOutbound: 100,
        maxOutboundPerPlatform: 3,
        log: silent,
        onReady() {},
      });
      t.teardown(() => store.close());
      return store;
    };
    const [one, other] = [await open(), await open()];
    const isTaken = (store: Store, id: string) =>
      store.acceptOutbound(toOutbound(id)).then(
        () => true,
        () => false,
      );
    for (const id of ['m1', 'm2', 'm3']) t.true(await isTaken(one, id));
    let tooMany = 0;
    await until('the other replica to know of it', async () => {
      tooMany += 1;
      return !(await isTaken(other, `too many ${tooMany}`));
    });
    await Promise.all([one.close(), other.close()]);
    await server.query(`update ${schema}.queue_count set outbound = 0`);
    await server.query(`insert into ${schema}.queue_count values (0, 9, 0, 0, 2)`);
    await Promise.all([open(), open(), open()]);
    const last = await open();
    t.deepEqual(await findBroken(server, schema), []);
    t.false(await isTaken(last, 'm5'));
  },
);

test.serial('a paused queue is paused on every replica, and each watch comes to one of them', async t => {
  const {stores} = await openThree(t);
  const [first, second] = stores;
  await first.setGate({kind: 'paused', filter: {channel: 'c1'}, reason: 'wrong', by: 'ops'});
  t.is((await second.gates()).length, 1);
  for (let number = 0; number < 20; number += 1) {
    await first.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}));
    const claim = await kit.claimOne(first);
    await kit.startSegment(first, claim);
    const {job, fence} = claim;
    await first.settle({job, fence, events: [], to: 'unknown', segment: 0, attempt: 1, watchInMs: 0});
  }
  const due = (await Promise.all(stores.map(store => store.dueWatches(100)))).flat();
  t.is(due.length, 20);
});

test.serial('tells the other replicas which queues have become ready', async t => {
  const url = server.newUrl();
  const heard: string[] = [];
  const open = async (onReady: (queues: string[]) => void) => {
    const store = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady});
    t.teardown(() => store.close());
    return store;
  };
  const teller = await open(() => {});
  await open(queues => heard.push(...queues));
  await until('the word to arrive', async () => {
    await teller.acceptOutbound(toOutbound(`m${heard.length}`, {to: phoneOf(1)}));
    const claims = await teller.claim(everyOutbound, 10);
    for (const claim of claims) await kit.settleRetry(teller, claim, {counts: false});
    return heard.length > 0;
  });
  t.true(heard.includes(kit.bulk));
});

interface Holder {
  child: ChildProcessWithoutNullStreams;
  next(): Promise<Record<string, unknown>>;
}

function startHolder(t: ExecutionContext, url: string): Holder {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'postgres-holder.ts'), url, '10']);
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  child.stderr.pipe(process.stderr);
  return {
    child,
    async next() {
      const {value = '{}'} = await lines.next();
      return JSON.parse(value);
    },
  };
}

test.serial('what a killed replica had not started is handed out again in time, what it had is unknown', async t => {
  const {stores, schema, url} = await openThree(t);
  const [store] = stores;
  for (let number = 0; number < 10; number += 1)
    await store.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}));
  const holder = startHolder(t, url);
  const {started} = (await holder.next()) as {started: Claim};
  t.deepEqual(await store.claim(everyOutbound, 10), []);
  holder.child.kill('SIGKILL');
  const killedAt = performance.now();
  const claims: Claim[] = [];
  await until('its leases to be free', async () => {
    claims.push(...(await store.claim(everyOutbound, 10)));
    return claims.length >= 9;
  });
  t.log(`${Math.round(performance.now() - killedAt)} ms`);
  t.is(claims.length, 9);
  t.false(claims.map(idOf).includes(idOf(started)));
  t.is(await kit.stateOf(store, idOf(started)), 'unknown');
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('a replica that was given up while it hung can start nothing any more; what it knows is kept', async t => {
  const {stores, schema, url} = await openThree(t);
  const [store] = stores;
  for (let number = 0; number < 4; number += 1)
    await store.acceptOutbound(toOutbound(`m${number}`, {to: phoneOf(number)}));
  const holder = startHolder(t, url);
  const {started} = (await holder.next()) as {started: Claim};
  holder.child.kill('SIGSTOP');
  await until('it to be given up', async () => (await kit.stateOf(store, idOf(started))) === 'unknown');
  const again = await store.claim(everyOutbound, 10);
  t.is(again.length, 3);
  holder.child.kill('SIGCONT');
  holder.child.stdin.write('go on\n');
  t.deepEqual(await holder.next(), {settled: false, started: [false, false, false]});
  t.is(await kit.stateOf(store, idOf(started)), 'sent');
  for (const claim of again) t.true(await kit.startSegment(store, claim));
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('a replica that has been given up in part does not go on under its name', async t => {
  const {stores, schema} = await openThree(t);
  const [store] = stores;
  const texts = Array.from({length: 501}, (_, number) => toOutbound(`m${number}`, {to: phoneOf(number)}));
  await Promise.all(texts.map(text => store.acceptOutbound(text)));
  const before = store.replicas?.standing();
  const claims = await store.claim(everyOutbound, texts.length);
  t.is(claims.length, texts.length);
  await server.query(`update ${schema}.replica set seen_at = 0 where id = ${before}`);
  await until('it to come back under another name', () => {
    const standing = store.replicas?.standing();
    return standing !== undefined && standing !== before;
  });
  const again: Claim[] = [];
  await until('all of its leases to be free', async () => {
    again.push(...(await store.claim(everyOutbound, texts.length)));
    return again.length === texts.length;
  });
  t.is(new Set(again.map(idOf)).size, texts.length);
  t.deepEqual(await server.query(`select id from ${schema}.replica where seen_at = 0`), []);
  t.deepEqual(await findBroken(server, schema), []);
});

test.serial('a replica that was given up is handed nothing at once: nobody would inherit it', async t => {
  const handed: Claim[] = [];
  const offer = () => ({
    rooms: [{destination: carrierDestination('smsc'), places: 10, except: []}],
    end: (claims: readonly Claim[]) => void handed.push(...claims),
  });
  const url = server.newUrl();
  const store = await openPostgresStore({url, maxOutbound: 10, log: silent, offer, onReady() {}});
  t.teardown(() => store.close());
  await store.acceptOutbound(toOutbound('m1', {to: phoneOf(1)}));
  t.deepEqual(handed.map(idOf), ['m1']);
  const client = new pg.Client(parseAddress(url).config);
  await client.connect();
  t.teardown(() => client.end());
  const {schema} = parseAddress(url);
  let last = 1;
  do {
    last += 1;
    await client.query(`delete from ${schema}.replica`);
    await store.acceptOutbound(toOutbound(`m${last}`, {to: phoneOf(last)}));
    // A sign of life in between gave it a new name.
  } while (handed.map(idOf).includes(`m${last}`));
  const {rows} = await client.query(
    `select j.state from ${schema}.job j join ${schema}.message m on m.seq = j.message where m.id = 'm${last}'`,
  );
  t.deepEqual(rows, [{state: 'ready'}]);
});

test.serial(
  'one phone another transaction is about delays none of the texts to others, and keeps its order',
  async t => {
    const {
      url,
      stores: [store],
    } = await openThree(t);
    const busy = phoneOf(1);
    const {config, toLockKey} = parseAddress(url);
    const other = new pg.Client(config);
    await other.connect();
    t.teardown(() => other.end());
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock($1)', [toLockKey(`phone ${busy.slice(-7)}`)]);
    const stored: string[] = [];
    const accept = async (id: string, to: string) => {
      await store.acceptOutbound(toOutbound(id, {to}));
      stored.push(id);
    };
    const delayed = [accept('m1', busy), accept('m2', busy)];
    await Promise.all([accept('m3', phoneOf(2)), accept('m4', phoneOf(3))]);
    t.deepEqual(stored.toSorted(), ['m3', 'm4']);
    await other.query('commit');
    await Promise.all(delayed);
    // The second is behind the first in their lane.
    t.deepEqual((await store.claim(everyOutbound, 10)).map(idOf).toSorted(), ['m1', 'm3', 'm4']);
  },
);
