/** Time limits of one length: the first to begin is the first to be late, so one timer does for all of them. */
export interface Deadlines {
  /** `late` is called once, unless it is cleared before. */
  begin(late: () => void): void;
  clear(late: () => void): void;
}

export function createDeadlines(ms: number): Deadlines {
  /** When each began, in that order. */
  const waiting = new Map<() => void, number>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    timer = undefined;
    const now = performance.now();
    const due: Array<() => void> = [];
    for (const [late, beganAt] of waiting) {
      const leftMs = beganAt + ms - now;
      if (leftMs > 0) {
        timer = setTimeout(look, Math.ceil(leftMs));
        break;
      }
      waiting.delete(late);
      due.push(late);
    }
    for (const late of due) late();
  }

  return {
    begin(late) {
      waiting.set(late, performance.now());
      timer ??= setTimeout(look, ms);
    },
    clear(late) {
      if (!waiting.delete(late) || waiting.size > 0) return;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
