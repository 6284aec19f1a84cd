import net, {type AddressInfo} from 'node:net';

/** One address before several replicas: each connection goes to the next one that is in. */
export interface Balancer {
  url: string;
  add(port: number): void;
  remove(port: number): void;
  stop(): Promise<void>;
}

export async function createBalancer(): Promise<Balancer> {
  const ports: number[] = [];
  const sockets = new Set<net.Socket>();
  let turn = 0;

  const server = net.createServer(near => {
    near.on('error', () => near.destroy());
    turn += 1;
    const port = ports[turn % Math.max(1, ports.length)];
    if (port === undefined) return near.destroy();
    const far = net.connect(port, '127.0.0.1');
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
  const {port: own} = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${own}`,
    add: port => {
      ports.push(port);
    },
    remove(port) {
      const index = ports.indexOf(port);
      if (index >= 0) ports.splice(index, 1);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
