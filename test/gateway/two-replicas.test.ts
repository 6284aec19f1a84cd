import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {loadConfig} from '../../src/config.ts';
import {type Gateway, startGateway} from '../../src/gateway.ts';
import {createLog} from '../../src/log.ts';
import {made, type Peers, startPeers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';
import {type Server, startServer} from '../store/open-postgres.ts';

const count = 600;
const quietMs = 1500;

let server: Server;
test.before(async () => {
  server = await startServer({fsync: 'off'});
});
test.after.always(() => server?.stop());

async function startReplica(t: ExecutionContext, peers: Peers, url: string, aheadMs = 0): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const path = join(folder, 'gateway.yaml');
  const more = {smsc: '    messagesPerSecond: 60', smppChannel: '    sendWithin: 4h'};
  const ports = {publicUrl: 'http://127.0.0.1:1', publicPort: 0, managementPort: 0};
  const file = toGatewayFile({peers, ...ports, store: url, more}).replace('binds: 1', 'binds: 2');
  writeFileSync(path, file.replaceAll('priority: interactive', 'priority: bulk'));
  const log = createLog({level: 'error', pretty: false, destination: {write: () => undefined}});
  const config = loadConfig({path, env: {}});
  const now = () => Date.now() + aheadMs;
  const gateway = await startGateway({config, log, readConfig: () => ({config}), onLost() {}, now});
  t.teardown(async () => {
    await gateway.stop();
    rmSync(folder, {recursive: true, force: true});
  });
  return gateway;
}

async function call({managementPort}: Gateway, path: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:${managementPort}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {authorization: `Bearer ${made.token}`, 'content-type': 'application/json'},
    ...(body !== undefined && {body: JSON.stringify(body)}),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer as it came, which the test looks into
  return (await response.json()) as any;
}

function isUsable(gateway: Gateway): Promise<boolean> {
  return call(gateway, '/api/carriers').then(({carriers}) => carriers[0].usable);
}

test('a campaign that two replicas send is stopped by one for both, and purged by the other to the last text', async t => {
  t.timeout(120_000);
  const peers = await startPeers({smsc: {receipts: 'none'}});
  t.teardown(() => peers.stop());
  const {nexus, smsc} = peers;
  const url = server.newUrl();
  const [one, two] = [await startReplica(t, peers, url), await startReplica(t, peers, url)];
  await until('a bind of each', async () => (await isUsable(one)) && (await isUsable(two)));

  for (let from = 0; from < count; from += 50) {
    const {publicPort} = from % 100 === 0 ? one : two;
    const webhookUrl = `http://127.0.0.1:${publicPort}/nexus/webhook/acme/${made.smppChannel}`;
    const numbers = Array.from({length: 50}, (_, index) => from + index);
    const sent = numbers.map(number =>
      nexus.sendText({
        webhookUrl,
        channelId: made.smppChannel,
        id: `t${number}`,
        to: `+1415${5_000_000 + number}`,
        text: 'offer',
      }),
    );
    for (const {status} of await Promise.all(sent)) t.is(status, 200);
  }
  await until('the campaign to leave', () => smsc.submits.length > 0);
  await call(one, '/api/pause', {priority: 'bulk', reason: 'wrong campaign'});
  const pausedAt = Date.now();
  const lastAt = () => smsc.submits.at(-1)?.at ?? 0;
  await until('both to stop', () => Date.now() - Math.max(lastAt(), pausedAt) > quietMs);
  t.log(`the last text left ${lastAt() - pausedAt} ms after the pause was answered`);
  t.true(smsc.submits.length < count, `${smsc.submits.length} of ${count} had left`);

  const filter = {channel: made.smppChannel, priority: 'bulk', acceptedBefore: Date.now() + 60_000};
  const counted = await call(two, '/api/purge', filter);
  t.true(counted.waiting > 0);
  t.is(counted.purged, 0);
  const {waiting, purged, left} = await call(two, '/api/purge', {...filter, confirm: true});
  t.deepEqual([waiting, left], [purged, 0]);
  await call(two, '/api/resume', {priority: 'bulk'});
  await until('each to be sent or told', () => smsc.submits.length + nexus.receipts.length >= count);
  t.is(nexus.receipts.length, purged);
  t.is(smsc.submits.length, count - purged, 'nothing that was purged leaves');

  const {audits} = await call(one, '/api/audit');
  t.deepEqual(
    audits.map(({action, done}: {action: string; done?: number}) => [action, done]),
    [
      ['resume', undefined],
      ['purge', purged],
      ['pause', undefined],
    ],
  );
});

test('a replica whose clock is hours ahead sends what may be sent by the database’s', async t => {
  t.timeout(120_000);
  const peers = await startPeers({smsc: {receipts: 'none'}});
  t.teardown(() => peers.stop());
  const {nexus, smsc} = peers;
  const replica = await startReplica(t, peers, server.newUrl(), 5 * 3_600_000);
  const webhookUrl = `http://127.0.0.1:${replica.publicPort}/nexus/webhook/acme/${made.smppChannel}`;
  await nexus.sendText({webhookUrl, channelId: made.smppChannel, id: 't1', to: '+14155550123', text: 'in time'});
  await until('it to leave or to end', () => smsc.submits.length + nexus.receipts.length > 0);
  t.deepEqual(
    smsc.phones.map(({text}) => text),
    ['in time'],
  );
});

test('a phone whose word comes by a replica whose clock is hours behind has said it after what an operator said', async t => {
  t.timeout(120_000);
  const peers = await startPeers({smsc: {receipts: 'none'}});
  t.teardown(() => peers.stop());
  const {nexus, smsc} = peers;
  const replica = await startReplica(t, peers, server.newUrl(), -5 * 3_600_000);
  await until('a bind', () => isUsable(replica));
  const [list, phone] = [`channel acme ${made.smppChannel}`, '+14155550123'];
  const state = async () => (await call(replica, '/api/consent')).consents[0]?.state;
  await call(replica, '/api/consent', {entries: [{list, phone, state: 'out'}]});
  await call(replica, '/api/consent', {entries: [{list, phone, state: 'in'}]});
  t.is(await state(), 'in');
  await smsc.sendFromPhone({from: phone.slice(1), to: made.smppChannel, text: 'STOP'});
  await until('the post', () => nexus.messages.length === 1);
  t.is(await state(), 'out');
});
