import {StoreUnavailable} from '../core/store-unavailable.ts';

/** Less than Prometheus waits by itself (10 s), and much less than a connection of which nothing is heard any more. */
export const patienceMs = 5000;

/** What can't be told in this time counts as a store that does not answer: whoever looks after us is told so, and not kept waiting. */
export async function inTime<T>(asked: Promise<T>, ms: number): Promise<T> {
  const {promise: late, reject} = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new StoreUnavailable(`it has not answered for ${ms / 1000} s`)), ms);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
