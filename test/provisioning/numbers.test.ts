import {existsSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {AdminFault} from '../../src/sandbox/admin/faults.ts';
import {createPretendGenesysCloud} from '../../src/sandbox/admin/genesys-cloud.ts';
import {ccid, lastWritten} from './peers.ts';
import {makeFolder, run} from './run.ts';

const clientId = '4da40a9de-b113-4024-8ba9-c9dd89c91f67';
const clientSecret = 'aKSX"Eg $LO57';
const tfn = '18885550100';

async function startCloud(t: ExecutionContext) {
  const cloud = await createPretendGenesysCloud({clientId, clientSecret, available: [tfn, '18885550101']});
  t.teardown(() => cloud.stop());
  const env = {
    gcLoginURL: cloud.url,
    gcAPIURL: cloud.url,
    access_token: cloud.token,
    tfn,
    nexusURL: 'https://digital.example.com',
    ccid,
    GMAKey: 'gma "key"',
    orderEmail: 'sms.admin@acme.test.com',
    orderComment: 'Nexus Premise "ACME" Corp',
  };
  return {cloud, env, folder: makeFolder(t)};
}

const orders = (requests: ReadonlyArray<{method: string}>) => requests.filter(({method}) => method === 'POST').length;

test('gc-token.sh asks with the client and saves the token in the env file', async t => {
  const {cloud, folder} = await startCloud(t);
  const file = join(folder, 'acme.env');
  writeFileSync(
    file,
    `gcLoginURL=${cloud.url}\nclientId=${clientId}\naccess_token=old\nclientSecret='${clientSecret}'\n`,
    {
      mode: 0o600,
    },
  );
  const {code, stdout, stderr} = await run(t, 'gc-token.sh', ['--env-file', file]);
  t.is(code, 0, stderr);
  t.is(stdout, '');
  t.is(lastWritten(cloud.requests), 'grant_type=client_credentials');
  t.is(
    readFileSync(file, 'utf8'),
    `gcLoginURL=${cloud.url}\nclientId=${clientId}\nclientSecret='${clientSecret}'\naccess_token="${cloud.token}"\n`,
  );
  t.is(statSync(file).mode & 0o777, 0o600);
  const list = await run(t, 'gc-numbers.sh', ['--env-file', file], {env: {gcAPIURL: cloud.url}});
  t.is(list.code, 0, list.stderr);
});

test('gc-token.sh says it when the client is wrong', async t => {
  const {env} = await startCloud(t);
  const {code, stderr} = await run(t, 'gc-token.sh', ['--print'], {env: {...env, clientId, clientSecret: 'wrong'}});
  t.is(code, 77);
  t.regex(stderr, /refuses the client in clientId and clientSecret \(401\)\. It says: Invalid login credentials\./);
});

test('gc-token.sh asks for nothing that would go nowhere', async t => {
  const {cloud, env} = await startCloud(t);
  const {code, stderr} = await run(t, 'gc-token.sh', [], {env: {...env, clientId, clientSecret}});
  t.is(code, 64);
  t.regex(stderr, /--env-file FILE saves it there, --print/);
  t.is(cloud.requests.length, 0);
});

test('gc-numbers-available.sh lists what can be ordered', async t => {
  const {cloud, env} = await startCloud(t);
  const {stdout} = await run(t, 'gc-numbers-available.sh', ['--results', '1', '--vanity', 'ACME1'], {env});
  t.is(stdout, `${tfn}\n`);
  t.is(cloud.requests[0]?.query.toString(), 'numberOfResults=1&vanity=ACME1');
});

test('gc-numbers.sh lists what the organization has', async t => {
  const {cloud, env} = await startCloud(t);
  cloud.numbers.push(tfn);
  const {stdout} = await run(t, 'gc-numbers.sh', [], {env});
  t.is(stdout, `${tfn}\tActive\tNexus Premise ACME Corp\n`);
});

test("gc-number-order.sh sends the guide's order, byte for byte, and its state can be asked for", async t => {
  const {cloud, env, folder} = await startCloud(t);
  const {code, stdout, stderr} = await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder});
  t.is(code, 0, stderr);
  const order = {
    tollfreeNumber: tfn,
    comment: 'Nexus Premise "ACME" Corp',
    moUrl: 'https://digital.example.com/nexus/v3/sms/message',
    drUrl: 'https://digital.example.com/nexus/v3/sms/receipt',
    webhookUsername: ccid,
    webhookPassword: 'gma "key"',
    emailAddress: 'sms.admin@acme.test.com',
  };
  t.is(lastWritten(cloud.requests), JSON.stringify([order]));
  const [id = ''] = cloud.orders.keys();
  t.is(stdout, `${tfn}: ordered, order ${id}. Its state: gc-order.sh ${id}\n`);
  t.is((await run(t, 'gc-order.sh', [id], {env})).stdout, `${id}: Complete\n`);
});

