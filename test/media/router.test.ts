import {connect, type Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import type {Log} from '../../src/core/log.ts';
import type {MediaLoad} from '../../src/core/media.ts';
import {createHttp} from '../../src/http.ts';
import {createMediaLinks} from '../../src/media/links.ts';
import {createMediaRouter} from '../../src/media/router.ts';
import {until} from '../helpers/until.ts';
import {silent} from '../store/silent.ts';

const channel = {platform: 'acme', id: '1650', apiSecrets: ['secret']};

async function serve(
  t: ExecutionContext,
  load: () => Promise<MediaLoad | 'unknown' | 'expired'>,
  log: Log = silent,
  stallMs?: number,
): Promise<string> {
  const links = createMediaLinks({publicUrl: '', channels: [channel]});
  const routers = [createMediaRouter({links, load, ...(stallMs === undefined ? {} : {stallMs})})];
  const http = createHttp({host: '127.0.0.1', port: 0, routers: () => routers, rawBody: true, log});
  const port = await http.start();
  t.teardown(http.stop);
  return `http://127.0.0.1:${port}${links.toLink('m1', 0, channel)}`;
}

function toFile(contentType: string): MediaLoad {
  return {kind: 'loaded', contentType, bytes: Buffer.from('bytes')};
}

test('hands out the bytes with their type, for no cache and no guess', async t => {
  const answer = await fetch(await serve(t, async () => toFile('image/png; x=y')));
  t.is(await answer.text(), 'bytes');
  t.is(answer.headers.get('content-type'), 'image/png');
  t.is(answer.headers.get('content-disposition'), 'inline');
  t.is(answer.headers.get('cache-control'), 'private, no-store');
  t.is(answer.headers.get('x-content-type-options'), 'nosniff');
});

test('lets no file run in a browser', async t => {
  const types = ['text/html', 'image/svg+xml', 'application/javascript', 'application/vnd.wap.xhtml+xml', ''];
  for (const contentType of types) {
    const answer = await fetch(await serve(t, async () => toFile(contentType)));
    t.is(answer.headers.get('content-type'), 'application/octet-stream');
    t.is(answer.headers.get('content-disposition'), 'attachment');
  }
});

test('names the type of a file that runs nowhere, and hands it out as one', async t => {
  for (const type of ['application/pdf', 'text/vcard', 'text/calendar', 'application/vnd.apple.pkpass', 'image/heic']) {
    const answer = await fetch(await serve(t, async () => toFile(`${type} ; x=y`)));
    t.is(answer.headers.get('content-type'), type);
    t.is(answer.headers.get('content-disposition'), 'attachment');
  }
});

const answers = test.macro({
  async exec(t, loaded: MediaLoad | 'unknown' | 'expired', status: number) {
    t.is((await fetch(await serve(t, async () => loaded))).status, status);
  },
  title: (_, loaded: MediaLoad | 'unknown' | 'expired', status: number) =>
    `answers ${status} for a file that is ${typeof loaded === 'string' ? loaded : loaded.kind}`,
});
test(answers, 'unknown', 404);
test(answers, 'expired', 410);
test(answers, {kind: 'refused', why: 'it is gone'}, 502);
test(answers, {kind: 'unavailable', why: 'later'}, 503);

test('tells of a file that can’t be had, and not where others could fetch it', async t => {
  const told: unknown[] = [];
  const error = (event: string, fields?: object) => void told.push({event, ...fields});
  const link = await serve(t, async () => ({kind: 'unavailable', why: 'later'}), {...silent, error});
  t.is((await fetch(link)).status, 503);
  t.is((await fetch(link.replace('/media/', '/MEDIA/'))).status, 503);
  t.is(told.length, 2);
  for (const line of told) t.like(line, {event: 'http.refused', path: '/media/:token', status: 503});
});

test('fetches no more than 16 files at once', async t => {
  const gate = Promise.withResolvers<MediaLoad>();
  let loads = 0;
  const link = await serve(t, () => {
    loads += 1;
    return gate.promise;
  });
  const asked = Array.from({length: 16}, () => fetch(link));
  await until('16 of them', () => loads === 16);
  const more = await fetch(link);
  t.is(more.status, 503);
  t.is(more.headers.get('retry-after'), '5');
  gate.resolve(toFile('image/png'));
  t.true((await Promise.all(asked)).every(({status}) => status === 200));
  t.is((await fetch(link)).status, 200);
});

/** Larger than what the system takes in of an answer that nobody reads. */
const large: MediaLoad = {kind: 'loaded', contentType: 'image/png', bytes: Buffer.alloc(32_000_000)};

/** Asks for a file, and reads only the first of it. */
function stall(t: ExecutionContext, link: string): Promise<Socket> {
  const {hostname, port, pathname} = new URL(link);
  const socket = connect(Number(port), hostname);
  t.teardown(() => void socket.destroy());
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: gateway\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', () => resolve(socket.pause()));
  });
}

