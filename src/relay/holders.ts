/** Claims that hold a place each: until what they are about was taken, or they end. */
export interface Holders {
  count(): number;
  /** @param run calls `free` once its place is no longer needed; what is left for it to do is written down beside the next */
  hold(run: (free: () => void) => Promise<unknown>): Promise<void>;
}

/** @param onFree a place is free before its claim has ended */
export function createHolders(onFree: () => void): Holders {
  let count = 0;

  async function hold(run: (free: () => void) => Promise<unknown>): Promise<void> {
    let isHeld = true;
    const leave = () => {
      if (isHeld) count -= 1;
      isHeld = false;
    };
    count += 1;
    try {
      await run(() => {
        leave();
        onFree();
      });
    } finally {
      leave();
    }
  }

  return {count: () => count, hold};
}
