import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';

/** A way to the server on which connections can fall silent (nothing arrives any more, and nobody says so) and answers come late. */
export interface Way {
  url: string;
  /** Connections opened so far. */
  count(): number;
  /** All that are open; who connects again gets through. */
  silence(): void;
  /** Of those that are open the ones it picks. */
  silenceSome(isOne: () => boolean): void;
  /** The next connection that says the first of these words is heard and never answered, then one that says the second, and so on. */
  silenceAt(...words: string[]): void;
  /** Whoever commits is heard once more and never answered; nobody who connects is heard. */
  silenceCommits(): void;
  /** All is heard, and answered so much later. */
  delayAnswers(ms: number): void;
  /** Those that fell silent are cut, whoever connects gets through again, and answers come at once. */
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
  let delayMs = 0;
  const server = createServer(near => {
    count += 1;
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) socket.on('error', () => {});
    sockets.add(near);
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
    const answer = delayed(
      () => delayMs,
      (data: Buffer) => {
        if (!silenced.has(near)) near.write(data);
      },
    );
    far.on('data', answer);
    far.on('close', () => {
      if (!silenced.has(near)) near.destroy();
    });
    near.on('close', () => {
      sockets.delete(near);
      far.destroy();
    });
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
    silenceSome(isOne) {
      for (const socket of sockets) if (isOne()) silenced.add(socket);
    },
    silenceAt(...words) {
      waited = words;
    },
    silenceCommits() {
      isCommitHeardLast = true;
    },
    delayAnswers(ms) {
      delayMs = ms;
    },
    restore() {
      isCommitHeardLast = false;
      delayMs = 0;
      for (const socket of sockets) if (silenced.has(socket)) socket.destroy();
    },
  };
}

/** Passes on in the order it got, each so much later as is asked for when it comes. */
function delayed<Passed>(delayMs: () => number, pass: (passed: Passed) => void): (passed: Passed) => void {
  let before = Promise.resolve();
  let waiting = 0;
  return passed => {
    const ms = delayMs();
    if (ms === 0 && waiting === 0) return pass(passed);
    waiting += 1;
    const due = sleep(ms);
    before = before
      .then(() => due)
      .then(() => {
        waiting -= 1;
        pass(passed);
      });
  };
}
