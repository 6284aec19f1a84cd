import type {Log} from '../core/log.ts';

export interface Rounds {
  /** Runs `task` at once and then `ms` after it ended, until stopped; a failed round is logged and the next one comes all the same. */
  every(ms: number, name: string, task: () => Promise<void>): void;
  /** A round of many steps ends with the one it is at. */
  isStopping(): boolean;
  /** No new round; waits for those under way. */
  stop(): Promise<void>;
}

export function createRounds(log: Log): Rounds {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  function every(ms: number, name: string, task: () => Promise<void>): void {
    const round = task()
      .catch(error => log.error('upkeep.failed', {task: name, why: String(error)}))
      .finally(() => {
        running.delete(round);
        if (!stopped)
          timers.set(
            name,
            setTimeout(() => every(ms, name, task), ms),
          );
      });
    running.add(round);
  }

  return {
    every,
    isStopping: () => stopped,
    async stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
