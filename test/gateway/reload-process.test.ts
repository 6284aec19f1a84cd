import {mkdirSync, mkdtempSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {made, startPeers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {type GatewayProcess, spawnGateway} from '../helpers/gateway-process.ts';
import {until} from '../helpers/until.ts';

/** A gateway in a process of its own, its secret in a file beside the configuration, both put there as Kubernetes mounts volumes. */
async function start(t: ExecutionContext, watch: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'));
  const peers = await startPeers();
  const volume = join(folder, 'volume');
  const secret = join(volume, 'webhook-secret');
  const file = toGatewayFile({
    peers,
    publicUrl: 'http://127.0.0.1:1',
    publicPort: 0,
    managementPort: 0,
    store: `sqlite:${join(folder, 'gateway.db')}`,
    more: {top: `reload: {watch: ${watch}, settle: 50ms, look: 10m}`},
  }).replaceAll(`webhookSecret: ${made.webhookSecret}`, `webhookSecret: \${file:${secret}}`);
  mkdirSync(volume);
  let version = 0;

  /** All files of a volume change at once: a link to their folder is replaced. */
  function mount(webhookSecret: string, yaml = file): void {
    version += 1;
    const name = `..${version}`;
    mkdirSync(join(volume, name));
    writeFileSync(join(volume, name, 'gateway.yaml'), yaml);
    writeFileSync(join(volume, name, 'webhook-secret'), `${webhookSecret}\n`);
    symlinkSync(name, join(volume, '..data_tmp'));
    renameSync(join(volume, '..data_tmp'), join(volume, '..data'));
  }

  mount(made.webhookSecret);
  for (const name of ['gateway.yaml', 'webhook-secret']) symlinkSync(join('..data', name), join(volume, name));
  const gateway = spawnGateway(join(volume, 'gateway.yaml'));
  t.teardown(async () => {
    await gateway.kill('SIGTERM');
    await peers.stop();
    rmSync(folder, {recursive: true, force: true});
  });
  const ports = await gateway.ready;
  if (ports === undefined) throw new Error(`it did not start: ${(await gateway.exited).stderr}`);
  const api = async (path: string) => {
    const headers = {authorization: `Bearer ${made.token}`};
    const response = await fetch(`http://127.0.0.1:${ports.managementPort}${path}`, {headers});
    return (await response.json()) as Record<string, unknown>;
  };
  return {peers, gateway, mount, file, api, ports, volume};
}

type Started = Awaited<ReturnType<typeof start>>;

async function send({peers, ports}: Started): Promise<number> {
  const webhookUrl = `http://127.0.0.1:${ports.publicPort}/nexus/webhook/acme/${made.smppChannel}`;
  return (await peers.nexus.sendText({webhookUrl, channelId: made.smppChannel, to: '+14155550123', text: 'hello'}))
    .status;
}

function wasReloaded({last}: GatewayProcess, by: string): boolean {
  return last.some(line => line.includes('"config.reloaded"') && line.includes(`"by":"${by}"`));
}

test.serial(
  'SIGHUP takes a new secret over, and keeps the process, its bind and the former settings when the file is wrong',
  async t => {
    const started = await start(t, false);
    const {peers, gateway, mount, file, api} = started;
    await until('a bind', () => peers.smsc.sessions().length === 1);
    t.is(await send(started), 200);
    mount('a-new-webhook-secret');
    peers.nexus.setSecrets(made.smppChannel, {webhookSecret: 'a-new-webhook-secret'});
    t.is(await send(started), 401, 'nobody watches');
    gateway.signal('SIGHUP');
    await until('the reload', () => wasReloaded(gateway, 'SIGHUP'));
    t.is(await send(started), 200);
    mount('a-new-webhook-secret', file.replace('binds: 1', 'binds: none'));
    gateway.signal('SIGHUP');
    await until('the refusal', () => gateway.faults.some(line => line.includes('"config.reload_refused"')));
    t.like(await api('/api/reload'), {successful: false, by: 'SIGHUP'});
    t.is(await send(started), 200);
    t.is(peers.smsc.sessions().length, 1);
    t.is((await gateway.kill('SIGTERM')).code, 0);
  },
);

test.serial('a volume whose link is swapped is taken over by itself, again and again', async t => {
  const started = await start(t, true);
  const {peers, mount, api, volume} = started;
  for (const secret of ['the-second-secret', 'the-third-secret']) {
    const before = (await api('/api/reload')).successAt;
    mount(secret);
    peers.nexus.setSecrets(made.smppChannel, {webhookSecret: secret});
    await until('the files to be noticed', async () => (await api('/api/reload')).successAt !== before);
    t.is(await send(started), 200, `${secret} in ${readlinkSync(join(volume, '..data'))}`);
  }
  t.like(await api('/api/reload'), {by: 'the files', successful: true});
});
