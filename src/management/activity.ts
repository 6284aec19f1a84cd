import type {Outcome} from '../core/outcome.ts';

/** What is counted by the minute: what became of texts, and how each carrier answered. */
export type Counted = (typeof countedKinds)[number] | `${Outcome['kind']} by ${string}`;

export const countedKinds = ['accepted', 'sent', 'delivered', 'failed'] as const;

/** What this process did in the last hour, by the minute: for people to look at, gone with the process. */
export interface Activity {
  add(what: Counted): void;
  /** Sixty counts, the present minute last. */
  perMinute(what: Counted): number[];
  lastHour(what: Counted): number;
}

const minutes = 60;

export function createActivity(now: () => number): Activity {
  const rings = new Map<Counted, Uint32Array>();
  let current = toMinute();

  function toMinute(): number {
    return Math.floor(now() / 60_000);
  }

  /** Minutes in which nothing happened are emptied when the next thing does. */
  function advance(): void {
    const minute = toMinute();
    const passed = Math.min(minutes, minute - current);
    for (let step = 1; step <= passed; step += 1) {
      for (const ring of rings.values()) ring[(current + step) % minutes] = 0;
    }
    if (passed > 0) current = minute;
  }

  function perMinute(what: Counted): number[] {
    advance();
    const ring = rings.get(what);
    return Array.from({length: minutes}, (_, index) => ring?.[(current + 1 + index) % minutes] ?? 0);
  }

  return {
    perMinute,
    lastHour: what => perMinute(what).reduce((sum, count) => sum + count, 0),
    add(what) {
      advance();
      const ring = rings.get(what) ?? new Uint32Array(minutes);
      ring[current % minutes] = (ring[current % minutes] ?? 0) + 1;
      rings.set(what, ring);
    },
  };
}
