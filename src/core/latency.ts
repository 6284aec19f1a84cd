/** How long deliveries took is kept as counts below these limits, ms; the last has no end. */
export const latencyLimitsMs: readonly number[] = [
  500,
  1000,
  2000,
  3000,
  5000,
  7500,
  10_000,
  15_000,
  30_000,
  60_000,
  120_000,
  300_000,
  900_000,
  3_600_000,
  14_400_000,
  86_400_000,
  Number.POSITIVE_INFINITY,
];

/** The value `share` (0 to 1) of them stay below, as near as the limits tell; undefined when there are none. */
export function toPercentileMs(counts: readonly number[], share: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && below + count >= share * total) {
      const from = latencyLimitsMs[index - 1] ?? 0;
      const to = latencyLimitsMs[index] ?? Number.POSITIVE_INFINITY;
      return Number.isFinite(to) ? from + ((share * total - below) / count) * (to - from) : from;
    }
    below += count;
  }
  return undefined;
}
