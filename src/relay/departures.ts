import type {Priority} from '../core/message.ts';
import type {Pace} from '../core/pace.ts';
import {bulkFloor} from './pump.ts';

/**
 * The moment at which the bytes of what was taken on leave: interactive texts before all others, but for the floor of bulk; those of one class in
 * their order.
 */
export interface Departures {
  /** Undefined: it has left. */
  leave(priority: Priority): Promise<void> | undefined;
  /** Nobody waits any more: who comes now is not taken by the carrier. */
  stop(): void;
}

const mostAhead = 1 / bulkFloor - 1;

export function createDepartures(pace: Pace, now: () => number): Departures {
  const waiting: Readonly<Record<Priority, Array<() => void>>> = {interactive: [], bulk: []};
  /** Interactive texts that left while bulk ones waited, since the last of those left. */
  let ahead = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function letGo(): void {
    clearTimeout(timer);
    timer = undefined;
    for (let next = nextClass(); next !== undefined; next = nextClass()) {
      const ms = pace.leaveMs(now());
      if (ms > 0) {
        timer = setTimeout(letGo, ms);
        return;
      }
      pace.leave(now());
      ahead = next === 'interactive' && waiting.bulk.length > 0 ? ahead + 1 : 0;
      waiting[next].shift()?.();
    }
  }

  function nextClass(): Priority | undefined {
    const {interactive, bulk} = waiting;
    if (bulk.length > 0 && (interactive.length === 0 || ahead >= mostAhead)) return 'bulk';
    return interactive.length > 0 ? 'interactive' : undefined;
  }

  return {
    leave(priority) {
      if (stopped) return undefined;
      if (nextClass() === undefined && pace.leaveMs(now()) === 0) {
        pace.leave(now());
        return undefined;
      }
      return new Promise(resolve => {
        waiting[priority].push(resolve);
        if (timer === undefined || priority === 'interactive') letGo();
      });
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const resolve of [...waiting.interactive.splice(0), ...waiting.bulk.splice(0)]) resolve();
    },
  };
}
