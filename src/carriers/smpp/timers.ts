/** When a bind tries again: the first time within a second, then doubling to a minute, with jitter so that several binds do not come as one. */
export interface ReconnectRules {
  firstMs: number;
  maxMs: number;
  /** Providers lock accounts that keep knocking with a wrong password. */
  refusedMs: number;
}

/**
 * @param failures tries in a row that did not end in a bind; 0 after a link that had been bound was lost
 * @param noise 0 to 1
 */
export function toReconnectDelayMs(rules: ReconnectRules, failures: number, noise: number): number {
  const ceiling = Math.min(rules.maxMs, rules.firstMs * 2 ** Math.min(failures, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * noise);
}

/** A wrong password is no reason to hurry, nor are several replicas to knock as one. */
export function toRefusedDelayMs(rules: ReconnectRules, noise: number): number {
  return Math.round(rules.refusedMs * (0.9 + 0.2 * noise));
}

/** An SMSC above this share of its capacity asks for less (congestion_state, SMPP 5.0 4.8.4.18). */
const congestedAbove = 80;

/** From here on it says that it is nearly full, and the account's pace is too fast for it; what is below is the load it likes best. */
const nearlyCongestedFrom = 90;
/** What is above is no load at all. */
const highestLoad = 100;

export function isNearlyCongested(congestion: number | undefined): boolean {
  return isLoad(congestion) && congestion >= nearlyCongestedFrom;
}

function isLoad(congestion: number | undefined): congestion is number {
  return congestion !== undefined && congestion <= highestLoad;
}

/** The window a bind allows itself: halved while the SMSC is congested, one more for each answer that says it is not. */
export function toAllowedWindow(allowed: number, configured: number, congestion: number | undefined): number {
  if (isLoad(congestion) && congestion > congestedAbove) return Math.max(1, Math.floor(allowed / 2));
  return Math.min(configured, allowed + 1);
}
