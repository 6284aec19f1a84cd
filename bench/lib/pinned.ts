import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {createInterface} from 'node:readline';

/** A process on a core of its own, where `taskset` exists and there are two. */
export interface Pinned {
  pid: number;
  /** The first line of its output that satisfies; rejects when it ends before. */
  line(satisfies: (line: string) => boolean): Promise<string>;
  /** User and system time so far, µs. */
  cpuUs(): number;
  /** Of that the first thread's alone: in Node, the event loop's. */
  loopUs(): number;
  /** Resident memory, bytes. */
  residentBytes(): number;
  stop(): Promise<void>;
}

export interface PinnedOptions {
  /** Whom to measure. */
  core: number;
  program: string;
  args: readonly string[];
  env?: Record<string, string>;
  /** What starts it, and is not on its core: a tracer that leaves it the process id it was given. */
  before?: readonly string[];
  /** Says nothing worth seeing on stderr. */
  quiet?: boolean;
}

/** Before anything is pinned: afterwards only the cores this process may use are counted. */
const cores = availableParallelism();
const canPin = existsSync('/usr/bin/taskset') && cores > 1;
const ticksPerSecond = 100;
const pageBytes = 4096;
const mostLines = 1000;
const mostFaults = 5;
const stopWithinMs = 15_000;

export function startPinned(core: number, args: readonly string[], env: Record<string, string> = {}): Pinned {
  return startProgram({core, program: process.execPath, args, env});
}

export function startProgram({core, program, args, env = {}, before = [], quiet = false}: PinnedOptions): Pinned {
  const [first = '', ...rest] = [...before, ...toPin(core), program, ...args];
  const child = spawn(first, rest, {
    env: {...process.env, ...env},
    stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'],
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const lines: string[] = [];
  const waiting: Array<{satisfies(line: string): boolean; resolve(line: string): void}> = [];
  let faults = 0;
  createInterface({input: child.stdout}).on('line', line => {
    if (line.includes('"level":"error"') && faults++ < mostFaults) process.stderr.write(`${line}\n`);
    const index = waiting.findIndex(({satisfies}) => satisfies(line));
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(line);
    else if (lines.length < mostLines) lines.push(line);
  });
  const pid = child.pid ?? 0;

  return {
    pid,
    line(satisfies) {
      const seen = lines.find(satisfies);
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve, reject) => {
        waiting.push({satisfies, resolve});
        child.once('error', reject);
        child.once('exit', code =>
          reject(new Error(`${program} ${args[0]} ended with ${code} before it said what was waited for`)),
        );
      });
    },
    cpuUs: () => toCpuUs(statOf(`${pid}`)),
    loopUs: () => toCpuUs(statOf(`${pid}/task/${pid}`)),
    residentBytes: () => Number(statOf(`${pid}`)[21]) * pageBytes,
    stop: () => stop(child),
  };
}

/** What is put before a command line to pin it. */
export function toPin(core: number): string[] {
  return canPin ? ['taskset', '-c', String(core)] : [];
}

/** This process with its load and peers, and what it starts later, stay off the core of what is measured. */
export function leaveCoreZero(): void {
  setCores(`1-${cores - 1}`);
}

/** What is started here may use every core: parties that have a machine of their own in real life. */
export async function onEveryCore<T>(start: () => Promise<T>): Promise<T> {
  setCores(`0-${cores - 1}`);
  try {
    return await start();
  } finally {
    leaveCoreZero();
  }
}

function setCores(wanted: string): void {
  if (!canPin) return;
  const {status} = spawnSync('taskset', ['-acp', wanted, String(process.pid)]);
  if (status !== 0) throw new Error(`taskset could not put process ${process.pid} on cores ${wanted}`);
}

/** What stands behind the name of a process, or of one of its threads, in its /proc/<...>/stat (proc(5)). */
function statOf(whose: string): string[] {
  const text = readFileSync(`/proc/${whose}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function toCpuUs(fields: readonly string[]): number {
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await exited;
  clearTimeout(timer);
}
