import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';

export interface FsyncTrace {
  /** Stands before the program's command line; the process id stays the program's. */
  command: readonly string[];
  /** Calls of fsync and fdatasync so far. */
  count(): number;
}

/**
 * By strace, which stops the program at these two calls only (a filter in the kernel passes all others) and runs beside it on another core.
 * What the tracer itself costs is seen where it adds 0 ms.
 */
export function traceFsyncs(file: string, delayMs: number): FsyncTrace {
  const delay = delayMs > 0 ? ['-e', `inject=fsync,fdatasync:delay_enter=${delayMs * 1000}`] : [];
  return {
    command: ['strace', '-D', '-f', '--seccomp-bpf', '-qq', '-o', file, '-e', 'trace=fsync,fdatasync', ...delay],
    count() {
      if (!existsSync(file)) return 0;
      // A call that another thread's line parts in two is told again as resumed.
      return readFileSync(file, 'latin1').match(/ (fsync|fdatasync)\(/g)?.length ?? 0;
    },
  };
}

/** Whether fsyncs can be counted and delayed here. */
export function canTrace(): boolean {
  return (
    spawnSync('strace', ['-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'trace=fsync', 'true']).status === 0
  );
}
