import type {Pace} from '../core/pace.ts';

/** Hands out the places one account's pace has: to new claims at once or not at all, to the next segment of a text as soon as there is one. */
export interface Places {
  /** Places for new claims. */
  room(): number;
  waitMs(): number;
  /** For a claim that `room` promised. */
  take(): void;
  giveBack(): void;
  /** Waits its turn; false when the relay is stopping. */
  takeNext(): Promise<boolean>;
  /** The moment before the bytes leave: resolves when the sliding second allows it. */
  leave(): Promise<void>;
  stop(): void;
}

export function createPlaces(pace: Pace, now: () => number): Places {
  const waiting: Array<(granted: boolean) => void> = [];
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function grant(): void {
    timer = undefined;
    while (waiting.length > 0 && pace.room(now()) >= 1) {
      pace.take(now());
      waiting.shift()?.(true);
    }
    if (waiting.length > 0) timer = setTimeout(grant, Math.max(1, pace.waitMs(now())));
  }

  return {
    room: () => Math.max(0, pace.room(now()) - waiting.length),
    waitMs: () => pace.waitMs(now()),
    take: () => pace.take(now()),
    giveBack: () => pace.giveBack(),
    takeNext() {
      if (stopped) return Promise.resolve(false);
      return new Promise(resolve => {
        waiting.push(resolve);
        if (timer === undefined) grant();
      });
    },
    async leave() {
      for (let ms = pace.leaveMs(now()); ms > 0; ms = pace.leaveMs(now())) {
        await new Promise(resolve => setTimeout(resolve, ms));
      }
      pace.leave(now());
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const resolve of waiting.splice(0)) resolve(false);
    },
  };
}
