/** Response times of the last so many answers. */
export interface Latencies {
  add(ms: number): void;
  /** Undefined before the first answer. */
  percentiles(): {p50: number; p95: number; p99: number} | undefined;
}

export function createLatencies(capacity = 500): Latencies {
  const ring = new Float64Array(capacity);
  let count = 0;

  return {
    add(ms) {
      ring[count % capacity] = ms;
      count += 1;
    },
    percentiles() {
      const sorted = ring.slice(0, Math.min(count, capacity)).sort();
      if (sorted.length === 0) return undefined;
      return {p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99)};
    },
  };
}

function at(sorted: Float64Array, share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 10) / 10;
}
