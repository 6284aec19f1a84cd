import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';

/** A way to the server on which connections can fall silent: nothing arrives any more, and nobody says so. */
export interface Way {
  url: string;
  /** Connections opened so far. */
  count(): number;
  /** All that are open; who connects again gets through. */
  silence(): void;
  /** The next connection that says the first of these words is heard and never answered, then one that says the second, and so on. */
  silenceAt(...words: string[]): void;
}

export async function startWay(t: ExecutionContext, to: string): Promise<Way> {
  const url = new URL(to);
  const target = Number(url.port);
  const sockets = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  let waited: readonly string[] = [];
  let count = 0;
  const server = createServer(near => {
    count += 1;
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
    near.on('data', data => {
      if (silenced.has(near)) return;
      far.write(data);
      const [word] = waited;
      if (word === undefined || !data.includes(word)) return;
      waited = waited.slice(1);
      silenced.add(near);
    });
    far.on('data', data => {
      if (!silenced.has(near)) near.write(data);
    });
    far.on('close', () => {
      if (!silenced.has(near)) near.destroy();
    });
    near.on('close', () => far.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    count: () => count,
    silence() {
      for (const socket of sockets) silenced.add(socket);
    },
    silenceAt(...words) {
      waited = words;
    },
  };
}
