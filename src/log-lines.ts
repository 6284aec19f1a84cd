/** Where lines go that were gathered: pino's own destination. */
export interface LinesSink {
  write(lines: string): unknown;
  flush(): void;
  /** For the moment of exit: everything is written when it returns. */
  writeLast(lines: string): unknown;
}

export interface Lines {
  /** One whole line. */
  write(line: string): void;
  /** What somebody should look at takes those before it along at once. */
  flush(): void;
}

/** Half of what a pipe holds, in characters. */
const together = 32_768;
const latestMs = 100;

/** Lines are written together, none later than a tenth of a second: a write for each would wake up whoever reads them. */
export function gatherLines(sink: LinesSink): Lines {
  let held = '';
  let timer: NodeJS.Timeout | undefined;

  function write(line: string): void {
    held += line;
    timer ??= setTimeout(flush, latestMs);
    if (held.length >= together) hand();
  }

  function hand(): void {
    clearTimeout(timer);
    timer = undefined;
    const lines = held;
    held = '';
    if (lines !== '') sink.write(lines);
  }

  function flush(): void {
    hand();
    sink.flush();
  }

  process.once('exit', () => {
    if (held !== '') sink.writeLast(held);
  });
  return {write, flush};
}
