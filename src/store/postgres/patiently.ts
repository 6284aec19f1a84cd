import type {Log} from '../../core/log.ts';
import {StoreUnavailable} from '../../core/store-unavailable.ts';

const againMs = 1000;
const tries = 30;

/** Tries again while the server is away, for half a minute. */
export async function patiently<Result>(log: Log, attempt: () => Promise<Result>): Promise<Result> {
  for (let left = tries; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || left <= 0) throw error;
      log.warn('store.waits', {why: error.message});
      await new Promise(resolve => setTimeout(resolve, againMs));
    }
  }
}
