import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {made, type Peers, startPeers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {type Ports, spawnGateway} from '../helpers/gateway-process.ts';
import {until} from '../helpers/until.ts';

const count = 1200;

function writeConfig(t: ExecutionContext, peers: Peers): string {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  t.teardown(() => rmSync(folder, {recursive: true, force: true}));
  const path = join(folder, 'gateway.yaml');
  const ports = {publicUrl: 'http://127.0.0.1:1', publicPort: 0, managementPort: 0};
  const more = {smsc: '    messagesPerSecond: 500'};
  writeFileSync(path, toGatewayFile({peers, ...ports, store: `sqlite:${join(folder, 'gateway.db')}`, more}));
  return path;
}

async function start(t: ExecutionContext, path: string) {
  const gateway = spawnGateway(path);
  t.teardown(async () => void (await gateway.kill('SIGKILL')));
  const ports = await gateway.ready;
  if (ports === undefined) throw new Error(`the gateway did not start: ${gateway.last.join('\n')}`);
  return {gateway, ports};
}

async function call({managementPort}: Ports, path: string, body?: object) {
  const response = await fetch(`http://127.0.0.1:${managementPort}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {authorization: `Bearer ${made.token}`, 'content-type': 'application/json'},
    ...(body !== undefined && {body: JSON.stringify(body)}),
  });
  // biome-ignore lint/suspicious/noExplicitAny: an answer as it came, which the test looks into
  return (await response.json()) as any;
}

/** The ids of the texts Nexus was told have failed; one that was told twice, after a kill, counts once. */
function toldFailed({nexus}: Peers): Set<string> {
  const told = nexus.receipts.flatMap(({messages}) => messages as Array<{id: string; status: string}>);
  return new Set(told.filter(({status}) => status === 'Failed').map(({id}) => id));
}

test('a purge that is cut short by SIGKILL has counted and will tell each text it ended, and the rest is sent', async t => {
  t.timeout(120_000);
  const peers = await startPeers({smsc: {receipts: 'none'}});
  t.teardown(() => peers.stop());
  const path = writeConfig(t, peers);
  const first = await start(t, path);
  await call(first.ports, '/api/pause', {channel: made.smppChannel});
  const webhookUrl = `http://127.0.0.1:${first.ports.publicPort}/nexus/webhook/acme/${made.smppChannel}`;
  for (let from = 0; from < count; from += 100) {
    const numbers = Array.from({length: 100}, (_, index) => from + index);
    const sent = numbers.map(number =>
      peers.nexus.sendText({
        webhookUrl,
        channelId: made.smppChannel,
        id: `t${number}`,
        to: `+1415${5_000_000 + number}`,
        text: 'x',
      }),
    );
    for (const {status} of await Promise.all(sent)) t.is(status, 200);
  }
  const purging = call(first.ports, '/api/purge', {channel: made.smppChannel, confirm: true}).catch(() => undefined);
  const row = async (ports: Ports) => (await call(ports, '/api/audit?action=purge')).audits[0];
  await until('some to be purged', async () => ((await row(first.ports))?.done ?? 0) > 0);
  await first.gateway.kill('SIGKILL');
  await purging;

  const second = await start(t, path);
  const {before, done} = await row(second.ports);
  t.is(before, count);
  t.log(`${done} of ${count} were purged when it was killed`);
  await call(second.ports, '/api/resume', {channel: made.smppChannel});
  await until('each to be sent or told', () => peers.smsc.submits.length + toldFailed(peers).size >= count, 60_000);
  t.is(toldFailed(peers).size, done);
  t.is(peers.smsc.submits.length, count - done);
});
