const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Clocks differ: not the first second of the new day. */
const slackMs = 60_000;

/** 63038 counts the account's last 24 hours, which nobody sees from outside, and a refused create costs nothing: one is tried each hour. */
const rollingCaps: readonly number[] = [63038];

/** How long a sender that has sent enough for today waits: the caps of US networks begin anew at midnight, Pacific time. */
export function toCapMs(code: number, now: number): number {
  return rollingCaps.includes(code) ? hourMs : toMidnightMs(now) + slackMs;
}

const pacific = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

function toMidnightMs(now: number): number {
  const leftMs = dayMs - toTimeOfDayMs(now);
  // Twice a year the day is an hour longer or shorter.
  const missedByMs = toTimeOfDayMs(now + leftMs);
  return leftMs + (missedByMs > dayMs / 2 ? dayMs - missedByMs : -missedByMs);
}

function toTimeOfDayMs(at: number): number {
  const parts = new Map(pacific.formatToParts(at).map(({type, value}) => [type, Number(value)]));
  const seconds = (parts.get('hour') ?? 0) * 3600 + (parts.get('minute') ?? 0) * 60 + (parts.get('second') ?? 0);
  return seconds * 1000;
}
