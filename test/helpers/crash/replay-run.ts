import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {outboundQueue} from '../../../src/core/queue.ts';
import {made, startPeers, toGatewayFile} from '../../../src/sandbox/peers.ts';
import {openStore} from '../../../src/store/index.ts';
import {silent} from '../../store/silent.ts';
import {createFront} from '../front.ts';
import {fillCache, type GatewayProcess, spawnGateway} from '../gateway-process.ts';
import {until} from '../until.ts';

export interface ReplayRunOptions {
  store: (folder: string) => string;
  letters: number;
  perSecond: number;
  /** The gateway is killed when so many texts have reached the SMSC. */
  killAt: number;
  withinMs: number;
}

export interface ReplayRun {
  /** How often each text reached a phone. */
  arrivals: ReadonlyMap<string, number>;
  /** Dead letters when the first operator's command had been killed. */
  leftHalfway: number;
  /** Of the two operators who went on. */
  exits: ReadonlyArray<{code: number | null; out: string}>;
  /** Texts that were being sent when the gateway was killed, and had to be decided by hand. */
  settled: number;
  deadLetters: number;
}

const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const reason = {code: 'GeneralError', message: 'refused'} as const;

/** Dead letters are replayed; the gateway is killed in the middle, then the command is; two operators go on at once. All of them real processes. */
export async function runReplay(t: ExecutionContext, options: ReplayRunOptions): Promise<ReplayRun> {
  const {letters, perSecond, killAt, withinMs} = options;
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const peers = await startPeers({smsc: {latencyMs: 5}});
  const [front, desk] = await Promise.all([createFront(), createFront()]);
  const living = new Set<GatewayProcess | ChildProcess>();
  t.teardown(async () => {
    for (const process of living) process.kill('SIGKILL');
    await Promise.all([peers.stop(), front.stop(), desk.stop()]);
    rmSync(folder, {recursive: true, force: true});
  });
  const store = options.store(folder);
  await bury(store, letters);
  const configPath = join(folder, 'gateway.yaml');
  const ports = {publicUrl: front.url, publicPort: 0, managementPort: 0};
  const more = {smsc: '    messagesPerSecond: 1000'};
  writeFileSync(configPath, toGatewayFile({peers, ...ports, store, more}));
  const cacheFolder = join(folder, 'compiled');
  await fillCache(cacheFolder);

  async function start(): Promise<GatewayProcess> {
    const gateway = spawnGateway(configPath, cacheFolder);
    living.add(gateway);
    const ready = await gateway.ready;
    if (ready === undefined) throw new Error(`the gateway ended by itself: ${gateway.last.join('\n')}`);
    desk.target(ready.managementPort);
    return gateway;
  }

  function operate(onProgress: (child: ChildProcess, done: number) => void = () => {}) {
    const args = [main, 'replay', '--all', '--rate', String(perSecond), '--patience', '120', '--url', desk.url];
    const {PATH} = process.env;
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {PATH, GATEWAY_TOKEN: made.token, NODE_COMPILE_CACHE: cacheFolder},
    });
    living.add(child);
    let out = '';
    let told = '';
    child.stdout.on('data', chunk => {
      out += chunk;
    });
    child.stderr.on('data', chunk => {
      told += chunk;
      onProgress(child, Number([...told.matchAll(/(\d+) of \d+ replayed/g)].at(-1)?.[1] ?? 0));
    });
    return new Promise<{code: number | null; out: string}>(resolve => {
      child.once('close', code => resolve({code, out}));
    });
  }

  async function api<Body>(path: string, body?: object): Promise<Body> {
    const headers = {authorization: `Bearer ${made.token}`, 'content-type': 'application/json'};
    const init = body === undefined ? {headers} : {method: 'POST', headers, body: JSON.stringify(body)};
    const response = await fetch(`${desk.url}${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  const count = async () => (await api<{count: number}>('/api/dead-letters/count')).count;
  const arrivals = () => Map.groupBy(peers.smsc.phones, ({text}) => text);

  let gateway = await start();
  const first = operate((child, done) => done >= letters * 0.4 && child.kill('SIGKILL'));
  await until('texts to leave', () => peers.smsc.phones.length >= killAt, withinMs);
  desk.target(undefined);
  await gateway.kill('SIGKILL');
  gateway = await start();
  await first;
  const leftHalfway = await count();
  const exits = await Promise.all([operate(), operate()]);
  const settled = await settleRest();
  await until('all to arrive', () => arrivals().size === letters, withinMs);
  const deadLetters = await count();
  await gateway.kill('SIGTERM');
  return {
    arrivals: new Map([...arrivals()].map(([text, each]) => [text, each.length])),
    leftHalfway,
    exits,
    settled,
    deadLetters,
  };

  /** What was under way at the kill and brought no receipt since: an operator asks the carrier, and decides. */
  async function settleRest(): Promise<number> {
    await until(
      'nothing to be under way',
      async () => (await inState('accepted')) + (await inState('sending')) === 0,
      withinMs,
    );
    let before: string | undefined;
    let decided = 0;
    do {
      const query = new URLSearchParams({state: 'unknown', limit: '100', ...(before !== undefined && {before})});
      const page = await api<{messages: Array<{messageId: string}>; next: string | null}>(`/api/messages?${query}`);
      for (const {messageId} of page.messages) {
        const as = arrivals().has(toText(messageId)) ? 'sent' : 'retry';
        const response = await api<{result: string}>(`/api/messages/${messageId}/settle`, {as}).catch(() => undefined);
        if (response !== undefined) decided += 1;
      }
      before = page.next ?? undefined;
    } while (before !== undefined);
    return decided;
  }

  async function inState(state: string): Promise<number> {
    return (await api<{messages: unknown[]}>(`/api/messages?state=${state}&limit=1`)).messages.length;
  }
}

/** Texts that their carrier has refused for good, as a gateway leaves them. */
async function bury(url: string, letters: number): Promise<void> {
  const rest = {maxOutbound: 1_000_000, now: Date.now, log: silent, onReady() {}, onLost() {}};
  const store = await openStore({url, ...rest});
  const ids = Array.from({length: letters}, (_, index) => `letter${index}`);
  await Promise.all(
    ids.map((messageId, index) => {
      const parties = {platform: 'acme', channel: made.smppChannel, from: `+${made.smppChannel}`, to: toPhone(index)};
      const outbound = {messageId, ...parties, text: toText(messageId), media: [], traceId: 'a1'};
      const times = {replyWindowMs: 0, expiresInMs: 3_600_000};
      return store.acceptOutbound({outbound, raw: '{}', priority: 'bulk', carrier: 'smsc-a', ...times});
    }),
  );
  const queue = outboundQueue('acme', made.smppChannel, 'smsc-a', 'bulk');
  for (let claims = await store.claim([queue], 500); claims.length > 0; claims = await store.claim([queue], 500)) {
    const ended = {to: 'ended', state: 'failed', by: 'carrier', reason, deadLetter: 'refused'} as const;
    await Promise.all(claims.map(({job, fence}) => store.settle({job, fence, events: [], ...ended})));
  }
  await store.close();
}

function toText(messageId: string): string {
  return `text of ${messageId}`;
}

function toPhone(index: number): string {
  return `+1415${String(5_550_000 + (index % 1000)).padStart(7, '0')}`;
}
