import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type GatewayFileOptions, type Peers, toGatewayFile} from '../../src/sandbox/peers.ts';
import {type Pinned, startPinned} from './pinned.ts';

export interface BenchGateway {
  url: string;
  managementUrl: string;
  process: Pinned;
  stop(): Promise<void>;
}

const main = new URL('../../src/main.ts', import.meta.url).pathname;
/** As fast as it goes: no carrier's limit, one bind, a window of 100. */
const unlimited = '    messagesPerSecond: 100000\n    window: 100';

/**
 * The real process on core 0, all features on, between the peers of this process.
 * @param profileTo a folder for the CPU profiles of its threads, written when it stops
 */
export async function startBenchGateway(
  peers: Peers,
  store?: string,
  more?: GatewayFileOptions['more'],
  profileTo?: string,
): Promise<BenchGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(
    path,
    toGatewayFile({
      peers,
      publicUrl: 'http://127.0.0.1:1',
      publicPort: 0,
      managementPort: 0,
      store: store ?? `sqlite:${join(folder, 'gateway.db')}`,
      more: {top: 'log: {level: info}', smsc: unlimited, ...more},
    }),
  );
  const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const process = startPinned(0, ['--max-semi-space-size=64', ...profiling, main], {GATEWAY_CONFIG: path});
  const started = JSON.parse(await process.line(line => line.includes('"gateway.started"')));
  return {
    url: `http://127.0.0.1:${started.port}`,
    managementUrl: `http://127.0.0.1:${started.managementPort}`,
    process,
    async stop() {
      await process.stop();
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
