/**
 * The same clock, which never goes back: what a correction takes away it takes as never having been, so that nothing waits until a time comes again.
 * For what lies between two moments of one process, never for a time that is told or stored.
 */
export function createSteadyClock(now: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  let ahead = 0;
  return () => {
    const at = now();
    if (at < last) ahead += last - at;
    last = at;
    return at + ahead;
  };
}
