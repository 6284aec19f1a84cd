import type {Log} from './core/log.ts';

export interface Life {
  /** Starts a part, and remembers how to stop it. */
  start<T>(start: () => Promise<T>, stop: () => Promise<void>): Promise<T>;
  /** A part that runs already. */
  started(stop: () => Promise<void>): void;
  /** Stops all parts, the last one first; one that fails does not keep the others running. Never rejects. */
  stop(): Promise<void>;
}

/** Start in order, stop in reverse. */
export function createLife(log: Log): Life {
  const stops: Array<() => Promise<void>> = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (const stop of stops.reverse()) {
      try {
        await stop();
      } catch (error) {
        log.error('gateway.stop_failed', {why: String(error)});
      }
    }
    log.info('gateway.stopped');
  }

  return {
    async start(start, stop) {
      stops.push(stop);
      return start();
    },
    started(stop) {
      stops.push(stop);
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
