import type {IncomingMessage} from 'node:http';
import type {Context} from 'koa';
import {Refusal} from './core/refusal.ts';
import {createDeadlines, type Deadlines} from './http-deadlines.ts';

const maxBytes = 1_048_576;
const timeoutMs = 5000;
/** How much of a refused body is read and dropped, and for how long, before the answer ends the connection. */
const maxDroppedBytes = 8 * maxBytes;
const lingerMs = 2000;

/**
 * The bytes of the body as they came, for `ctx.state.raw`: signatures are made over bytes, so nothing may parse or decode before they were checked.
 * More than 1 MiB, or longer than 5 s, is refused: what still comes is dropped and the connection ends.
 */
export function createReadRaw(): (ctx: Context) => Promise<Buffer> {
  const deadlines = createDeadlines(timeoutMs);
  return async ctx => {
    try {
      return await readBody(ctx.req, deadlines);
    } catch (error) {
      // What is still coming is not wanted: the connection ends with the answer.
      ctx.set('Connection', 'close');
      throw error;
    }
  };
}

function readBody(request: IncomingMessage, deadlines: Deadlines): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces = createPieces();
    let size = 0;
    let refusal: Refusal | undefined;
    let lingering: NodeJS.Timeout | undefined;
    let isOver = false;

    function close(): void {
      deadlines.forget(deadline);
      clearTimeout(lingering);
      isOver = true;
    }
    function finish(why: Refusal): void {
      close();
      request.resume();
      reject(why);
    }
    /** A caller reads its answer only when it has sent all: what still comes is dropped first, within bounds. */
    function refuse(why: Refusal): void {
      refusal = why;
      pieces.drop();
      deadlines.forget(deadline);
      lingering = setTimeout(() => finish(why), lingerMs);
    }
    function onData(chunk: Buffer): void {
      if (isOver) return;
      size += chunk.length;
      if (refusal === undefined && size > maxBytes) refuse(tooLarge());
      if (refusal === undefined) pieces.add(chunk);
      if (refusal !== undefined && size > maxDroppedBytes) finish(refusal);
    }
    function onEnd(): void {
      if (isOver) return;
      if (refusal !== undefined) {
        finish(refusal);
        return;
      }
      close();
      resolve(pieces.join());
    }
    function onLate(): void {
      finish(tooSlow());
    }
    function onAborted(): void {
      if (isOver) return;
      finish(aborted());
    }
    const deadline = deadlines.watch(onLate);
    request.on('data', onData).on('end', onEnd).on('error', onAborted).on('close', onAborted);
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) refuse(tooLarge());
  });
}

const noBytes = Buffer.alloc(0);
const leastGathered = 16_384;

/** Copied together as they come: kept one by one, pieces of a byte would take hundreds of times the memory of what they say. */
function createPieces() {
  let gathered: Buffer = noBytes;
  let length = 0;

  return {
    add(piece: Buffer): void {
      const needed = length + piece.length;
      if (length === 0) gathered = piece;
      else {
        if (needed > gathered.length) gathered = grow(gathered, needed);
        piece.copy(gathered, length);
      }
      length = needed;
    },
    join: () => gathered.subarray(0, length),
    drop(): void {
      gathered = noBytes;
      length = 0;
    },
  };
}

function grow(bytes: Buffer, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.min(maxBytes, Math.max(2 * needed, leastGathered)));
  bytes.copy(larger);
  return larger;
}

function tooLarge(): Refusal {
  return new Refusal(413, 'too_large', 'The body is larger than 1 MiB; nothing was stored. Send media as a link.');
}

function tooSlow(): Refusal {
  return new Refusal(408, 'too_slow', 'The body did not arrive within 5 s; nothing was stored. Send it again.');
}

function aborted(): Refusal {
  return new Refusal(400, 'aborted', 'The connection ended before the body did; nothing was stored. Send it again.');
}
