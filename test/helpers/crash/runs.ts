import type {Front} from '../front.ts';
import {type Exit, type GatewayProcess, type Ports, spawnGateway} from '../gateway-process.ts';
import {until} from '../until.ts';
import {clock, sleep} from './clock.ts';
import type {Random} from './random.ts';

/** The life of one process of the gateway. Unix ms. */
export interface Run {
  spawnedAt: number;
  /** Undefined: it ended before. */
  readyAt: number | undefined;
  /** Undefined while it lives. */
  killedAt: number | undefined;
  exitedAt: number | undefined;
  exit: Exit | undefined;
}

export interface RunsOptions {
  configPath: string;
  cacheFolder: string;
  front: Front;
  random: Random;
  /** How it is ended each time. */
  signal: 'SIGKILL' | 'SIGTERM';
  /** How much has reached the carriers and the platform so far. */
  progress(): number;
  /** It is ended when at most so much more has, however long that takes on a busy machine. */
  mostProgress: number;
  /** How many of one are ended while they start. */
  whileStarting: number;
}

export interface Runs {
  all: readonly Run[];
  /** Log lines of level error. */
  faults(): string[];
  /** Starts a process and ends it at a random moment. */
  startAndEnd(): Promise<void>;
  /** Starts the one that stays. */
  start(): Promise<Ports>;
  /** Ends the one that stays, if there is one. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit | undefined>;
}

/** On a machine that is busy with other things; nothing is measured here. */
const startWithinMs = 90_000;
const stopWithinMs = 60_000;
const progressWithinMs = 60_000;
/** Between two steps of a text's way. */
const momentMs = 60;

/** One process after the other on the same store, behind the same address. */
export function createRuns({
  configPath,
  cacheFolder,
  front,
  random,
  signal,
  progress,
  mostProgress,
  whileStarting,
}: RunsOptions): Runs {
  const all: Run[] = [];
  const faults: string[] = [];
  let living: {process: GatewayProcess; run: Run} | undefined;
  let usualStartMs = 1000;

  function spawn(): {process: GatewayProcess; run: Run} {
    const run: Run = {
      spawnedAt: clock(),
      readyAt: undefined,
      killedAt: undefined,
      exitedAt: undefined,
      exit: undefined,
    };
    const process = spawnGateway(configPath, cacheFolder);
    void process.ready.then(ports => {
      if (ports === undefined || run.killedAt !== undefined) return;
      run.readyAt = clock();
      usualStartMs = run.readyAt - run.spawnedAt;
      front.target(ports.publicPort);
    });
    void process.exited.then(exit => {
      run.exit = exit;
      run.exitedAt = clock();
      if (run.killedAt === undefined) front.target(undefined);
    });
    all.push(run);
    living = {process, run};
    return living;
  }

  async function end(by: 'SIGKILL' | 'SIGTERM'): Promise<Exit | undefined> {
    if (living === undefined) return undefined;
    const {process, run} = living;
    living = undefined;
    if (by === 'SIGKILL') front.target(undefined);
    const diedAlone = run.exit !== undefined;
    run.killedAt = clock();
    void process.kill(by);
    const exit = await until('the gateway to end', () => run.exit, stopWithinMs).finally(() => process.kill('SIGKILL'));
    front.target(undefined);
    faults.push(...process.faults);
    if (diedAlone) throw new Error(`the gateway ended by itself: ${JSON.stringify(exit)}`);
    return exit;
  }

  async function waitReady({process, run}: {process: GatewayProcess; run: Run}): Promise<Ports> {
    await until('the gateway to be ready', () => run.readyAt ?? run.exit, startWithinMs).catch(error => {
      throw new Error(`${error.message}; its last words: ${process.last.join('\n')}`);
    });
    const ports = await process.ready;
    if (ports === undefined) throw new Error(`the gateway did not start: ${JSON.stringify(run.exit)}`);
    return ports;
  }

  return {
    all,
    faults: () => [...faults, ...(living?.process.faults ?? [])],
    async startAndEnd() {
      const started = spawn();
      if (random.chance(whileStarting)) await sleep(random.between(0, usualStartMs));
      else {
        await waitReady(started);
        const enough = progress() + random.between(0, mostProgress);
        await until('something to happen', () => progress() >= enough, progressWithinMs);
        await sleep(random.between(0, momentMs));
      }
      await end(signal);
    },
    start: () => waitReady(spawn()),
    end,
  };
}
