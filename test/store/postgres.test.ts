import test from 'ava';
import {storeContract} from './contract.ts';
import {createOpenPostgres, type Server, startServer} from './open-postgres.ts';

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

const openPostgres = createOpenPostgres(() => server);
storeContract(openPostgres);
