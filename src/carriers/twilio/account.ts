import type {Outcome} from '../../core/outcome.ts';
import type {CarrierContext, CarrierStatus} from '../carrier.ts';

export interface Account {
  /** How many creates may be in flight now. */
  window(): number;
  /** Counts the call as in flight. */
  run(call: () => Promise<Outcome>): Promise<Outcome>;
  /** No more calls; resolves when those in flight have their outcome. */
  stop(): Promise<void>;
  status(): CarrierStatus;
}

/** What one account may have in flight: its API concurrency, none when it is stopped. Whether it answers at all the relay watches. */
export function createAccount(concurrency: number, {name, now}: Pick<CarrierContext, 'name' | 'now'>): Account {
  const calls = new Set<Promise<Outcome>>();
  const since = now();
  let stopped = false;

  const window = () => (stopped ? 0 : concurrency);

  return {
    window,
    async run(call) {
      const running = call();
      calls.add(running);
      try {
        return await running;
      } finally {
        calls.delete(running);
      }
    },
    async stop() {
      stopped = true;
      await Promise.allSettled(calls);
    },
    status() {
      const size = window();
      const state = stopped ? 'stopped' : 'ready';
      return {name, type: 'twilio', state, since, usable: size > 0, window: {size, used: calls.size}, links: []};
    },
  };
}
