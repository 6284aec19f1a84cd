/** What clocks show in a zone. The zone's rules are those Node's ICU has. */
export interface LocalTime {
  /** `2026-03-29` */
  day: string;
  /** 0 Sunday to 6 Saturday. */
  weekday: number;
  /** Whole minutes since midnight. */
  minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** @param zone an IANA name, checked when the configuration was read */
export function toLocalTime(at: number, zone: string): LocalTime {
  const parts = new Map(
    toFormatter(zone)
      .formatToParts(at)
      .map(({type, value}) => [type, value]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    weekday: weekdays.indexOf(part('weekday')),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

export function isTimeZone(name: string): boolean {
  if (!/^(UTC|[A-Za-z_]+\/[\w+/-]+)$/.test(name)) return false;
  try {
    toFormatter(name);
    return true;
  } catch {
    return false;
  }
}

function toFormatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}
