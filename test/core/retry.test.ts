import test from 'ava';
import {maxRetryAfterMs, postRetry, sendRetry, toRetryDelayMs} from '../../src/core/retry.ts';

const waits = test.macro<
  [rules: typeof postRetry, attempt: number, noise: number, retryAfterMs: number, expected: number]
>({
  exec(t, rules: typeof postRetry, attempt: number, noise: number, retryAfterMs: number, expected: number) {
    t.is(toRetryDelayMs(rules, attempt, noise, retryAfterMs), expected);
  },
  title: (_, rules, attempt, noise, retryAfterMs, expected) =>
    `waits ${expected} ms after try ${attempt} of base ${rules.baseMs} with dice ${noise} and Retry-After ${retryAfterMs}`,
});

test(waits, postRetry, 1, 0, 0, 100);
test(waits, postRetry, 1, 1, 0, 1000);
test(waits, postRetry, 2, 1, 0, 2000);
test(waits, postRetry, 3, 0.5, 0, 2200);
test(waits, postRetry, 7, 1, 0, 60_000);
test(waits, postRetry, 5000, 1, 0, 60_000);
test(waits, sendRetry, 1, 1, 0, 500);
test(waits, sendRetry, 1, 0, 30_000, 30_000);
test(waits, sendRetry, 8, 1, 1000, 60_000);
test(waits, sendRetry, 1, 0, 86_400_000, maxRetryAfterMs);
