import type {AddressInfo} from 'node:net';
import net from 'node:net';

export interface PassOn {
  url: string;
  stop(): Promise<void>;
}

/** An address that passes each connection on to the port chosen for it; undefined: it is refused. */
export async function passOn(choose: () => number | undefined): Promise<PassOn> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer(near => {
    near.on('error', () => near.destroy());
    const chosen = choose();
    if (chosen === undefined) return near.destroy();
    const far = net.connect(chosen, '127.0.0.1');
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
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
