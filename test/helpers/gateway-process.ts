import {type ChildProcess, type ChildProcessByStdio, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import {createLeakWatch, refuseLeaks} from './leaks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'src/main.ts');
const mostFaults = 50;
const lastLines = 20;

export interface Ports {
  publicPort: number;
  managementPort: number;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  stderr: string;
}

/** The gateway as it runs in production: `node src/main.ts` with GATEWAY_CONFIG. */
export interface GatewayProcess {
  /** Undefined when it ended before it took anything. */
  ready: Promise<Ports | undefined>;
  exited: Promise<Exit>;
  /** Log lines of level error, the first few. */
  faults: readonly string[];
  /** Its last log lines, of any level. */
  last: readonly string[];
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit>;
  /** Tells it something and does not wait. */
  signal(signal: 'SIGHUP' | 'SIGTERM' | 'SIGINT'): void;
}

/** @param cacheFolder of `fillCache`, for tests that start many */
export function spawnGateway(configPath: string, cacheFolder?: string): GatewayProcess {
  return follow(configPath, run([], {GATEWAY_CONFIG: configPath, ...toCacheEnv(cacheFolder)}));
}

/** By a shell, as npm runs `npm start`; signals go to that shell. */
export function spawnByShell(configPath: string): GatewayProcess & {killAll(): void} {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const env = {PATH, GATEWAY_CONFIG: configPath};
  const {start} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
  const child = spawn('sh', ['-c', start], {stdio: ['ignore', 'pipe', 'pipe'], cwd: root, env, detached: true});
  return {...follow(configPath, child), killAll: () => killGroup(child)};
}

function killGroup({pid = 0}: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {}
}

function follow(configPath: string, child: ChildProcessByStdio<null, Readable, Readable>): GatewayProcess {
  const faults: string[] = [];
  const last: string[] = [];
  const started = Promise.withResolvers<Ports | undefined>();
  const watch = createLeakWatch();
  watch.knowFile(readFileSync(configPath, 'utf8'));
  const exited = toExit(child).then(end => {
    refuseLeaks(watch);
    return end;
  });
  const ended = () => started.resolve(undefined);
  exited.then(ended, ended);

  createInterface({input: child.stdout}).on('line', line => {
    watch.scan('the log', line);
    if (line.includes('"gateway.started"')) started.resolve(toPorts(line));
    last.splice(0, last.push(line) - lastLines);
    if (line.includes('"level":"error"') && faults.length < mostFaults) faults.push(line);
  });

  return {
    ready: started.promise,
    exited,
    faults,
    last,
    signal: signal => void child.kill(signal),
    kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Node keeps what it compiled only when a process ends by itself, which a killed one does not. */
export async function fillCache(cacheFolder: string): Promise<void> {
  await toExit(run(['--help'], toCacheEnv(cacheFolder)));
}

function run(args: string[], env: Record<string, string>) {
  const {PATH} = process.env;
  return spawn(process.execPath, [main, ...args], {stdio: ['ignore', 'pipe', 'pipe'], env: {PATH, ...env}});
}

function toCacheEnv(cacheFolder: string | undefined): Record<string, string> {
  return cacheFolder === undefined ? {} : {NODE_COMPILE_CACHE: cacheFolder};
}

function toExit(child: ChildProcess): Promise<Exit> {
  let stderr = '';
  child.stderr?.on('data', chunk => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({code, signal, stderr}));
  });
}

function toPorts(line: string): Ports {
  const {port, managementPort} = JSON.parse(line);
  return {publicPort: port, managementPort};
}
