/** Many waits of one length, most of which end at once: a timer for each would cost more than they do. */
export interface Deadlines {
  /** `late` is called when it was not forgotten within the length and a tick. */
  watch(late: () => void): void;
  forget(late: () => void): void;
}

const tickMs = 250;

export function createDeadlines(lengthMs: number): Deadlines {
  /** In the order they began; with the tick they began in. */
  const waiting = new Map<() => void, number>();
  const ticks = Math.ceil(lengthMs / tickMs) + 1;
  let tick = 0;
  let timer: NodeJS.Timeout | undefined;

  function onTick(): void {
    tick += 1;
    for (const [late, beganAt] of waiting) {
      if (tick - beganAt < ticks) return;
      waiting.delete(late);
      late();
    }
    clearInterval(timer);
    timer = undefined;
  }

  return {
    watch(late) {
      waiting.set(late, tick);
      timer ??= setInterval(onTick, tickMs).unref();
    },
    forget: late => void waiting.delete(late),
  };
}
