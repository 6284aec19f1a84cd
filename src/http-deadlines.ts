import {createWaits, type Wait} from './core/waits.ts';

/** Many waits of one length, most of which end at once: a timer for each would cost more than they do. */
export interface Deadlines {
  /** `late` is called when it was not forgotten within the length and a tick. */
  watch(late: () => void): Wait;
  forget(wait: Wait): void;
}

const tickMs = 250;

export function createDeadlines(lengthMs: number): Deadlines {
  /** With the tick they began in. */
  const waits = createWaits();
  const ticks = Math.ceil(lengthMs / tickMs) + 1;
  let tick = 0;
  let timer: NodeJS.Timeout | undefined;

  function onTick(): void {
    tick += 1;
    for (let wait = waits.oldest(); wait !== undefined; wait = waits.oldest()) {
      if (tick - wait.at < ticks) return;
      const {late} = wait;
      waits.end(wait);
      late?.();
    }
    clearInterval(timer);
    timer = undefined;
  }

  return {
    watch(late) {
      timer ??= setInterval(onTick, tickMs).unref();
      return waits.begin(late, tick);
    },
    forget: waits.end,
  };
}
