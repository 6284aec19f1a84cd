/** When to try again: full jitter over an exponential, so that many failures of one moment do not come back as one. */
export interface RetryRules {
  baseMs: number;
  maxMs: number;
}

export const postRetry: RetryRules = {baseMs: 1000, maxMs: 60_000};
export const sendRetry: RetryRules = {baseMs: 500, maxMs: 60_000};

/** A far side may ask us to wait; not longer than this, or a hostile one could park us. */
export const maxRetryAfterMs = 300_000;

/** As an attempt: one at the slowest pace. */
export const slowestAttempt = 31;

/**
 * @param attempt tries so far, from 1
 * @param noise 0 to 1
 * @param retryAfterMs what the far side asked for: never earlier than that, within `maxRetryAfterMs`
 */
export function toRetryDelayMs(rules: RetryRules, attempt: number, noise: number, retryAfterMs = 0): number {
  const ceiling = Math.min(rules.maxMs, rules.baseMs * 2 ** Math.min(attempt - 1, 30));
  const jittered = Math.round(ceiling / 10 + noise * ceiling * 0.9);
  return Math.max(jittered, Math.min(retryAfterMs, maxRetryAfterMs));
}
