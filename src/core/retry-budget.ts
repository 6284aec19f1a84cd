/**
 * How many retries one destination gets soon: some at once, a few a second, and more the more it takes. What is above that comes at the slowest pace
 * retries have, so that a backlog that fails does not become a storm when the destination returns.
 */
export interface RetryBudget {
  tokens: number;
  /** When they were counted, Unix ms. */
  at: number;
}

export const retryBudgetRules = {most: 50, perSecond: 1, perTaken: 0.2} as const;

export const fullBudget: RetryBudget = {tokens: retryBudgetRules.most, at: 0};

/** After a try that was taken. */
export function earnRetries(budget: RetryBudget, now: number): RetryBudget {
  const {tokens} = refill(budget, now);
  return {tokens: Math.min(retryBudgetRules.most, tokens + retryBudgetRules.perTaken), at: now};
}

/** One retry more; `isOver`: it has to be a slow one. */
export function spendRetry(budget: RetryBudget, now: number): {budget: RetryBudget; isOver: boolean} {
  const filled = refill(budget, now);
  if (filled.tokens < 1) return {budget: filled, isOver: true};
  return {budget: {...filled, tokens: filled.tokens - 1}, isOver: false};
}

/** A clock that is put back takes nothing away. */
function refill({tokens, at}: RetryBudget, now: number): RetryBudget {
  const {most, perSecond} = retryBudgetRules;
  return {tokens: Math.min(most, tokens + (Math.max(0, now - at) / 1000) * perSecond), at: now};
}
