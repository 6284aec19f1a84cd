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
}

const mostAhead = 1 / bulkFloor - 1;

export function createDepartures(pace: Pace, now: () => number): Departures {
  const waiting: Readonly<Record<Priority, Array<() => void>>> = {interactive: [], bulk: []};
  /** Interactive texts that left while bulk ones waited, since the last of those left. */
  let ahead = 0;
  let timer: NodeJS.Timeout | undefined;

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
      if (nextClass() === undefined && pace.leaveMs(now()) === 0) {
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
