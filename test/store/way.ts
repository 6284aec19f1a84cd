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
  /** Whoever commits is heard once more and never answered; nobody who connects is heard. */
  silenceCommits(): void;
  /** Those that fell silent are cut, and whoever connects gets through again. */
  restore(): void;
}

/** The message that begins a commit, as the client says it. */
const commit = 'commit\0';

export async function startWay(t: ExecutionContext, to: string): Promise<Way> {
  const url = new URL(to);
  const target = Number(url.port);
  const sockets = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  let waited: readonly string[] = [];
  let count = 0;
  let isCommitHeardLast = false;
  const server = createServer(near => {
    count += 1;
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
    if (isCommitHeardLast) silenced.add(near);
    near.on('data', data => {
      if (silenced.has(near)) return;
      far.write(data);
      if (isCommitHeardLast && data.includes(commit)) silenced.add(near);
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
    silenceCommits() {
      isCommitHeardLast = true;
    },
    restore() {
      isCommitHeardLast = false;
      for (const socket of sockets) if (silenced.has(socket)) socket.destroy();
    },
  };
}
