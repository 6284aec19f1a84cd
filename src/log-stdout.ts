import {writeSync} from 'node:fs';
import {type DestinationStream, destination as openDestination} from 'pino';

/** Half of what a pipe holds on Linux. */
const gatheredLength = 32_768;
const gatheredMs = 100;
/** What a slow reader of stdout may hold back: lines beyond it are dropped rather than memory filled. Less than was gathered waits to be flushed. */
const held = {maxLength: 8_388_608, minLength: gatheredLength, maxWrite: 2 * gatheredLength};

export interface Stdout {
  sink: DestinationStream;
  /** Lines so far leave at once. */
  flush(): void;
}

/** On a terminal, where lines stay in order with those of others. */
export function openTerminal(): Stdout {
  const sink = openDestination({fd: 1, sync: true});
  return {sink, flush: () => undefined};
}

/** Lines leave many together, ten times a second at least, and a slow reader does not hold up the gateway. */
export function openPipe(): Stdout {
  let lines: string[] = [];
  let length = 0;
  /** The destination has lines that are not written yet. */
  let isBusy = false;

  function takeGathered(): string {
    const gathered = lines.join('');
    lines = [];
    length = 0;
    return gathered;
  }

  function hand(): void {
    if (length === 0) return;
    isBusy = true;
    stdout.write(takeGathered());
  }

  /** At the end the destination tries again for ever, also where nobody reads any more: what it does not have yet is written here. */
  function writeLast(): void {
    if (isBusy) {
      hand();
      return;
    }
    let left = Buffer.from(takeGathered());
    try {
      while (left.length > 0) left = left.subarray(writeSync(1, left));
    } catch (error) {
      if (isOfSlowReader(error)) stdout.write(left.toString());
    }
  }

  function flush(): void {
    hand();
    stdout.flush();
  }

  // Before the listeners of pino's own, which write what it holds and wait for it.
  process.once('beforeExit', hand);
  process.once('exit', writeLast);
  const stdout = openDestination({fd: 1, sync: false, ...held});
  const timer = setInterval(flush, gatheredMs).unref();
  stdout.on('drain', () => {
    isBusy = false;
  });
  stdout.once('close', () => clearInterval(timer));
  return {
    sink: {
      write(line) {
        lines.push(line);
        length += line.length;
        if (length >= gatheredLength) hand();
      },
    },
    flush,
  };
}

function isOfSlowReader(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
