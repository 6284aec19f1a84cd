export type Counted = 'accepted' | 'sent' | 'delivered' | 'failed';

export const countedKinds: readonly Counted[] = ['accepted', 'sent', 'delivered', 'failed'];

/** What this process did in the last hour, by the minute: for people to look at, gone with the process. */
export interface Activity {
  add(what: Counted): void;
  /** Sixty counts, the present minute last. */
  perMinute(what: Counted): number[];
}

const minutes = 60;

export function createActivity(now: () => number): Activity {
  const rings = new Map(countedKinds.map(kind => [kind, new Uint32Array(minutes)]));
  let current = toMinute();

  function toMinute(): number {
    return Math.floor(now() / 60_000);
  }

  /** Minutes in which nothing happened are emptied when the next thing does. */
  function advance(): void {
    const minute = toMinute();
    const passed = Math.min(minutes, minute - current);
    for (let step = 1; step <= passed; step += 1)
      for (const ring of rings.values()) ring[(current + step) % minutes] = 0;
    if (passed > 0) current = minute;
  }

  return {
    add(what) {
      advance();
      const ring = rings.get(what);
      if (ring !== undefined) ring[current % minutes] = (ring[current % minutes] ?? 0) + 1;
    },
    perMinute(what) {
      advance();
      const ring = rings.get(what);
      return Array.from({length: minutes}, (_, index) => ring?.[(current + 1 + index) % minutes] ?? 0);
    },
  };
}
