import {spawn} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import test from 'ava';
import {made, startPeers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {until} from '../helpers/until.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
const anybody = '54321';

/** A root nobody can write to, one folder apart: as a container with a read-only root and a volume. */
const contained = `
  set -e
  mount --make-rprivate /
  mount --bind "$1" "$1"
  mount -o remount,ro,bind /
  ! touch /written 2>/dev/null
  cd "$1"
  exec setpriv --reuid ${anybody} --regid 0 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$2" "$3"`;

test('the entry command runs as any user on a root it can not write, with the data folder alone writable (root, setpriv, unshare)', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'container-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  chmodSync(data, 0o770);
  chmodSync(folder, 0o755);
  const peers = await startPeers();
  t.teardown(async () => {
    await peers.stop();
    rmSync(folder, {recursive: true});
  });
  const path = join(folder, 'gateway.yaml');
  const ports = {publicUrl: 'http://127.0.0.1:1', publicPort: 0, managementPort: 0};
  writeFileSync(path, toGatewayFile({peers, ...ports, store: `sqlite:${join(data, 'gateway.db')}`}), {mode: 0o644});

  const child = spawn('unshare', ['--mount', 'sh', '-c', contained, 'sh', data, process.execPath, main], {
    env: {PATH: process.env.PATH, GATEWAY_CONFIG: path, HOME: '/nonexistent'},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>(resolve => child.once('close', resolve));
  t.teardown(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({input: child.stdout}).on('line', line => lines.push(line));
  createInterface({input: child.stderr}).on('line', line => lines.push(line));

  const started = await until('the gateway to start', () => {
    const line = lines.find(text => text.includes('"gateway.started"'));
    if (line === undefined && child.exitCode !== null) throw new Error(lines.join('\n'));
    return line;
  });
  const {port, managementPort} = JSON.parse(started);
  const ready = await fetch(`http://127.0.0.1:${managementPort}/health/ready`);
  t.is(ready.status, 200, await ready.text());
  const webhookUrl = `http://127.0.0.1:${port}/nexus/webhook/acme/${made.smppChannel}`;
  const text = {webhookUrl, channelId: made.smppChannel, to: '14155550123', text: 'hello'};
  t.is((await peers.nexus.sendText(text)).status, 200);
  const file = statSync(join(data, 'gateway.db'));
  t.is(file.uid, Number(anybody));
  t.is(file.mode & 0o777, 0o600);
  child.kill('SIGTERM');
  t.is(await closed, 0, lines.join('\n'));
  t.deepEqual(readdirSync(folder).sort(), ['data', 'gateway.yaml']);
});
