import {createWaits, type Wait} from '../../core/waits.ts';

/** Time limits of one length: the first to begin is the first to be late, so one timer does for all of them. */
export interface Deadlines {
  /** `late` is called once, unless it is cleared before. */
  begin(late: () => void): Wait;
  clear(wait: Wait): void;
}

export function createDeadlines(ms: number): Deadlines {
  const waits = createWaits();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    timer = undefined;
    const now = performance.now();
    const due: Array<() => void> = [];
    for (let wait = waits.oldest(); wait?.late !== undefined; wait = waits.oldest()) {
      const leftMs = wait.at + ms - now;
      if (leftMs > 0) {
        timer = setTimeout(look, Math.ceil(leftMs));
        break;
      }
      due.push(wait.late);
      waits.end(wait);
    }
    for (const late of due) late();
  }

  return {
    begin(late) {
      timer ??= setTimeout(look, ms);
      return waits.begin(late, performance.now());
    },
    clear(wait) {
      if (wait.late === undefined) return;
      waits.end(wait);
      if (waits.size > 0) return;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
