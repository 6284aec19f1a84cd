import type {Outcome} from '../../core/outcome.ts';
import type {CarrierContext, CarrierStatus} from '../carrier.ts';
import {createBreaker} from './breaker.ts';

export interface Account {
  /** How many creates may be in flight now. */
  window(): number;
  /** Counts the call as in flight and lets the breaker learn from its outcome. */
  run(call: () => Promise<Outcome>): Promise<Outcome>;
  /** No more calls; resolves when those in flight have their outcome. */
  stop(): Promise<void>;
  status(): CarrierStatus;
}

/** What one account may have in flight: its API concurrency, one while the breaker tries, none when it is open or stopped. */
export function createAccount(concurrency: number, context: CarrierContext): Account {
  const {name, now, log, events} = context;
  const breaker = createBreaker(context);
  const calls = new Set<Promise<Outcome>>();
  let stopped = false;
  let since = now();
  let lastState = breaker.state();
  let lastFailure = '';
  let timer: NodeJS.Timeout | undefined;

  function window() {
    if (stopped) return 0;
    const state = breaker.state();
    if (state === 'open') return 0;
    return state === 'half-open' ? 1 : concurrency;
  }

  function learn(outcome: Outcome) {
    const failed = isFailure(outcome);
    if (failed) lastFailure = outcome.reason.message;
    breaker.record(failed ? 'failed' : 'ok');
    const state = breaker.state();
    if (state === lastState) return;
    lastState = state;
    since = now();
    log.warn(`twilio.breaker_${state}`, {carrier: name, reason: state === 'open' ? lastFailure : undefined});
    if (state === 'open') wait();
    if (state === 'closed') events.ready();
  }

  /** Tells the relay when one call may be tried. */
  function wait() {
    clearTimeout(timer);
    const waitMs = breaker.waitMs();
    if (stopped || waitMs === undefined) return;
    timer = setTimeout(() => {
      if (breaker.state() === 'open') return wait();
      lastState = breaker.state();
      since = now();
      events.ready();
    }, waitMs);
    timer.unref();
  }

  return {
    window,
    async run(call) {
      const running = call();
      calls.add(running);
      try {
        const outcome = await running;
        learn(outcome);
        return outcome;
      } finally {
        calls.delete(running);
      }
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.allSettled(calls);
    },
    status() {
      const state = stopped ? 'stopped' : describe(breaker.state(), lastFailure);
      const size = window();
      return {name, type: 'twilio', state, since, usable: size > 0, window: {size, used: calls.size}, links: []};
    },
  };
}

/** Throttling and refusals are answers: they show that the account works. */
function isFailure(outcome: Outcome): outcome is Exclude<Outcome, {kind: 'taken'}> {
  if (outcome.kind === 'unknown') return true;
  return outcome.kind === 'unavailable' && outcome.scope === 'message' && outcome.detail?.twilioCode === undefined;
}

function describe(state: 'closed' | 'open' | 'half-open', lastFailure: string): string {
  switch (state) {
    case 'closed':
      return 'ready';
    case 'open':
      return `resting: ${lastFailure}`;
    case 'half-open':
      return 'trying again';
  }
}
