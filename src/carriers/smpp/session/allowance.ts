import {toAllowedWindow} from '../timers.ts';

/** How many submissions a bind may have in flight: the setting of the moment, or less while the SMSC says that it is congested. */
export interface Allowance {
  current(): number;
  /** @param congestion what the SMSC said with an answer */
  learn(congestion: number | undefined): void;
}

export function createAllowance(configured: () => number): Allowance {
  let most = configured();
  let allowed = most;

  function current(): number {
    const window = configured();
    if (window !== most) allowed = window;
    most = window;
    return allowed;
  }

  return {
    current,
    learn(congestion) {
      allowed = toAllowedWindow(current(), most, congestion);
    },
  };
}
