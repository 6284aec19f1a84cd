import {isCredentialsRefusal} from '../status.ts';
import {type ReconnectRules, toReconnectDelayMs, toRefusedDelayMs} from '../timers.ts';
import type {End} from './session-options.ts';

export interface Host {
  host: string;
  port: number;
}

/** When a bind tries again after its session ended, and at which host of its account. */
export interface Comeback {
  /** Of the next try. */
  host(): Host | undefined;
  /** Ms to wait. @param boundMs how long the session had been bound, 0 when it never was */
  toDelayMs(end: Pick<End, 'refusal'> & {wasMute: boolean}, boundMs: number): number;
}

export interface ComebackOptions {
  /** In order of preference. */
  hosts: readonly Host[];
  /** As they are at present. */
  rules(): ReconnectRules;
  noise(): number;
}

/** Longest pause before the next host of the list. */
const nextHostMs = 100;

/** An SMSC that takes a bind and drops it at once, or answers none of its submissions, serves nobody: it is a try that failed. The next bind has as long to come. */
const leastBoundMs = 10_000;

export function createComeback({hosts, rules, noise}: ComebackOptions): Comeback {
  let hostIndex = 0;
  let failures = 0;

  return {
    host: () => hosts[hostIndex % hosts.length],
    toDelayMs({refusal, wasMute}, boundMs) {
      if (boundMs >= leastBoundMs && !wasMute) {
        // The loss itself is one round: should no host answer now, the next wait is a longer one.
        failures = hosts.length;
        return toReconnectDelayMs(rules(), 0, noise());
      }
      hostIndex += 1;
      failures += 1;
      if (refusal !== undefined && isCredentialsRefusal(refusal)) return toRefusedDelayMs(rules(), noise());
      // Another host of the account is asked at once; once all have failed, the wait grows.
      if (failures % hosts.length !== 0) return Math.round(noise() * nextHostMs);
      const {maxMs, ...others} = rules();
      const longestMs = boundMs > 0 ? Math.min(maxMs, leastBoundMs) : maxMs;
      return toReconnectDelayMs({...others, maxMs: longestMs}, failures / hosts.length - 1, noise());
    },
  };
}
