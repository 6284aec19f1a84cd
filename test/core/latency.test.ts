import test from 'ava';
import {latencyLimitsMs, toPercentileMs} from '../../src/core/latency.ts';

const tells = test.macro({
  exec(t, counted: Readonly<Record<number, number>>, share: number, ms: number | undefined) {
    const counts = latencyLimitsMs.map(limit => counted[limit] ?? 0);
    t.is(toPercentileMs(counts, share), ms);
  },
  title: (_, counted, share, ms) => `of ${JSON.stringify(counted)} a share of ${share} stays below ${ms} ms`,
});

test(tells, {}, 0.5, undefined);
test(tells, {500: 10}, 0.5, 250);
test(tells, {500: 10}, 1, 500);
test(tells, {1000: 10}, 0.5, 750);
test(tells, {500: 9, 10000: 1}, 0.5, (5 / 9) * 500);
test(tells, {500: 9, 10000: 1}, 0.95, 8750);
test(tells, {Infinity: 3}, 0.5, 86_400_000);
