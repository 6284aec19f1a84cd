/** Each text has a phone of its own: `1415` and seven digits, counted from 0. */
const base = 14_150_000_000;

export interface LedgerOptions<Step extends string> {
  /** The first text's number, and how many there may be. */
  first: number;
  count: number;
  /** What can happen to a text. */
  steps: readonly Step[];
}

/** What happened to each text, how often. */
export interface Ledger<Step extends string> {
  /** Undefined: not one of its texts. Else the text's number. */
  mark(step: Step, phone: string): number | undefined;
  /** How many texts have met it. */
  seen(step: Step): number;
  /** How often it was met by any. */
  total(step: Step): number;
  /** Throws when one of these texts met each step another number of times than it should. */
  check(isRight: (times: Readonly<Record<Step, number>>, number: number) => boolean, count?: number): void;
}

export function toPhone(number: number): string {
  return String(base + number);
}

export function createLedger<Step extends string>({first, count, steps}: LedgerOptions<Step>): Ledger<Step> {
  const times = new Map(steps.map(step => [step, new Uint8Array(count)]));
  const seen = new Map(steps.map(step => [step, 0]));
  const total = new Map(steps.map(step => [step, 0]));

  function timesOf(index: number): Record<Step, number> {
    return Object.fromEntries(steps.map(step => [step, times.get(step)?.[index] ?? 0])) as Record<Step, number>;
  }

  return {
    mark(step, phone) {
      const index = Number(phone.replace(/^\+/, '')) - base - first;
      const marks = times.get(step);
      if (marks === undefined || !(index >= 0 && index < count)) return undefined;
      if (marks[index] === 0) seen.set(step, (seen.get(step) ?? 0) + 1);
      total.set(step, (total.get(step) ?? 0) + 1);
      marks[index] = Math.min(255, (marks[index] ?? 0) + 1);
      return first + index;
    },
    seen: step => seen.get(step) ?? 0,
    total: step => total.get(step) ?? 0,
    check(isRight, upTo = count) {
      const wrong = new Map<string, number>();
      for (let index = 0; index < upTo; index += 1) {
        const found = timesOf(index);
        if (isRight(found, first + index)) continue;
        const key = JSON.stringify(found);
        wrong.set(key, (wrong.get(key) ?? 0) + 1);
      }
      if (wrong.size === 0) return;
      const told = [...wrong].map(([found, texts]) => `${texts} texts: ${found}`).join('; ');
      throw new Error(`Texts were lost or doubled, so this run is no number. How often each step was seen: ${told}`);
    },
  };
}

/** Resolves when so many have come; rejects when none came for a minute. */
export async function untilSeen(seen: () => number, wanted: number, what: string, patienceMs = 60_000): Promise<void> {
  let last = seen();
  let movedAt = performance.now();
  while (seen() < wanted) {
    await new Promise(resolve => setTimeout(resolve, 5));
    if (seen() !== last) {
      last = seen();
      movedAt = performance.now();
    }
    if (performance.now() - movedAt > patienceMs)
      throw new Error(`Only ${seen()} of ${wanted} ${what}, and no more for ${patienceMs / 1000} s.`);
  }
}
