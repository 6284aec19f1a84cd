/** What one call to the account tells about it: `ok` is any answer of Twilio's own, also a refusal or a 429. */
export type CallResult = 'ok' | 'failed';

export interface Breaker {
  /** `open`: no call; `half-open`: one, to try; `closed`: as many as may be. */
  state(): 'closed' | 'open' | 'half-open';
  record(result: CallResult): void;
  /** How long until it is half-open; undefined unless it is open. */
  waitMs(): number | undefined;
}

export interface BreakerOptions {
  now(): number;
  /** 0 to 1. */
  noise(): number;
}

/** It opens by rate and by count, so that one lost answer in a quiet hour stops nobody. */
const rules = {remembered: 20, failures: 5, share: 0.5, firstOpenMs: 5000, longestOpenMs: 60_000};

/** Keeps a dead account from being called over and over; throttling never opens it. */
export function createBreaker({now, noise}: BreakerOptions): Breaker {
  let results: CallResult[] = [];
  let openUntil: number | undefined;
  let openings = 0;

  function state() {
    if (openUntil === undefined) return 'closed';
    return now() < openUntil ? 'open' : 'half-open';
  }

  function open() {
    const longest = Math.min(rules.firstOpenMs * 2 ** openings, rules.longestOpenMs);
    openings += 1;
    openUntil = now() + Math.round(longest * (0.5 + noise() / 2));
    results = [];
  }

  return {
    state,
    record(result) {
      if (state() === 'open') return;
      if (state() === 'half-open') {
        if (result === 'failed') return open();
        openUntil = undefined;
        openings = 0;
        return;
      }
      results = [...results.slice(1 - rules.remembered), result];
      const failures = results.filter(one => one === 'failed').length;
      if (failures >= rules.failures && failures >= results.length * rules.share) open();
    },
    waitMs() {
      return state() === 'open' && openUntil !== undefined ? openUntil - now() : undefined;
    },
  };
}
