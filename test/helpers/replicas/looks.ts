import {clock} from '../crash/clock.ts';

/** When this process last looked at its sockets, and when before that. */
export interface Looks {
  /** How much earlier than now (ms, at most) what is read now may have come: what was there at the look before has been read then. */
  lateMs(): number;
  end(): void;
}

const everyMs = 2;

export function startLooks(): Looks {
  let [before, last] = [clock(), clock()];
  const timer = setInterval(() => {
    [before, last] = [last, clock()];
  }, everyMs);
  return {lateMs: () => clock() - before, end: () => clearInterval(timer)};
}
