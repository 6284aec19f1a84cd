import type {Server} from 'node:http';
import type {Socket} from 'node:net';

/** Knows the connections on which nothing is under way, those that never carried a request too, which Node counts as active. */
export function trackIdle(server: Server, opened: 'connection' | 'secureConnection'): {close(): void} {
  const underWay = new Map<Socket, number>();
  let closing = false;
  const count = (socket: Socket, change: number) => underWay.set(socket, (underWay.get(socket) ?? 0) + change);

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
    close() {
      closing = true;
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    },
  };
}
