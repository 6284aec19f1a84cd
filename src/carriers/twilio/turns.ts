/** So many at once; the others wait, who came first before the rest. */
export interface Turns {
  /** Resolves when it is its turn; false: there was none in time, or nobody waits any more. */
  begin(): true | Promise<boolean>;
  /** Hands its place to who has waited longest. */
  end(): void;
  /** Nobody waits any more. */
  close(): void;
}

export function createTurns(most: number, patienceMs: number): Turns {
  const waiting = new Set<(isTheirs: boolean) => void>();
  let places = most;

  function wait(): Promise<boolean> {
    return new Promise(resolve => {
      const tell = (isTheirs: boolean) => {
        clearTimeout(timer);
        waiting.delete(tell);
        resolve(isTheirs);
      };
      const timer = setTimeout(tell, patienceMs, false);
      waiting.add(tell);
    });
  }

  return {
    begin() {
      if (places === 0) return wait();
      places -= 1;
      return true;
    },
    end() {
      const [next] = waiting;
      if (next === undefined) places += 1;
      else next(true);
    },
    close() {
      for (const tell of [...waiting]) tell(false);
    },
  };
}
