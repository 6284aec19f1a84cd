/** Lets one wait until nothing is being worked on. */
export interface Quiet {
  /** Something was finished: perhaps that was the last. */
  look(): void;
  /** Resolves when nothing is being worked on, or the time is over. */
  reached(withinMs: number): Promise<void>;
}

export function createQuiet(isBusy: () => boolean): Quiet {
  const waiting = new Set<() => void>();

  return {
    look() {
      if (waiting.size === 0 || isBusy()) return;
      for (const resolve of waiting) resolve();
    },
    reached(withinMs) {
      if (!isBusy()) return Promise.resolve();
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
