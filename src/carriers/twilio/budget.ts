const minuteMs = 60_000;

/** So many questions a minute, the first of them at once: after an outage of ours thousands of texts may want to be asked about. */
export function createBudget(perMinute: number): {spend(now: number): boolean} {
  let minute = Number.NEGATIVE_INFINITY;
  let spent = 0;
  return {
    spend(now) {
      if (Math.floor(now / minuteMs) !== minute) {
        minute = Math.floor(now / minuteMs);
        spent = 0;
      }
      if (spent >= perMinute) return false;
      spent += 1;
      return true;
    },
  };
}
