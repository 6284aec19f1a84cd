import test from 'ava';
import {formatDuration, parseDuration} from '../../src/core/duration.ts';

const reads = test.macro({
  exec: (t, text: string, ms: number | undefined) => t.is(parseDuration(text), ms),
  title: (_, text, ms) => `reads ${JSON.stringify(text)} as ${ms ?? 'no duration'}`,
});

test(reads, '500ms', 500);
test(reads, '30s', 30_000);
test(reads, '5m', 300_000);
test(reads, '4h', 14_400_000);
test(reads, '30d', 2_592_000_000);
test(reads, '30', undefined);
test(reads, '-1s', undefined);
test(reads, '1.5h', undefined);

const says = test.macro({
  exec: (t, ms: number, text: string) => t.is(formatDuration(ms), text),
  title: (_, ms, text) => `says ${ms} ms as ${text}`,
});

test(says, 12, '12 ms');
test(says, 1234, '1.2 s');
test(says, 125_000, '2 min 5 s');
test(says, 7_500_000, '2 h 5 min');
