import test from 'ava';
import {phone, sendOne, toInbound, toReceipt} from './contract/kit.ts';
import {storeContract} from './contract.ts';
import {createOpenPostgres, type Server, startServer} from './open-postgres.ts';

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

const openPostgres = createOpenPostgres(() => server);
storeContract(openPostgres);

test('nothing of a forgotten phone is left in any table', async t => {
  const phoneKeys = ['a key for phones of some length'];
  const {store, schema} = await openPostgres(t, {secrecy: {keys: [], seals: false, phoneKeys}});
  for (const [index, to] of [phone, '+14155550199'].entries()) {
    await sendOne(store, `m${index}`, `id${index}`, to);
    await store.receipt('smsc', toReceipt(undefined, {messageId: `m${index}`, raw: `to:${to}`}));
    await store.acceptInbound(toInbound(`i${index}`, {from: to, raw: to}));
    await store.receipt('smsc', toReceipt('stray', {phone: to}));
    const detail = {by: 'ops', reason: to};
    await store.setConsent([{list: 'channel acme c1', phone: to, state: 'out', source: 'operator', detail}]);
  }
  await store.orderForget({phone, by: 'ops', atOnce: true});
  await store.forgetMore(phone, undefined, 100);
  t.true(await store.forgetRest(phone));
  t.false((await store.tidy(false)).isClean);
  t.true((await store.tidy(true)).isClean);
  const listed = await server.query('select tablename from pg_tables where schemaname = $1', [schema]);
  const holding = async (digits: string) => {
    const found: unknown[] = [];
    for (const {tablename} of listed) {
      const held = await server.query(
        `select 1 from ${schema}.${tablename} t where t::text like '%${digits}%' limit 1`,
      );
      if (held.length > 0) found.push(tablename);
    }
    return found.sort();
  };
  t.deepEqual(await holding(phone.slice(1)), []);
  t.true((await holding('14155550199')).length > 4);
});
