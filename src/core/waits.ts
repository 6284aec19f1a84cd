/** One that waits; `late` is gone once it does no more. */
export interface Wait {
  readonly at: number;
  late: (() => void) | undefined;
}

/**
 * What waits equally long, in the order it began. Those that have ended hold nothing, wherever they are still listed: V8 gives a Map in which much
 * comes and goes one table after the other, and an old table keeps what it listed, and the tables after it, alive until the next full collection.
 */
export interface Waits {
  readonly size: number;
  begin(late: () => void, at: number): Wait;
  end(wait: Wait): void;
  /** The one that has waited longest. */
  oldest(): Wait | undefined;
}

const mostEnded = 1000;

export function createWaits(): Waits {
  let listed: Wait[] = [];
  let first = 0;
  let size = 0;

  function oldest(): Wait | undefined {
    while (first < listed.length && listed[first]?.late === undefined) first += 1;
    return listed[first];
  }

  function tidy(): void {
    if (size > 0 && first < mostEnded) return;
    listed = size === 0 ? [] : listed.slice(first);
    first = 0;
  }

  return {
    get size() {
      return size;
    },
    begin(late, at) {
      const wait = {at, late};
      listed.push(wait);
      size += 1;
      return wait;
    },
    end(wait) {
      if (wait.late === undefined) return;
      wait.late = undefined;
      size -= 1;
      oldest();
      tidy();
    },
    oldest,
  };
}
