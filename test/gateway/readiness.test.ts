import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import test from 'ava';
import {until} from '../helpers/until.ts';
import {startWorld} from '../helpers/world.ts';

test('is ready only when a webhook finds its port open', async t => {
  const [publicPort, managementPort] = [await findClosedPort(), await findClosedPort()];
  const edit = (file: string) =>
    file
      .replace('listen: {host: 127.0.0.1, port: 0}', `listen: {host: 127.0.0.1, port: ${publicPort}}`)
      .replace('port: 0\n', `port: ${managementPort}\n`);
  const started = startWorld(t, {edit});
  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${managementPort}/health/ready`).catch(() => undefined);
    return answer?.status === 200;
  };
  await until('the gateway to be ready', isReady);
  const answer = await fetch(`http://127.0.0.1:${publicPort}/`).catch(() => undefined);
  await started;
  t.is(answer?.status, 405);
});

async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
