import type {Server} from 'node:http';
import type {Socket} from 'node:net';

/** Knows the connections on which nothing is under way, those that never carried a request too, which Node counts as active. */
export function trackIdle(server: Server, opened: 'connection' | 'secureConnection') {
  const open = new Set<Socket>();
  const underWay = new Map<Socket, number>();
  let closing = false;
  const count = (socket: Socket, change: number) => underWay.set(socket, (underWay.get(socket) ?? 0) + change);

  // Below TLS: of those whose handshake is not over the server keeps no list.
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on(opened, (socket: Socket) => {
    count(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  server.on('request', ({socket}, response) => {
    count(socket, 1);
    response.on('close', () => {
      if (!underWay.has(socket)) return;
      count(socket, -1);
      if (closing) socket.end();
    });
  });
  return {
    /** Where nothing is under way; the others when their answers are given. */
    close() {
      closing = true;
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    },
    /** Whatever is under way. */
    closeAll() {
      for (const socket of open) socket.destroy();
    },
  };
}
