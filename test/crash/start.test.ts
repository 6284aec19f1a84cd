import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startPeers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {type GatewayProcess, spawnByShell, spawnGateway} from '../helpers/gateway-process.ts';
import {until} from '../helpers/until.ts';

interface Prepared {
  /** Writes the file and starts a process with it. */
  start(ports?: {publicPort?: number; managementPort?: number}, change?: (file: string) => string): GatewayProcess;
  /** The file alone. */
  write(ports?: {publicPort?: number; managementPort?: number}, change?: (file: string) => string): string;
}

async function prepare(t: ExecutionContext): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const peers = await startPeers();
  const processes: GatewayProcess[] = [];
  const store = `sqlite:${join(folder, 'gateway.db')}`;
  t.teardown(async () => {
    await Promise.all(processes.map(process => process.kill('SIGKILL')));
    await peers.stop();
    rmSync(folder, {recursive: true, force: true});
  });
  let files = 0;

  function write(ports = {}, change = (file: string) => file): string {
    files += 1;
    const configPath = join(folder, `gateway-${files}.yaml`);
    const common = {peers, publicUrl: 'http://127.0.0.1:1', publicPort: 0, managementPort: 0, store};
    writeFileSync(configPath, change(toGatewayFile({...common, ...ports})));
    return configPath;
  }

  return {
    write,
    start(ports, change) {
      const process = spawnGateway(write(ports, change));
      processes.push(process);
      return process;
    },
  };
}

test('a second process on one store file is refused with a sentence, and the first goes on', async t => {
  t.timeout(120_000);
  const {start} = await prepare(t);
  const first = start();
  t.truthy(await first.ready);
  const {code, stderr} = await start().exited;
  t.is(code, 78);
  t.regex(stderr, /^another process uses \S+gateway\.db; stop it, or give this one a file of its own\n$/);
  t.deepEqual(await first.kill('SIGTERM'), {code: 0, signal: null, stderr: ''});
  const third = start();
  t.truthy(await third.ready, 'the file is free again once the first has stopped');
});

test('all mistakes of a configuration are told at once, each with its place, and nothing is started', async t => {
  t.timeout(120_000);
  const {start} = await prepare(t);
  const spoil = (file: string) =>
    file
      .replace('carriers: [smsc-a]', 'carriers: [smsc-b]')
      .replace('stopDelay: 1ms', 'stopDelay: soon')
      .replace('binds: 1', 'bind: 1');
  const {code, stderr} = await start({}, spoil).exited;
  t.is(code, 78);
  for (const place of ['channels[0].carriers[0]', 'stopDelay', 'carriers.smsc-a'])
    t.true(stderr.includes(place), stderr);
  t.regex(stderr, /3 mistakes in the configuration: nothing was started\.\n$/);
});

test('a single mistake is told as one', async t => {
  t.timeout(120_000);
  const {start} = await prepare(t);
  const {stderr} = await start({}, file => file.replace('stopDelay: 1ms', 'stopDelay: soon')).exited;
  t.regex(stderr, /\n1 mistake in the configuration: nothing was started\.\n$/);
});

const portTaken = test.macro({
  async exec(t, which: 'publicPort' | 'managementPort') {
    t.timeout(120_000);
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    t.teardown(() => other.close());
    const {port} = other.address() as AddressInfo;
    const {start} = await prepare(t);
    const {code, stderr} = await start({[which]: port}).exited;
    t.is(code, 78);
    t.regex(
      stderr,
      /^A port of listen or management is in use by another process: choose another in the configuration\./,
    );
    t.true(stderr.includes(`127.0.0.1:${port}`));
  },
  title: (_, which) => `a ${which} that is in use is told in a sentence, and the process ends`,
});

test(portTaken, 'publicPort');
test(portTaken, 'managementPort');

test('npm start ends in order when npm is told to stop', async t => {
  t.timeout(120_000);
  const {write} = await prepare(t);
  const gateway = spawnByShell(write());
  t.teardown(gateway.killAll);
  t.truthy(await gateway.ready);
  gateway.signal('SIGTERM');
  await until('the end of the gateway', () => gateway.last.some(line => line.includes('"gateway.stopped"')));
  t.like(await gateway.exited, {code: 0, signal: null});
});

test('a signal that npm passes on as well ends no stopDelay; a second one does', async t => {
  t.timeout(120_000);
  const {start} = await prepare(t);
  const gateway = start({}, file => file.replace('stopDelay: 1ms', 'stopDelay: 1h'));
  const {publicPort = 0, managementPort = 0} = (await gateway.ready) ?? {};
  gateway.signal('SIGTERM');
  gateway.signal('SIGINT');
  const look = async () => (await fetch(`http://127.0.0.1:${managementPort}/health/ready`)).status === 503;
  await until('it to say that it stops', look);
  const webhook = () => fetch(`http://127.0.0.1:${publicPort}/nexus/webhook/none`, {method: 'POST'});
  t.is((await webhook()).status, 404, 'webhooks are still taken');
  await until('a second signal to be another one', async () => {
    gateway.signal('SIGTERM');
    return webhook().then(
      () => false,
      () => true,
    );
  });
  t.like(await gateway.exited, {code: 0, signal: null});
});
