import type {Socket} from 'node:net';

/** Bytes in, frames out; frames in, one write a turn out. */
export interface Connection {
  send(frame: Buffer): void;
  destroy(): void;
  end(): void;
}

export function createConnection(socket: Socket, onFrame: (frame: Buffer) => void, onClose: () => void): Connection {
  let rest: Buffer = Buffer.alloc(0);
  let queued: Buffer[] = [];

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', onClose);
  socket.on('data', chunk => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 16) {
      const length = rest.readUInt32BE(0);
      if (length < 16 || length > 100_000) {
        socket.destroy();
        return;
      }
      if (rest.length < length) return;
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      onFrame(frame);
    }
  });

  return {
    send(frame) {
      if (queued.push(frame) === 1) setImmediate(flush);
    },
    destroy: () => socket.destroy(),
    end() {
      flush();
      socket.end();
    },
  };

  function flush(): void {
    if (queued.length === 0) return;
    const frames = queued;
    queued = [];
    if (!socket.destroyed)
      socket.write(frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames));
  }
}
