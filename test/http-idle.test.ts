import {once} from 'node:events';
import {createServer, type RequestOptions, request} from 'node:https';
import {type AddressInfo, connect, type Socket} from 'node:net';
import Router from '@koa/router';
import test, {type ExecutionContext} from 'ava';
import {createHttp} from '../src/http.ts';
import {trackIdle} from '../src/http-idle.ts';
import {createAuthority} from './helpers/certificate.ts';
import {until} from './helpers/until.ts';
import {silent} from './store/silent.ts';

const authority = createAuthority();
const tls = authority.issue('localhost', ['localhost']);

/** Connected, with so many bytes said. */
async function join(t: ExecutionContext, port: number, said = Buffer.alloc(0)) {
  const socket = connect(port, '127.0.0.1');
  t.teardown(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(said);
  return socket;
}

async function ask(options: RequestOptions) {
  const asked = request({host: 'localhost', family: 4, ca: authority.cert, agent: false, ...options}).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  return answer.statusCode;
}

const stops = test.macro({
  async exec(t, secured: {tls?: typeof tls}) {
    const http = createHttp({host: '127.0.0.1', port: 0, ...secured, routers: () => [], rawBody: true, log: silent});
    const port = await http.start();
    await join(t, port);
    const beganAt = performance.now();
    await http.stop();
    t.true(performance.now() - beganAt < 2000);
  },
  title: title => `stops at once while somebody is connected and says nothing, ${title}`,
});
test('without TLS', stops, {});
test('with TLS', stops, {tls});

test('whoever begins a request and does not go on is told so, and cut off', async t => {
  const http = createHttp({host: '127.0.0.1', port: 0, routers: () => [], rawBody: true, log: silent});
  const socket = await join(t, await http.start(), Buffer.from('POST /nexus/webhook HTTP/1.1\r\nHost: gateway\r\n'));
  t.teardown(http.stop);
  let said = '';
  socket.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  await until('the end of the connection', () => socket.closed);
  t.regex(said, /^HTTP\/1\.1 408 /);
});

test('lets an answer under way end, whoever else says nothing, also after a change of the certificate', async t => {
  const gate = Promise.withResolvers<void>();
  let underWay = 0;
  const router = new Router().get('/slow', async ctx => {
    underWay += 1;
    await gate.promise;
    ctx.body = 'slow';
  });
  const http = createHttp({host: '127.0.0.1', port: 0, tls, routers: () => [router], rawBody: true, log: silent});
  const port = await http.start();
  const before = ask({port, path: '/slow'});
  await until('it is under way', () => underWay === 1);
  http.secure(authority.issue('localhost', ['localhost']));
  const after = ask({port, path: '/slow'});
  await until('both are under way', () => underWay === 2);
  await join(t, port);
  const stopped = http.stop();
  const beganAt = performance.now();
  gate.resolve();
  t.deepEqual(await Promise.all([before, after]), [200, 200]);
  await stopped;
  t.true(performance.now() - beganAt < 2000);
});

test('in the end everything is closed, a request under way and a handshake that is not over', async t => {
  let underWay = 0;
  const server = createServer(tls, () => {
    underWay += 1;
  });
  const idle = trackIdle(server, 'secureConnection');
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  const sockets: Socket[] = [];
  server.on('connection', socket => void sockets.push(socket as Socket));
  await join(t, port, Buffer.from([0x16, 3, 1]));
  const cut = ask({port}).catch(({code}) => code);
  await until('both have begun', () => underWay === 1 && sockets.filter(({bytesRead}) => bytesRead > 0).length === 2);
  const closed = once(server, 'close');
  server.close();
  idle.close();
  t.is(await Promise.race([closed, new Promise(resolve => setTimeout(resolve, 200, 'open'))]), 'open');
  idle.closeAll();
  await closed;
  t.is(await cut, 'ECONNRESET');
});
