import test from 'ava';
import {readTime} from '../../src/core/point-in-time.ts';

const reads = test.macro({
  exec(t, given: number | string, iso: string | undefined) {
    const at = readTime(given);
    t.is(at === undefined ? undefined : new Date(at).toISOString(), iso);
  },
  title: (_, given, iso) => `reads ${JSON.stringify(given)} as ${iso ?? 'no time'}`,
});

test(reads, '2026-11-20', '2026-11-20T00:00:00.000Z');
test(reads, '2026-11-20T22:10', '2026-11-20T22:10:00.000Z');
test(reads, ' 2026-11-20 22:10:05 ', '2026-11-20T22:10:05.000Z');
test(reads, '2026-11-20T22:10:05.123Z', '2026-11-20T22:10:05.123Z');
test(reads, '2026-11-20T22:10:00+01:00', '2026-11-20T21:10:00.000Z');
test(reads, '2028-02-29', '2028-02-29T00:00:00.000Z');
test(reads, 1_795_212_600_000, '2026-11-20T22:10:00.000Z');
test(reads, '1795212600000', '2026-11-20T22:10:00.000Z');
test(reads, 1_795_212_600, undefined);
test(reads, '1795212600', undefined);
test(reads, '2026-11-31', undefined);
test(reads, '2026-02-29T10:00Z', undefined);
test(reads, '2026-11-20T25:00Z', undefined);
test(reads, '2026', undefined);
test(reads, '10', undefined);
test(reads, 'last 12', undefined);
test(reads, 'now-1', undefined);
test(reads, '11/12/2026', undefined);
test(reads, '11.12.2026', undefined);
test(reads, '2026-11-20T22:10:00 01:00', undefined);
test(reads, '1969-01-01', undefined);
test(reads, '', undefined);
test(reads, Number.NaN, undefined);
