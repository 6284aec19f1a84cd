/** Submissions of the last whole second, in steps of 100 ms. */
export interface Rate {
  add(): void;
  perSecond(): number;
}

const stepMs = 100;
const steps = 10;

export function createRate(): Rate {
  const counts = new Map<number, number>();

  function forget(now: number): void {
    for (const step of counts.keys()) {
      if (step >= now - steps) return;
      counts.delete(step);
    }
  }

  return {
    add() {
      const now = toStep();
      forget(now);
      counts.set(now, (counts.get(now) ?? 0) + 1);
    },
    perSecond() {
      const now = toStep();
      forget(now);
      let sum = 0;
      for (const [step, count] of counts) if (step < now) sum += count;
      return sum;
    },
  };
}

function toStep(): number {
  return Math.floor(performance.now() / stepMs);
}