test('readers that stop reading a file hold their places, and no more than these', async t => {
  const link = await serve(t, async () => large);
  const other = new URL(createMediaLinks({publicUrl: '', channels: [channel]}).toLink('m2', 0, channel), link);
  const readers = await Promise.all(Array.from({length: 16}, () => stall(t, link)));
  const more = await fetch(link);
  t.is(more.status, 503);
  t.is(more.headers.get('retry-after'), '5');
  t.is((await (await fetch(other)).arrayBuffer()).byteLength, 32_000_000);
  readers[0]?.destroy();
  await until('a place', async () => (await (await fetch(link)).arrayBuffer()).byteLength === 32_000_000);
  t.pass();
});

test('the place of a reader that takes nothing for too long is another’s', async t => {
  const link = await serve(t, async () => large, silent, 200);
  await Promise.all(Array.from({length: 16}, () => stall(t, link)));
  await until('a place', async () => (await fetch(link)).status === 200);
  t.pass();
});

/** Asks for a file sixteen times on one connection, whose answers come one after the other. */
function askInARow(t: ExecutionContext, link: string): Socket {
  const {hostname, port, pathname} = new URL(link);
  const socket = connect(Number(port), hostname);
  t.teardown(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: gateway\r\n\r\n`.repeat(16));
  return socket;
}

async function haveAllPlaces(link: string): Promise<boolean> {
  const answers = await Promise.all(Array.from({length: 16}, () => fetch(link)));
  await Promise.all(answers.map(answer => answer.arrayBuffer()));
  return answers.every(({status}) => status === 200);
}

test('all places of a connection that ends are others’', async t => {
  const gate = Promise.withResolvers<MediaLoad>();
  let loads = 0;
  const link = await serve(t, () => {
    loads += 1;
    return gate.promise;
  });
  const socket = askInARow(t, link);
  await until('16 of them', () => loads === 16);
  socket.destroy();
  gate.resolve(toFile('image/png'));
  await until('all places', () => haveAllPlaces(link));
  t.pass();
});

test('all places of a connection on which the first answer is not read are others’', async t => {
  let loads = 0;
  const link = await serve(
    t,
    async () => {
      loads += 1;
      return loads > 16 ? toFile('image/png') : large;
    },
    silent,
    200,
  );
  askInARow(t, link).once('data', function (this: Socket) {
    this.pause();
  });
  await until('16 of them', () => loads === 16);
  await until('all places', () => haveAllPlaces(link));
  t.pass();
});

test('links of nobody take no place from a file, and no more than so many are looked up at once', async t => {
  const looked = Promise.withResolvers<undefined>();
  let looking = 0;
  const read = () => {
    looking += 1;
    return looked.promise;
  };
  const routers = [createMediaRouter({links: {read}, load: async () => toFile('image/png')})];
  const http = createHttp({host: '127.0.0.1', port: 0, routers: () => routers, rawBody: true, log: silent});
  const link = `http://127.0.0.1:${await http.start()}/media/m1.0.x`;
  t.teardown(http.stop);
  const answers = Array.from({length: 64}, () => fetch(link));
  await until('64 of them', () => looking === 64);
  const {status, headers} = await fetch(link);
  t.deepEqual([status, headers.get('retry-after')], [503, '5']);
  looked.resolve(undefined);
  t.deepEqual([...new Set((await Promise.all(answers)).map(answer => answer.status))], [404]);
  t.is((await fetch(link)).status, 404);
});
