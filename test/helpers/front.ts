import type {AddressInfo} from 'node:net';
import net from 'node:net';

/** A balancer's address that outlives the process behind it: webhooks keep one URL while gateways are killed and started. */
export interface Front {
  url: string;
  /** Where connections go from now on; undefined: they are refused. */
  target(port: number | undefined): void;
  stop(): Promise<void>;
}

export async function createFront(): Promise<Front> {
  let targetPort: number | undefined;
  const sockets = new Set<net.Socket>();

  const server = net.createServer(near => {
    near.on('error', () => near.destroy());
    if (targetPort === undefined) return near.destroy();
    const far = net.connect(targetPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    far.on('error', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    target(next) {
      targetPort = next;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
