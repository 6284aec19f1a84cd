import test from 'ava';
import type {B3} from '../../../src/core/tracer.ts';
import {readB3, toB3Headers} from '../../../src/platforms/nexus/b3.ts';

const reads = test.macro({
  exec(t, headers: Record<string, string>, b3: B3) {
    t.deepEqual(readB3(headers), b3);
  },
  title: (_, headers: Record<string, string>) => `reads ${JSON.stringify(headers)}`,
});

const spanId = 'a2fb4a1d1a96d312';

test(reads, {}, {});
test(reads, {'x-b3-spanid': spanId, 'x-b3-sampled': '1'}, {spanId, sampled: true});
test(reads, {'x-b3-spanid': spanId.toUpperCase()}, {spanId});
test(reads, {'x-b3-sampled': '0'}, {sampled: false});
test(reads, {'x-b3-sampled': 'true'}, {sampled: true});
test(reads, {'x-b3-sampled': 'false'}, {sampled: false});
test(reads, {'x-b3-flags': '1', 'x-b3-sampled': '0'}, {sampled: true});
test(reads, {'x-b3-sampled': 'd', 'x-b3-spanid': 'no id'}, {});
test(reads, {'x-b3-spanid': '0000000000000000'}, {});
test(reads, {'x-b3-spanid': `${spanId}00`}, {});

test('writes what it knows', t => {
  t.deepEqual(toB3Headers({}), {});
  t.deepEqual(toB3Headers({spanId, sampled: false}), {'x-b3-spanid': spanId, 'x-b3-sampled': '0'});
  t.deepEqual(toB3Headers({spanId, sampled: true}), {'x-b3-spanid': spanId, 'x-b3-sampled': '1'});
});
