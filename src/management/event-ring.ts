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
  let next = 0;

  function remember(code: string, level: 'warn' | 'error', fields: LogFields = {}): void {
    const severity = findInCatalogue(code)?.severity ?? (level === 'error' ? 'critical' : 'warning');
    const event = {at: now(), code, severity, fields: toSafeFields(fields)};
    ring[next] = event;
    next = (next + 1) % size;
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
    recent({severity, code} = {}) {
      const newestFirst = [...ring.slice(0, next).reverse(), ...ring.slice(next).reverse()];
      return newestFirst.filter(
        event => (severity ?? event.severity) === event.severity && (code ?? event.code) === event.code,
      );
    },
    counts: () =>
      [...counts.values()].sort(
        (one, other) => order.indexOf(one.severity) - order.indexOf(other.severity) || other.lastAt - one.lastAt,
      ),
  };
}
