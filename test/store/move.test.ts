import {existsSync} from 'node:fs';
import test from 'ava';
import {moveStore} from '../../src/store/move.ts';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import * as kit from './contract/kit.ts';
import {claimOne, toInbound, toOutbound, toReceipt} from './contract/kit.ts';
import {type Server, startServer} from './open-postgres.ts';
import {openSqlite} from './open-sqlite.ts';
import {findBroken} from './postgres-checks.ts';
import {silent} from './silent.ts';

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

const quiet = {now: Date.now(), log: silent, tell() {}};

test.serial('everything goes on where it was, under the same ids, and the file is put aside', async t => {
  const {store, file, clock} = await openSqlite(t);
  clock.now = Date.now();
  await kit.sendOne(store, 'other', 'id1', '+14155550101');
  for (const id of ['m1', 'm2', 'm3']) await store.acceptOutbound(toOutbound(id, {text: `text ${id} \0 ’`}));
  await store.acceptInbound(toInbound('i1'));
  await store.acceptOutbound(toOutbound('alone1', {to: '+14155550102'}));
  await kit.startSegment(store, await claimOne(store));
  await store.setGate({kind: 'paused', filter: {channel: 'c9'}, reason: 'x', by: 'ops'});
  await store.close();

  const url = server.newUrl();
  const result = await moveStore({from: `sqlite:${file}`, to: url, ...quiet});
  t.true('moved' in result && result.moved.get('message') === 6);
  t.false(existsSync(file));
  t.true(existsSync(`${file}.moved`));

  const moved = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
  t.teardown(() => moved.close());
  t.is(await kit.stateOf(moved, 'm1'), 'unknown');
  t.like(await claimOne(moved), {work: {outbound: {messageId: 'm2', text: 'text m2 \0 ’'}}});
  t.is(await moved.receipt('smsc', toReceipt('id1')), 'matched');
  t.is((await moved.acceptOutbound(toOutbound('m3', {text: 'text m3 \0 ’'}))).result, 'duplicate');
  t.is((await moved.acceptOutbound(toOutbound('m4'))).result, 'stored');
  t.is((await moved.acceptOutbound(toOutbound('alone2', {to: '+14155550102'}))).result, 'stored');
  const claims = await moved.claim(kit.everyOutbound, 10);
  t.deepEqual(
    claims.map(({work}) => work.kind === 'outbound' && work.outbound.messageId),
    ['alone1'],
  );
  t.is((await moved.gates()).length, 1);
  const schema = new URL(url).searchParams.get('schema') ?? '';
  t.deepEqual(await findBroken(server, schema), []);

  const again = await moveStore({from: `sqlite:${file}`, to: url, ...quiet});
  t.regex('refused' in again ? again.refused : '', /no SQLite store that is there/);
});

test.serial('what was forgotten gives its number to nobody, here or there', async t => {
  const {store, file, clock} = await openSqlite(t);
  clock.now = Date.now();
  await store.acceptInbound(toInbound('before'));
  await store.orderForget({phone: kit.phone, by: 'ops', atOnce: false});
  t.like(await store.forgetMore(kit.phone, undefined, 10), {forgotten: 1});
  await store.close();
  const url = server.newUrl();
  t.true('moved' in (await moveStore({from: `sqlite:${file}`, to: url, ...quiet})));
  const moved = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
  t.teardown(() => moved.close());
  await moved.acceptInbound(toInbound('after'));
  t.like(await moved.forgetMore(kit.phone, undefined, 10), {forgotten: 0});
  t.is(await kit.stateOf(moved, 'after'), 'accepted');
});

test.serial('nothing is moved onto messages, from a gateway that runs, or to nowhere', async t => {
  const {store, file} = await openSqlite(t);
  await store.acceptOutbound(toOutbound('m1'));
  const url = server.newUrl();
  const used = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
  t.teardown(() => used.close());
  const refusal = async (to: string) => {
    const result = await moveStore({from: `sqlite:${file}`, to, ...quiet});
    return 'refused' in result ? result.refused : '';
  };
  t.regex(await refusal(url), /another process uses/);
  await store.close();
  t.regex(await refusal(url), /or a gateway that runs on it/);
  t.regex(await refusal('postgres://'), /store/);
  t.true(existsSync(file));
});
