import {clock, sleep} from '../crash/clock.ts';
import type {Random} from '../crash/random.ts';
import type {Run} from '../crash/runs.ts';
import {type Exit, type GatewayProcess, type Ports, spawnGateway} from '../gateway-process.ts';
import {until} from '../until.ts';
import type {Balancer} from './balancer.ts';

export interface ReplicaOptions {
  configPath: string;
  cacheFolder: string;
  balancer: Balancer;
  random: Random;
  runs: Run[];
  /** The shortest and the longest life of one process. */
  livesMs: readonly [number, number];
}

/** One place for a replica: a process is killed now and then, and the next takes its place. */
export interface Replica {
  /** Until `isOver`; the last process stays. */
  live(isOver: () => boolean): Promise<void>;
  ports(): Ports | undefined;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit | undefined>;
}

const startWithinMs = 120_000;
const mostTries = 10;

export function createReplica({configPath, cacheFolder, balancer, random, runs, livesMs}: ReplicaOptions): Replica {
  let living: {process: GatewayProcess; run: Run; ports: Ports} | undefined;

  /** One that finds no database when it starts may give up; it is started again, as supervisors do. */
  async function start(): Promise<void> {
    for (let tries = 0; tries < mostTries; tries += 1) if (await tryStart()) return;
    throw new Error('a replica does not start');
  }

  async function tryStart(): Promise<boolean> {
    const run: Run = {
      spawnedAt: clock(),
      readyAt: undefined,
      killedAt: undefined,
      exitedAt: undefined,
      exit: undefined,
    };
    const process = spawnGateway(configPath, cacheFolder);
    runs.push(run);
    void process.exited.then(exit => {
      run.exit = exit;
      run.exitedAt = clock();
    });
    const ports = await until(
      'a replica to be ready',
      async () => {
        const ready = await Promise.race([process.ready, sleep(100).then(() => undefined)]);
        return ready ?? run.exit;
      },
      startWithinMs,
    );
    if (!('publicPort' in ports)) {
      if (/can't be written/.test(ports.stderr)) return false;
      throw new Error(`a replica ended by itself: ${JSON.stringify(ports)}`);
    }
    run.readyAt = clock();
    balancer.add(ports.publicPort);
    living = {process, run, ports};
    return true;
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit | undefined> {
    if (living === undefined) return undefined;
    const {process, run, ports} = living;
    living = undefined;
    run.killedAt = clock();
    const exit = await process.kill(signal);
    balancer.remove(ports.publicPort);
    return exit;
  }

  return {
    async live(isOver) {
      await start();
      while (!isOver()) {
        await sleep(random.between(...livesMs));
        if (isOver()) return;
        await end('SIGKILL');
        await start();
      }
    },
    ports: () => living?.ports,
    end,
  };
}
