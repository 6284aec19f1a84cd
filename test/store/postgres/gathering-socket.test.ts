import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import {text} from 'node:stream/consumers';
import test from 'ava';
import {GatheringSocket} from '../../../src/store/postgres/gathering-socket.ts';

/** How many pieces left together. */
class Counted extends GatheringSocket {
  readonly left: number[] = [];

  override _write(...args: Parameters<GatheringSocket['_write']>): void {
    this.left.push(1);
    super._write(...args);
  }

  override _writev(...args: Parameters<NonNullable<GatheringSocket['_writev']>>): void {
    this.left.push(args[0].length);
    super._writev?.(...args);
  }
}

/** As the client does for each prepared statement. */
function say(socket: Counted, words: string): void {
  socket.cork();
  for (const word of words.split(' ')) socket.write(word);
  socket.uncork();
}

test('statements of one turn leave in one go, those of the next by themselves, and none stays behind', async t => {
  let heard: Promise<string> | undefined;
  const server = createServer(socket => {
    heard = text(socket);
  }).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const socket = new Counted();
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');

  say(socket, 'bind execute');
  await Promise.resolve();
  say(socket, 'bind execute sync');
  await new Promise(resolve => setImmediate(resolve));
  say(socket, 'commit sync');
  await new Promise(resolve => setImmediate(resolve));
  say(socket, 'last words');
  socket.end();
  await once(socket, 'close');
  t.deepEqual(socket.left, [5, 2, 2]);
  t.is(await heard, 'bindexecutebindexecutesynccommitsynclastwords');
});
