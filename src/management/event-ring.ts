import {findInCatalogue} from '../core/events-catalogue.ts';
import type {Log, LogFields} from '../core/log.ts';
import type {Severity} from '../core/operational-event.ts';

/** One line of the log of level warn or error, as this process wrote it. */
export interface RecentEvent {
  at: number;
  code: string;
  severity: Severity;
  /** Safe to show: masked as in the log. */
  fields: LogFields;
}

export interface EventCount {
  code: string;
  severity: Severity;
  count: number;
  lastAt: number;
}

export interface EventRing {
  /** The same log; its warnings and errors are remembered. */
  watch(log: Log): Log;
  /** Newest first. */
  recent(filter?: {severity?: Severity; code?: string}): RecentEvent[];
  /** Since the process began, the most severe first. */
  counts(): EventCount[];
}

const size = 500;
/** Codes are a closed list; should one not be, memory is. */
const mostCodes = 300;
const order: readonly Severity[] = ['critical', 'warning', 'notice'];

export interface EventRingOptions {
  now(): number;
  /** Masks phones and hides secrets, as the log does. */
  toSafeFields(fields: LogFields): LogFields;
  /** Told of each event as it is remembered. */
  onEvent?(event: RecentEvent): void;
}

/** What happened lately, bounded: the log has it all. */
export function createEventRing({now, toSafeFields, onEvent}: EventRingOptions): EventRing {
  const ring: RecentEvent[] = [];
  const counts = new Map<string, EventCount>();

  /** How many of each code are in it. */
  const held = new Map<string, number>();

  function count(code: string, change: number): void {
    const ofThis = (held.get(code) ?? 0) + change;
    if (ofThis === 0) held.delete(code);
    else held.set(code, ofThis);
  }

  /** The oldest of what there is most of goes: refused calls, of which anybody can make any number, leave what else is wrong to be seen. */
  function makeRoom(): void {
    if (ring.length < size) return;
    let most = '';
    for (const [code, times] of held) if (times > (held.get(most) ?? 0)) most = code;
    const oldest = ring.findIndex(({code}) => code === most);
    ring.splice(oldest, 1);
    count(most, -1);
  }

  function remember(code: string, level: 'warn' | 'error', fields: LogFields = {}): void {
    const severity = findInCatalogue(code)?.severity ?? (level === 'error' ? 'critical' : 'warning');
    const event = {at: now(), code, severity, fields: toSafeFields(fields)};
    makeRoom();
    ring.push(event);
    count(code, 1);
    const known = counts.get(code);
    if (known !== undefined || counts.size < mostCodes) {
      counts.set(code, {code, severity, count: (known?.count ?? 0) + 1, lastAt: event.at});
    }
    onEvent?.(event);
  }

  return {
    watch: log => ({
      ...log,
      warn: (code, fields) => {
        log.warn(code, fields);
        remember(code, 'warn', fields);
      },
      error: (code, fields) => {
        log.error(code, fields);
        remember(code, 'error', fields);
      },
    }),
    recent: ({severity, code} = {}) =>
      ring
        .toReversed()
        .filter(event => (severity ?? event.severity) === event.severity && (code ?? event.code) === event.code),
    counts: () =>
      [...counts.values()].sort(
        (one, other) => order.indexOf(one.severity) - order.indexOf(other.severity) || other.lastAt - one.lastAt,
      ),
  };
}
