import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {createConfigReader, formatMistake, loadConfig} from '../../src/config.ts';
import {type Gateway, startGateway} from '../../src/gateway.ts';
import {createLog} from '../../src/log.ts';
import {
  type GatewayFileOptions,
  made,
  type Peers,
  type PeersOptions,
  startPeers,
  toGatewayFile,
} from '../../src/sandbox/peers.ts';
import {createFront, type Front} from './front.ts';
import {createLeakWatch, refuseLeaks} from './leaks.ts';
import {until} from './until.ts';

export interface WorldOptions {
  peers?: PeersOptions;
  more?: GatewayFileOptions['more'];
  /** Changes the configuration file before it is read. */
  edit?(file: string): string;
  now?(): number;
}

/** A gateway in this process between pretend peers, everything on loopback. */
export interface World {
  peers: Peers;
  front: Front;
  folder: string;
  /** The gateway's log, line by line. */
  lines: string[];
  gateway(): Gateway;
  /** Stops the gateway and starts it again on the same store, with other lines if given. */
  restart(more?: GatewayFileOptions['more']): Promise<void>;
  stopGateway(): Promise<void>;
  /** Changes the configuration file as it stands; nobody reads it before a reload or a restart. */
  rewrite(edit: (file: string) => string): void;
  /** An agent's text; answers the messageId. */
  send(text: {channel?: string; to: string; text: string; id?: string}): Promise<string>;
  /** The management API. */
  api(path: string, body?: unknown): Promise<{status: number; body: Record<string, unknown>}>;
  message(messageId: string): Promise<ApiMessage>;
  /** Waits until the message is in this state. */
  reaches(messageId: string, state: string, deadlineMs?: number): Promise<ApiMessage>;
  webhookUrl(channel?: string): string;
}

export interface ApiMessage {
  messageId: string;
  state: string;
  carrier: string;
  from: string;
  to: string;
  reason?: {code: string; message: string};
  segments: Array<{index: number; carrierMessageId: string | null; state: string}>;
  events: Array<{at: number; event: string; detail?: Record<string, unknown>}>;
  text?: string;
}

export async function startWorld(t: ExecutionContext, options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const peers = await startPeers(options.peers);
  const front = await createFront();
  const lines: string[] = [];
  const watch = createLeakWatch();
  const destination = {
    write(line: string) {
      watch.scan('the log', line);
      lines.push(line);
    },
  };
  const log = createLog({level: 'debug', pretty: false, destination});
  let gateway: Gateway | undefined;

  async function start(more = options.more): Promise<void> {
    const path = join(folder, 'gateway.yaml');
    const ports = {publicUrl: front.url, publicPort: 0, managementPort: 0};
    const file = toGatewayFile({peers, ...ports, store: `sqlite:${join(folder, 'gateway.db')}`, more});
    const written = options.edit?.(file) ?? file;
    watch.knowFile(written);
    writeFileSync(path, written);
    const config = loadConfig({path, env: {}});
    gateway = await startGateway({
      config,
      log,
      readConfig: () => read(path),
      onLost: fail,
      ...(options.now ? {now: options.now} : {}),
    });
    front.target(gateway.publicPort);
  }

  function read(path: string) {
    const found = createConfigReader({env: {}}).readConfig(path);
    return 'config' in found ? found : {mistakes: found.mistakes.map(formatMistake)};
  }

  function rewrite(edit: (file: string) => string): void {
    const path = join(folder, 'gateway.yaml');
    writeFileSync(path, edit(readFileSync(path, 'utf8')));
  }

  function fail(error: Error): void {
    lines.push(JSON.stringify({level: 'error', event: 'store.lost', why: error.message}));
  }

  async function stopGateway(): Promise<void> {
    front.target(undefined);
    if (gateway !== undefined) await scanMetrics(gateway);
    await gateway?.stop();
    gateway = undefined;
  }

  /** One that has lost its store answers none. */
  async function scanMetrics({managementPort}: Gateway): Promise<void> {
    const headers = {authorization: `Bearer ${made.token}`};
    try {
      const answer = await fetch(`http://127.0.0.1:${managementPort}/metrics`, {headers});
      watch.scan('the metrics', await answer.text());
    } catch {}
  }

  function running(): Gateway {
    if (gateway === undefined) throw new Error('the gateway is not running');
    return gateway;
  }

  async function api(path: string, body?: unknown) {
    const response = await fetch(`http://127.0.0.1:${running().managementPort}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {authorization: `Bearer ${made.token}`, 'content-type': 'application/json'},
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
    });
    return {status: response.status, body: (await response.json()) as Record<string, unknown>};
  }

  async function message(messageId: string): Promise<ApiMessage> {
    const {status, body} = await api(`/api/messages/${messageId}`);
    if (status !== 200) throw new Error(`message ${messageId}: ${status} ${JSON.stringify(body)}`);
    return body as unknown as ApiMessage;
  }

  async function reaches(messageId: string, state: string, deadlineMs?: number): Promise<ApiMessage> {
    let last: ApiMessage | undefined;
    const look = async () => {
      last = await message(messageId);
      return last.state === state ? last : undefined;
    };
    return until(`message ${messageId} to be ${state}`, look, deadlineMs).catch(error => {
      throw new Error(`${error.message}; it is ${JSON.stringify(last)}`);
    });
  }

  t.teardown(async () => {
    await stopGateway();
    await Promise.all([peers.stop(), front.stop()]);
    rmSync(folder, {recursive: true, force: true});
    refuseLeaks(watch);
  });
  await start();

  const webhookUrl = (channel: string = made.smppChannel) => `${front.url}/nexus/webhook/acme/${channel}`;
  return {
    peers,
    front,
    folder,
    lines,
    gateway: running,
    async restart(more) {
      await stopGateway();
      await start(more ?? options.more);
    },
    stopGateway,
    rewrite,
    async send({channel = made.smppChannel, to, text, id}) {
      watch.knowText(text);
      const url = webhookUrl(channel);
      const answer = await peers.nexus.sendText({webhookUrl: url, channelId: channel, to, text, ...(id ? {id} : {})});
      if (answer.status !== 200) throw new Error(`webhook: ${answer.status} ${JSON.stringify(answer.body)}`);
      return (answer.body as {messageId: string}).messageId;
    },
    api,
    message,
    reaches,
    webhookUrl,
  };
}
