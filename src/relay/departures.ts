import type {Priority} from '../core/message.ts';
import type {Pace} from '../core/pace.ts';

/** The moment at which the bytes of what was taken on leave: interactive texts before all others, those of one class in their order. */
export interface Departures {
  /** Undefined: it has left. */
  leave(priority: Priority): Promise<void> | undefined;
}

export function createDepartures(pace: Pace, now: () => number): Departures {
  const waiting: Readonly<Record<Priority, Array<() => void>>> = {interactive: [], bulk: []};
  let timer: NodeJS.Timeout | undefined;

  function letGo(): void {
    clearTimeout(timer);
    timer = undefined;
    for (let queue = firstQueue(); queue !== undefined; queue = firstQueue()) {
      const ms = pace.leaveMs(now());
      if (ms > 0) {
        timer = setTimeout(letGo, ms);
        return;
      }
      pace.leave(now());
      queue.shift()?.();
    }
  }

  function firstQueue(): Array<() => void> | undefined {
    return [waiting.interactive, waiting.bulk].find(({length}) => length > 0);
  }

  return {
    leave(priority) {
      if (firstQueue() === undefined && pace.leaveMs(now()) === 0) {
        pace.leave(now());
        return undefined;
      }
      return new Promise(resolve => {
        waiting[priority].push(resolve);
        if (timer === undefined || priority === 'interactive') letGo();
      });
    },
  };
}