test('an order is sent once, however often the script is run', async t => {
  const {cloud, env, folder} = await startCloud(t);
  await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder});
  const again = await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder});
  t.is(again.code, 0);
  t.regex(again.stdout, /was ordered before: order /);
  const elsewhere = await run(t, 'gc-number-order.sh', ['--accept-cost'], {env});
  t.is(elsewhere.code, 0);
  t.is(elsewhere.stdout, `${tfn} is the organization's already.\n`);
  t.is(orders(cloud.requests), 1);
});

test('two runs at once send one order', async t => {
  const {cloud, env, folder} = await startCloud(t);
  const results = await Promise.all(
    [1, 2, 3].map(() => run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder})),
  );
  t.is(orders(cloud.requests), 1, results.map(({stderr}) => stderr).join(''));
});

test('an order is held back until its cost is accepted', async t => {
  const {cloud, env, folder} = await startCloud(t);
  const {code, stderr} = await run(t, 'gc-number-order.sh', [], {env, folder});
  t.is(code, 3);
  t.regex(stderr, /costs money, at once and every month\. If you may, add --accept-cost/);
  t.is(cloud.requests.length, 0);
});

test('a dry run shows the order without sending or noting it', async t => {
  const {cloud, env, folder} = await startCloud(t);
  const {code, stdout} = await run(t, 'gc-number-order.sh', ['--dry-run'], {env, folder});
  t.is(code, 0);
  t.regex(stdout, /"webhookPassword":"\*{8}"/);
  t.is(cloud.requests.length, 0);
  t.false(existsSync(join(folder, 'toll-free-orders')));
});

async function isNeverRepeated(t: ExecutionContext, fault: AdminFault) {
  const {cloud, env, folder} = await startCloud(t);
  cloud.fault({...fault, method: 'POST', times: 1});
  const args = ['--accept-cost', ...(fault.silence === 'hang' ? ['--timeout', '4'] : [])];
  for (const round of ['first', 'second']) {
    const {code, stderr} = await run(t, 'gc-number-order.sh', args, {env, folder});
    t.is(code, 75, `${round}: ${stderr}`);
    t.regex(stderr, /It is NOT sent again: look with gc-numbers\.sh/);
  }
  t.is(orders(cloud.requests), 1);
}

test('an order that timed out is never repeated', isNeverRepeated, {silence: 'hang'});
test('an order whose connection broke is never repeated', isNeverRepeated, {silence: 'drop'});
test('an order that was carried out and not answered is never repeated', isNeverRepeated, {
  silence: 'drop',
  processed: true,
});
test('an order answered 500 is never repeated', isNeverRepeated, {status: 500});
test('an order answered 200 without JSON is never repeated', isNeverRepeated, {status: 200, body: 'OK'});

async function mayBeRepeated(t: ExecutionContext, fault: AdminFault, code: number) {
  const {cloud, env, folder} = await startCloud(t);
  cloud.fault({...fault, method: 'POST', times: 1});
  t.is((await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder})).code, code);
  t.is((await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder})).code, 0);
  t.deepEqual([...cloud.orders.values()], [tfn]);
}

test('an order that was refused may be sent again', mayBeRepeated, {status: 400}, 65);
test('an order held off may be sent again', mayBeRepeated, {status: 429}, 69);

test('an order that could not be sent may be sent again', async t => {
  const {cloud, env, folder} = await startCloud(t);
  cloud.fault({method: 'GET', status: 500, times: 1});
  t.is((await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder})).code, 69);
  t.false(existsSync(join(folder, 'toll-free-orders')));
  t.is((await run(t, 'gc-number-order.sh', ['--accept-cost'], {env, folder})).code, 0);
});

test('a cluster key stands in for the GMAKey the guide leaves undefined', async t => {
  const {cloud, env, folder} = await startCloud(t);
  await run(t, 'gc-number-order.sh', ['--accept-cost'], {env: {...env, GMAKey: '', apikey: 'cluster-key'}, folder});
  t.true(lastWritten(cloud.requests)?.includes('"webhookPassword":"cluster-key"'));
});
