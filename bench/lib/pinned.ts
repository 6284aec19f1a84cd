import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {createInterface} from 'node:readline';

/** A process on a core of its own, where `taskset` exists and there are two. */
export interface Pinned {
  pid: number;
  /** The first line of its output that satisfies. */
  line(satisfies: (line: string) => boolean): Promise<string>;
  /** User and system time so far, µs. */
  cpuUs(): number;
  /** Resident memory, bytes. */
  residentBytes(): number;
  stop(): Promise<void>;
}

const canPin = existsSync('/usr/bin/taskset') && availableParallelism() > 1;
const ticksPerSecond = 100;
const pageBytes = 4096;

export function startPinned(core: number, args: readonly string[], env: Record<string, string> = {}): Pinned {
  const command = [...(canPin ? ['taskset', '-c', String(core)] : []), process.execPath, ...args];
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {env: {...process.env, ...env}, stdio: ['ignore', 'pipe', 'inherit']});
  const lines: string[] = [];
  const waiting: Array<{satisfies(line: string): boolean; resolve(line: string): void}> = [];
  createInterface({input: child.stdout}).on('line', line => {
    const index = waiting.findIndex(({satisfies}) => satisfies(line));
    if (index >= 0) waiting.splice(index, 1)[0]?.resolve(line);
    else lines.push(line);
  });
  const pid = child.pid ?? 0;

  return {
    pid,
    line(satisfies) {
      const seen = lines.find(satisfies);
      if (seen !== undefined) return Promise.resolve(seen);
      return new Promise((resolve, reject) => {
        waiting.push({satisfies, resolve});
        child.once('exit', code =>
          reject(new Error(`${args[0]} ended with ${code} before it said what was waited for`)),
        );
      });
    },
    cpuUs() {
      const fields = statOf(pid);
      return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
    },
    residentBytes: () => Number(statOf(pid)[21]) * pageBytes,
    stop: () => stop(child),
  };
}

/** What stands behind the process's name in /proc/<pid>/stat (proc(5)). */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exited;
  clearTimeout(timer);
}
