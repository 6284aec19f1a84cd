import {toLocalTime} from './local-time.ts';

/** When campaigns may reach phones, by the clocks where the phones are. */
export interface SendingHours {
  /** Minutes after midnight, the first of them open. */
  from: number;
  /** Minutes after midnight, the first of them closed again. */
  to: number;
  /** 0 Sunday to 6 Saturday. */
  days: readonly number[];
  outside: 'expire' | 'wait';
  /** Instead of the zones a number can be in. */
  zones?: readonly string[] | undefined;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const longestWaitMs = 8 * dayMs;

/** How long until it is open in all of these zones at once: 0 when it is now; undefined when that never happens. */
export function toOpeningMs(now: number, zones: readonly string[], hours: SendingHours): number | undefined {
  let at = now;
  while (at - now <= longestWaitMs) {
    const waitMs = Math.max(0, ...zones.map(zone => toWaitMs(at, zone, hours)));
    if (waitMs === 0) return at - now;
    // Clocks may be put forward meanwhile: the last hour is counted by itself.
    at += waitMs > hourMs ? waitMs - hourMs : waitMs;
  }
  return undefined;
}

/** Never later than the next opening in this zone, but for a clock that is put forward within the hour. */
function toWaitMs(at: number, zone: string, {from, to, days}: SendingHours): number {
  const {weekday, minute} = toLocalTime(at, zone);
  const isOfToday = days.includes(weekday) && minute < to;
  if (isOfToday && minute >= from) return 0;
  const ahead = isOfToday ? 0 : [1, 2, 3, 4, 5, 6, 7].find(later => days.includes((weekday + later) % 7));
  if (ahead === undefined) return longestWaitMs + dayMs;
  return ahead * dayMs + (from - minute) * minuteMs - (at % minuteMs);
}
