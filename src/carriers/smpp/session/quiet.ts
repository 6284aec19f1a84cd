/** Counts what is being worked on, and lets one wait until nothing is. */
export interface Quiet {
  begin(): void;
  finish(): void;
  /** Resolves when nothing is being worked on, or the time is over. */
  reached(withinMs: number): Promise<void>;
}

export function createQuiet(): Quiet {
  const waiting = new Set<() => void>();
  let working = 0;

  return {
    begin() {
      working += 1;
    },
    finish() {
      working -= 1;
      if (working > 0) return;
      for (const resolve of waiting) resolve();
    },
    reached(withinMs) {
      if (working === 0) return Promise.resolve();
      return new Promise(resolve => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, withinMs);
        waiting.add(done);
      });
    },
  };
}
