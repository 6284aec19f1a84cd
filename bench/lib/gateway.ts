import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {z} from 'zod';
import {type GatewayFileOptions, made, type Peers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {nodeFlags} from './flags.ts';
import {type FsyncTrace, traceFsyncs} from './fsync.ts';
import {type Pinned, startProgram} from './pinned.ts';

export interface BenchGatewayOptions {
  peers: Peers;
  /** A fresh SQLite file unless given. */
  store?: string;
  more?: GatewayFileOptions['more'];
  /** A folder for the CPU profiles of its threads, written when it stops. */
  profileTo?: string;
  /** Node's flags; those of `npm start` unless given. */
  flags?: readonly string[];
  /** Counts its fsyncs, and makes each this much longer; undefined: untouched. */
  fsyncDelayMs?: number;
  /** 0: any free one. */
  publicPort?: number;
  /** Links to the SMSC, over all replicas. */
  binds?: number;
  /** Other channels in `channels.d`; the pretend Nexus knows those of `moreChannels`. */
  serves?: readonly MoreChannel[];
  /** A last change of the configuration. */
  edit?(file: string): string;
}

export interface MoreChannel {
  id: string;
  carriers: ReadonlyArray<string | {carrier: string; messagesPerSecond: number}>;
  priority: 'interactive' | 'bulk';
}

export interface BenchGateway {
  url: string;
  managementUrl: string;
  process: Pinned;
  /** A POST of the management API. */
  post(path: string, body: object): Promise<unknown>;
  /** Commits of its store since it began. */
  commits(): Promise<number>;
  /** Calls of fsync and fdatasync since it began; undefined unless they are traced. */
  fsyncs(): number | undefined;
  stop(): Promise<void>;
}

const main = new URL('../../src/main.ts', import.meta.url).pathname;
/** As fast as it goes: no carrier's limit, a window of 100. */
const unlimited = '    messagesPerSecond: 100000\n    window: 100';

/** The real process on core 0, all features on, between the peers of this process. */
export async function startBenchGateway(options: BenchGatewayOptions): Promise<BenchGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const config = join(folder, 'gateway.yaml');
  writeFileSync(config, toFile(options, folder));
  if (options.serves) writeChannels(folder, options.serves);
  const {profileTo, fsyncDelayMs, flags = nodeFlags} = options;
  const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const trace = fsyncDelayMs === undefined ? undefined : traceFsyncs(join(folder, 'fsyncs'), fsyncDelayMs);
  const child = startProgram({
    core: 0,
    program: process.execPath,
    args: [...flags, ...profiling, main],
    env: {GATEWAY_CONFIG: config},
    ...(trace && {before: trace.command}),
  });
  const {port, managementPort} = startedLine.parse(
    JSON.parse(await child.line(line => line.includes('"gateway.started"'))),
  );
  return toGateway({url: `http://127.0.0.1:${port}`, managementUrl: `http://127.0.0.1:${managementPort}`}, child, {
    trace,
    folder,
  });
}

const startedLine = z.object({port: z.number(), managementPort: z.number()});

function toGateway(
  urls: {url: string; managementUrl: string},
  child: Pinned,
  {trace, folder}: {trace: FsyncTrace | undefined; folder: string},
): BenchGateway {
  const headers = {authorization: `Bearer ${made.token}`, 'content-type': 'application/json'};
  return {
    ...urls,
    process: child,
    async post(path, body) {
      const answer = await fetch(`${urls.managementUrl}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    },
    async commits() {
      const text = await (await fetch(`${urls.managementUrl}/metrics`, {headers})).text();
      return Number(/^nexus_gateway_store_group_calls_count (\d+)/m.exec(text)?.[1] ?? Number.NaN);
    },
    fsyncs: () => trace?.count(),
    async stop() {
      await child.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}

function toFile(
  {peers, store, more, publicPort = 0, binds = 1, edit = text => text}: BenchGatewayOptions,
  folder: string,
) {
  const file = toGatewayFile({
    peers,
    publicUrl: `http://127.0.0.1:${publicPort || 1}`,
    publicPort,
    managementPort: 0,
    store: store ?? `sqlite:${join(folder, 'data', 'gateway.db')}`,
    more: {top: 'log: {level: info}', smsc: unlimited, ...more},
  });
  return edit(file.replace('binds: 1', `binds: ${binds}`));
}

function writeChannels(folder: string, channels: readonly MoreChannel[]): void {
  const {webhookSecret, apiSecret} = made;
  const all = channels.map(each => ({...each, platform: 'acme', address: `+${each.id}`, webhookSecret, apiSecret}));
  mkdirSync(join(folder, 'channels.d'));
  writeFileSync(join(folder, 'channels.d', 'more.yaml'), JSON.stringify(all));
}
