import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {parseAddress} from '../../src/store/postgres/address.ts';
import {openPostgresStore} from '../../src/store/postgres/index.ts';
import {createLink} from '../../src/store/postgres/link.ts';
import {createStatements} from '../../src/store/postgres/session.ts';
import {StoreRefused} from '../../src/store/refused.ts';
import {createAuthority} from '../helpers/certificate.ts';
import {type Server, startServer} from './open-postgres.ts';
import {silent} from './silent.ts';
import {startWay} from './way.ts';

const authority = createAuthority();
const folder = mkdtempSync(join(tmpdir(), 'ca-'));
const ca = join(folder, 'ca.pem');
const otherCa = join(folder, 'other.pem');
let server: Server;
test.before(async () => {
  writeFileSync(ca, authority.cert);
  writeFileSync(otherCa, createAuthority('Somebody else').cert);
  server = await startServer({ssl: 'on', fsync: 'off'}, authority.issue('database', ['127.0.0.1']));
});
test.after.always(async () => {
  await server?.stop();
  rmSync(folder, {recursive: true, force: true});
});

const speaks = test.macro({
  async exec(t, parameters: string, isEncrypted: boolean) {
    t.timeout(60_000);
    const url = `${server.newUrl()}&${parameters}&application_name=${t.title.length}${isEncrypted}`;
    const store = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
    t.teardown(() => store.close());
    const found = await server.query(
      'select bool_and(ssl) as encrypted from pg_stat_ssl join pg_stat_activity using (pid) where application_name = $1',
      [`${t.title.length}${isEncrypted}`],
    );
    t.is(found[0]?.encrypted, isEncrypted);
  },
  title: (_, parameters: string, isEncrypted: boolean) =>
    `${isEncrypted ? 'encrypts' : 'does not encrypt'} with ${parameters.replace(folder, '')}`,
});

test.serial(speaks, 'sslmode=require', true);
test.serial(speaks, `sslmode=verify-ca&sslrootcert=${ca}`, true);
test.serial(speaks, `sslmode=verify-full&sslrootcert=${ca}`, true);
test.serial(speaks, `sslrootcert=${ca}`, true);
test.serial(speaks, 'sslmode=disable', false);

test.serial('trusts nobody but the given authority, and no other name', async t => {
  t.timeout(60_000);
  const refuse = async (url: string) => {
    const opening = openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
    await t.throwsAsync(opening, {instanceOf: StoreRefused});
  };
  await refuse(`${server.newUrl()}&sslmode=verify-full&sslrootcert=${otherCa}`);
  await refuse(`${server.newUrl().replace('127.0.0.1', 'localhost')}&sslmode=verify-full&sslrootcert=${ca}`);
});

test.serial('an encrypted connection that fell silent is cut as well', async t => {
  t.timeout(60_000);
  const url = server.newUrl();
  const store = await openPostgresStore({url, maxOutbound: 10, log: silent, onReady() {}});
  t.teardown(() => store.close());
  const way = await startWay(t, `${url}&sslmode=verify-full&sslrootcert=${ca}`);
  const address = parseAddress(way.url);
  const link = createLink({address, statements: createStatements(true), transactionMs: 1000, log: silent});
  t.teardown(link.close);
  const ask = () => link.transaction(session => session.queryAll('select 1 as one', [[]]));
  await ask();
  way.silence();
  await t.throwsAsync(ask(), {message: /terminated/});
  t.is((await ask()).length, 1);
  t.is(way.count(), 2);
});
