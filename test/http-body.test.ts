import {once} from 'node:events';
import type {IncomingMessage} from 'node:http';
import {PassThrough} from 'node:stream';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import test from 'ava';
import type {Context} from 'koa';
import {createReadRaw} from '../src/http-body.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A body as it comes, piece by piece. */
function open(headers: Record<string, string> = {}) {
  const request = Object.assign(new PassThrough(), {headers});
  const set: unknown[] = [];
  const context = {req: request as unknown as IncomingMessage, set: (...header: unknown[]) => set.push(header)};
  return {request, set, read: createReadRaw()(context as unknown as Context)};
}

const joins = test.macro({
  async exec(t, sizes: number[]) {
    const {request, read} = open();
    const pieces = sizes.map((size, index) => Buffer.alloc(size, 97 + (index % 26)));
    for (const piece of pieces) request.write(piece);
    request.end();
    const body = await read;
    t.true(body.equals(Buffer.concat(pieces)));
  },
  title: (_, sizes: number[]) => `joins pieces of ${sizes.join(', ') || 'nothing'}`,
});

test(joins, []);
test(joins, [0]);
test(joins, [1]);
test(joins, [0, 5, 0, 1]);
test(joins, [16_383, 1, 1]);
test(joins, [1, 16_384, 40_000]);
test(joins, [65_536, 65_536, 1, 131_072, 786_431]);

test('a byte more than 1 MiB is refused, however it comes', async t => {
  const {request, read, set} = open();
  request.write(Buffer.alloc(1_048_575));
  request.write(Buffer.alloc(1));
  request.end(Buffer.alloc(1));
  await t.throwsAsync(read, {message: /larger than 1 MiB/});
  t.deepEqual(set, [['Connection', 'close']]);
});

test('a body in pieces of a byte takes no more memory than it is long', async t => {
  const count = 50_000;
  const {request, read} = open();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let sent = 0; sent < count; sent += 1) {
    if (!request.write(Buffer.from([97 + (sent % 26)]))) await once(request, 'drain');
  }
  collectGarbage();
  const taken = process.memoryUsage().heapUsed - before;
  t.true(taken < 40 * count, `${taken} bytes of heap`);
  request.end();
  t.is((await read).length, count);
});
