import test from 'ava';
import {decideSend} from '../../src/core/decide.ts';
import {maxRetryAfterMs, sendRetry, slowestAttempt, toRetryDelayMs} from '../../src/core/retry.ts';
import {earnRetries, fullBudget, retryBudgetRules, spendRetry} from '../../src/core/retry-budget.ts';

test('a full budget gives so many retries at once, then one a second', t => {
  let budget = fullBudget;
  let granted = 0;
  for (let count = 0; count < 100; count += 1) {
    const spent = spendRetry(budget, 1000);
    budget = spent.budget;
    if (!spent.isOver) granted += 1;
  }
  t.is(granted, retryBudgetRules.most);
  t.true(spendRetry(budget, 1999).isOver);
  const later = spendRetry(budget, 2000);
  t.false(later.isOver);
  t.true(spendRetry(later.budget, 2000).isOver);
});

test('five texts that were taken pay for one retry, and nobody saves more than the most', t => {
  let budget = {tokens: 0, at: 5000};
  for (let count = 0; count < 4; count += 1) budget = earnRetries(budget, 5000);
  t.true(spendRetry(budget, 5000).isOver);
  t.false(spendRetry(earnRetries(budget, 5000), 5000).isOver);
  t.is(earnRetries(fullBudget, 5000).tokens, retryBudgetRules.most);
});

test('a clock that is put back takes nothing away', t => {
  t.is(spendRetry({tokens: 3, at: 9000}, 1000).budget.tokens, 2);
});

test('above the budget a retry comes at the slowest pace, with full jitter', t => {
  const outcome = {kind: 'unavailable', scope: 'message', reason: {code: 'ServerError', message: 'no'}} as const;
  const decide = (noise: number, isOverBudget: boolean) =>
    decideSend({outcome, attempt: 1, leftMs: 3_600_000, noise, canFailOver: false, isOverBudget});
  t.like(decide(0, false), {dueInMs: 50});
  t.like(decide(1, false), {dueInMs: 500});
  t.like(decide(0, true), {dueInMs: 6000});
  t.like(decide(1, true), {dueInMs: 60_000});
});

test('what a far side asks for is clamped at every pace', t => {
  t.is(toRetryDelayMs(sendRetry, 1, 0, 86_400_000), maxRetryAfterMs);
  t.is(toRetryDelayMs(sendRetry, slowestAttempt, 1, 86_400_000), maxRetryAfterMs);
});

test('a destination down for six hours gets no storm of retries, neither meanwhile nor when it returns', t => {
  const texts = 500;
  const hourMs = 3_600_000;
  let budget = fullBudget;
  let seed = 7;
  const dice = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const outcome = {kind: 'unavailable', scope: 'message', reason: {code: 'ServerError', message: 'down'}} as const;
  const dueAt = Array.from({length: texts}, () => 0);
  const attempts = Array.from({length: texts}, () => 0);
  const perSecond = new Map<number, number>();
  for (let now = 0; now < 6 * hourMs; now += 1000) {
    for (let index = 0; index < texts; index += 1) {
      if ((dueAt[index] ?? 0) > now) continue;
      perSecond.set(now, (perSecond.get(now) ?? 0) + 1);
      const {budget: left, isOver} = spendRetry(budget, now);
      budget = left;
      attempts[index] = (attempts[index] ?? 0) + 1;
      const attempt = attempts[index] ?? 1;
      const decision = decideSend({
        outcome,
        attempt,
        leftMs: 9 * hourMs,
        noise: dice(),
        canFailOver: false,
        isOverBudget: isOver,
      });
      dueAt[index] = now + (decision.to === 'retry' ? decision.dueInMs : 0);
    }
  }
  const after = [...perSecond].filter(([second]) => second > 120_000).map(([, tries]) => tries);
  t.true(Math.max(...after) < texts / 10, `at most ${Math.max(...after)} of ${texts} in one second`);
});
