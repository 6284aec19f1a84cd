import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {memberOf} from '../../../src/sandbox/nexus-wire.ts';
import {made, type Peers, startPeers, toGatewayFile} from '../../../src/sandbox/peers.ts';
import {startServer} from '../../store/open-postgres.ts';
import {sleep} from '../crash/clock.ts';
import {type Exit, fillCache, type GatewayProcess, type Ports, spawnGateway} from '../gateway-process.ts';
import {until} from '../until.ts';
import {createProxy, type FrontProxy} from './proxy.ts';

export interface RollingOptions {
  replicas: number;
  /** How often each of them is replaced. */
  rounds: number;
  /** Texts are written in so many lanes each way. */
  lanes: number;
}

export interface Rolled {
  /** What Nexus was answered, by status; 0: nothing. */
  answers: ReadonlyMap<number, number>;
  /** Phones texts were written to, with the id each webhook was answered. */
  sent: ReadonlyMap<string, string>;
  heard: readonly string[];
  exits: readonly Exit[];
  /** Requests the proxy had to hand to another replica. */
  refused: number;
  peers: Peers;
}

/** Longer than a balancer needs to notice on a busy machine. */
const stopDelay = '3s';
const startWithinMs = 120_000;
const quietWithinMs = 120_000;
const pauseMs = 40;
const temporary = 0x64;

interface Living {
  process: GatewayProcess;
  ports: Ports;
}

/** Replicas behind a proxy are replaced one after another, as an update does, while texts are written both ways. */
export async function rollReplicas(t: ExecutionContext, {replicas, rounds, lanes}: RollingOptions): Promise<Rolled> {
  const server = await startServer();
  const peers = await startPeers();
  const proxy = await createProxy();
  const folder = mkdtempSync(join(tmpdir(), 'rolling-'));
  const configPath = join(folder, 'gateway.yaml');
  const file = toGatewayFile({
    peers,
    publicUrl: proxy.url,
    publicPort: 0,
    managementPort: 0,
    store: server.newUrl(),
    more: {smsc: '    messagesPerSecond: 200'},
  });
  writeFileSync(configPath, file.replace('stopDelay: 1ms', `stopDelay: ${stopDelay}`).replace('binds: 1', 'binds: 2'));
  const cacheFolder = join(folder, 'compiled');
  const living: Living[] = [];
  const exits: Exit[] = [];
  let isOver = false;
  t.teardown(async () => {
    isOver = true;
    await Promise.all(living.map(({process}) => process.kill('SIGKILL')));
    await Promise.all([peers.stop(), proxy.stop()]);
    await server.stop();
    rmSync(folder, {recursive: true, force: true});
  });
  await fillCache(cacheFolder);
  const start = async () => living.push(await startBehind(proxy, configPath, cacheFolder));
  for (let count = 0; count < replicas; count += 1) await start();

  const traffic = writeBothWays(peers, proxy.url, lanes, () => isOver);
  for (let count = 0; count < rounds * replicas; count += 1) {
    const [oldest] = living.splice(0, 1);
    if (oldest === undefined) throw new Error('there is no replica to replace');
    exits.push(await oldest.process.kill('SIGTERM'));
    proxy.remove(oldest.ports);
    await start();
  }
  isOver = true;
  const {answers, sent, heard} = await traffic;
  const isQuiet = () => peers.nexus.receipts.length >= sent.size && peers.nexus.messages.length >= heard.length;
  await until('all receipts and texts to be posted', isQuiet, quietWithinMs);
  for (const {process} of living.splice(0)) exits.push(await process.kill('SIGTERM'));
  return {answers, sent, heard, exits, refused: proxy.refused(), peers};
}

async function startBehind(proxy: FrontProxy, configPath: string, cacheFolder: string): Promise<Living> {
  const process = spawnGateway(configPath, cacheFolder);
  const before = proxy.count();
  const ports = await process.ready;
  if (ports === undefined) throw new Error(`a replica ended by itself: ${JSON.stringify(await process.exited)}`);
  proxy.add(ports);
  await until('the proxy to see a replica', () => proxy.count() > before, startWithinMs);
  return {process, ports};
}

async function writeBothWays(peers: Peers, url: string, lanes: number, isOver: () => boolean) {
  const answers = new Map<number, number>();
  const sent = new Map<string, string>();
  const heard: string[] = [];
  let serial = 0;
  const nextPhone = () => {
    serial += 1;
    return `1415555${String(serial).padStart(4, '0')}`;
  };

  async function write(): Promise<void> {
    while (!isOver()) {
      const to = nextPhone();
      const webhookUrl = `${url}/nexus/webhook/acme/${made.smppChannel}`;
      const text = {webhookUrl, channelId: made.smppChannel, to: `+${to}`, text: 'while you were updated'};
      const answer = await peers.nexus.sendText(text).catch(() => undefined);
      const status = answer?.status ?? 0;
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status === 200) sent.set(to, String(memberOf(answer?.body, 'messageId')));
      await sleep(pauseMs);
    }
  }

  async function hear(): Promise<void> {
    while (!isOver()) {
      const from = nextPhone();
      heard.push(from);
      const text = {from, to: made.smppChannel, text: 'and I wrote back'};
      while ((await peers.smsc.sendFromPhone(text)).includes(temporary)) await sleep(pauseMs);
      await sleep(pauseMs);
    }
  }

  await Promise.all(Array.from({length: lanes}, () => [write(), hear()]).flat());
  return {answers, sent, heard};
}

/** Every promise that was not kept, as a sentence. */
export function checkRolled({answers, sent, heard, exits, peers: {nexus, smsc}}: Rolled): string[] {
  const wrong = [...answers]
    .filter(([status]) => status !== 200)
    .map(([status, count]) => `Nexus was answered ${status} ${count} times`);
  const submits = Map.groupBy(smsc.submits, ({destination}) => destination);
  const receipts = Map.groupBy(nexus.receipts, post => String(memberOf(post.messages[0], 'id')));
  for (const [phone, messageId] of sent) {
    const arrived = submits.get(phone)?.length ?? 0;
    if (arrived !== 1) wrong.push(`the text to ${phone} reached the SMSC ${arrived} times`);
    const told = receipts.get(messageId) ?? [];
    const isDelivered = told.every(post => memberOf(post.messages[0], 'status') === 'Delivered');
    if (told.length !== 1 || !isDelivered) wrong.push(`the receipt of ${messageId} was posted ${told.length} times`);
  }
  const posts = Map.groupBy(nexus.messages, post =>
    String(memberOf(memberOf(memberOf(post.messages[0], 'channel'), 'from'), 'id')),
  );
  for (const phone of heard) {
    const told = posts.get(phone)?.length ?? 0;
    if (told !== 1) wrong.push(`the text from ${phone} was posted ${told} times`);
  }
  if (smsc.submits.length !== sent.size) wrong.push(`${sent.size} texts became ${smsc.submits.length} submissions`);
  for (const {code, signal} of exits) if (code !== 0) wrong.push(`a replica ended with ${code ?? signal}`);
  return wrong;
}
