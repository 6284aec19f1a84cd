import http from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {createMediaFetch} from '../../../src/carriers/twilio/media/fetch.ts';
import {isForbiddenHost, isPublicAddress, lookupPublic} from '../../../src/carriers/twilio/media/guard.ts';
import {authToken, ours, phone, stage, until} from './setup.ts';

const isPublic = test.macro({
  exec: (t, address: string, expected: boolean) => t.is(isPublicAddress(address), expected),
  title: (_, address, expected) => `${address} is ${expected ? '' : 'not '}public`,
});

for (const address of ['8.8.8.8', '52.1.2.3', '172.15.0.1', '172.32.0.1', '2600:1f18::1', '2a00:1450::1'])
  test(isPublic, address, true);
for (const address of [
  '127.0.0.1',
  '127.9.9.9',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '192.0.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fc00::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  'localhost',
  '',
]) {
  test(isPublic, address, false);
}

test('reads every spelling of a host that is an address', t => {
  for (const host of [
    'http://127.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
  ]) {
    t.true(isForbiddenHost(new URL(host).hostname), host);
  }
  t.false(isForbiddenHost('example.com'));
});

test('a name that leads to loopback is not found', async t => {
  const code = await new Promise(resolve => {
    lookupPublic('localhost', {}, error => resolve(error?.code));
  });
  t.is(code, 'EPRIVATE');
});

/** A stand-in for the API's host: answers what its handler says. */
async function host(
  t: ExecutionContext,
  handler: http.RequestListener,
  {timeoutMs = 20_000, beginTime}: {timeoutMs?: number; beginTime?(ms: number): AbortSignal} = {},
) {
  const server = http.createServer(handler);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const media = createMediaFetch({
    apiUrl: url,
    username: 'AC1',
    passwords: () => ['secret'],
    maxBytes: 1000,
    timeoutMs,
    ...(beginTime === undefined ? {} : {beginTime}),
  });
  t.teardown(media.close);
  return {url, close: media.close, load: (address: string) => media.load({media: {url: address}, maxBytes: 1e6})};
}

test('fetches a file with credentials and follows the redirect', async t => {
  const there = await stage(t);
  const media = [{contentType: 'image/png', body: Buffer.from('png')}];
  const webhookUrl = `${there.publicUrl}/twilio/main/inbound`;
  await there.pretend.sendFromPhone({webhookUrl, from: phone, to: ours, text: '', media});
  const [file] = there.inbound[0]?.media ?? [];
  const load = there.carrier.loadMedia;
  const wanted = {media: file ?? {url: ''}, maxBytes: 1000};
  t.like(await load?.(wanted), {kind: 'loaded', contentType: 'image/png', bytes: Buffer.from('png')});
  t.like(await load?.({...wanted, maxBytes: 2}), {kind: 'refused'});
});

test('behind an API of one’s own a file of Twilio’s is asked for there', async t => {
  const {carrier, inbound, pretend, publicUrl} = await stage(t);
  const media = [{contentType: 'image/png', body: Buffer.from('a picture')}];
  await pretend.sendFromPhone({webhookUrl: `${publicUrl}/twilio/main/inbound`, from: phone, to: ours, text: '', media});
  const told = inbound[0]?.media[0]?.url ?? '';
  for (const host of ['api.twilio.com', 'api.dublin.ie1.twilio.com']) {
    const url = told.replace(pretend.url, `https://${host}`);
    t.like(await carrier.loadMedia?.({media: {url}, maxBytes: 100}), {kind: 'loaded', contentType: 'image/png'});
  }
});

test('fetches a file with the next token, though nothing was sent since the first was replaced', async t => {
  const settings = {authTokens: [authToken, 'token-two'], recovery: {enabled: false}};
  const {carrier, inbound, pretend, publicUrl} = await stage(t, {settings});
  pretend.rotate('token-two');
  pretend.revoke(authToken);
  const media = [{contentType: 'image/png', body: Buffer.from('png')}];
  await pretend.sendFromPhone({webhookUrl: `${publicUrl}/twilio/main/inbound`, from: phone, to: ours, text: '', media});
  const [file = {url: ''}] = inbound[0]?.media ?? [];
  t.like(await carrier.loadMedia?.({media: file, maxBytes: 1000}), {kind: 'loaded'});
  pretend.revoke('token-two');
  t.like(await carrier.loadMedia?.({media: file, maxBytes: 1000}), {kind: 'unavailable'});
});

test('has a file that is being fetched before it has closed', async t => {
  const asked = Promise.withResolvers<http.ServerResponse>();
  const {url, load, close} = await host(t, (_, response) => asked.resolve(response));
  const loading = load(`${url}/file`);
  const response = await asked.promise;
  const closing = close();
  response.writeHead(200, {'content-type': 'image/png'}).end('png');
  t.like(await loading, {kind: 'loaded', bytes: Buffer.from('png')});
  await closing;
});

const refuses = test.macro({
  exec: async (t, location: string) => {
    const asked: string[] = [];
    const other = await host(t, (request, response) => {
      asked.push(request.headers.authorization ?? '');
      response.end('secret of the network');
    });
    const {url, load} = await host(t, (_, response) => {
      response
        .writeHead(302, {location: location.replace('OTHER', other.url).replace('PORT', new URL(other.url).port)})
        .end();
    });
    const answer = await load(`${url}/file`);
    t.not(answer.kind, 'loaded');
    t.deepEqual(asked, []);
  },
  title: (_, location) => `calls nobody when a file redirects to ${location}`,
});

test(refuses, 'OTHER/x');
test(refuses, 'https://127.0.0.1:PORT/');
test(refuses, 'https://localhost:PORT/');
test(refuses, 'https://[::1]:PORT/');
test(refuses, 'https://10.0.0.1/');
test(refuses, 'https://169.254.169.254/latest/meta-data/');
test(refuses, 'file:///etc/passwd');
test(refuses, 'http://example.com/');

test('asks nobody for an address that is none, or is private', async t => {
  const {load} = await host(t, (_, response) => response.end());
  for (const url of ['', 'x', 'file:///etc/passwd', 'https://192.168.0.1/', 'http://127.0.0.1:9/']) {
    t.like(await load(url), {kind: 'refused'}, url);
  }
});

test('refuses a file that says it is too large, and one that does not say', async t => {
  const {url, load} = await host(t, (request, response) => {
    if (request.url === '/says') response.writeHead(200, {'content-length': 5000});
    response.on('error', () => {});
    response.write('x'.repeat(900));
    response.end('x'.repeat(4100));
  });
  for (const path of ['/says', '/grows'])
    t.like(await load(url + path), {kind: 'refused', why: 'The file is larger than 1000 bytes'});
});

test('does not wait for ever, for the head or the body', async t => {
  const {url, load} = await host(
    t,
    (request, response) => {
      if (request.url === '/body') response.writeHead(200).write('x');
    },
    {timeoutMs: 300},
  );
  for (const path of ['/head', '/body']) t.like(await load(url + path), {kind: 'unavailable'});
});

test('stops after a few redirects', async t => {
  const {url, load} = await host(t, (_, response) => response.writeHead(302, {location: '/again'}).end());
  t.like(await load(url), {kind: 'refused'});
});

test('tells what may pass from what will not', async t => {
  const {url, load} = await host(t, (request, response) => response.writeHead(Number(request.url?.slice(1))).end());
  for (const status of [404, 408, 429, 500, 503]) t.like(await load(`${url}/${status}`), {kind: 'unavailable'});
  for (const status of [400, 410]) t.like(await load(`${url}/${status}`), {kind: 'refused'});
});

test('a file is not given up while Twilio refuses our credentials, which can be mended', async t => {
  const {url, load} = await host(t, (request, response) => {
    if (request.url?.startsWith('/moved')) response.writeHead(302, {location: `/${request.url.slice(6)}`}).end();
    else response.writeHead(Number(request.url?.slice(1))).end();
  });
  for (const status of [401, 403]) {
    t.like(await load(`${url}/${status}`), {kind: 'unavailable'});
    t.like(await load(`${url}/moved${status}`), {kind: 'refused'}, 'nobody asked for credentials there');
  }
});

/** A host that answers when it is told to; how many it was asked for, how many at once, and whose time has begun. */
async function holding(t: ExecutionContext) {
  const held: http.ServerResponse[] = [];
  const seen = {asked: 0, most: 0, begun: 0};
  const there = await host(
    t,
    (_, response) => {
      held.push(response);
      seen.asked += 1;
      seen.most = Math.max(seen.most, held.length);
    },
    {
      beginTime(ms) {
        seen.begun += 1;
        return AbortSignal.timeout(ms);
      },
    },
  );
  const answer = () => {
    for (const response of held.splice(0)) response.end('file');
  };
  const load = (count: number) => Array.from({length: count}, () => there.load(`${there.url}/file`));
  return {...there, seen, answer, load, asked: (count: number) => until(`${count} asked`, () => seen.asked === count)};
}

test('fetches four files at once, and the others in their turn, with their whole time from then', async t => {
  const {seen, answer, load, asked} = await holding(t);
  const loads = load(10);
  for (const count of [4, 8, 10]) {
    await asked(count);
    t.is(seen.begun, count);
    answer();
  }
  for (const loaded of await Promise.all(loads)) t.is(loaded.kind, 'loaded');
  t.is(seen.most, 4);
});

test('nobody waits for the turn of an account that is closed', async t => {
  const {seen, answer, load, close, asked} = await holding(t);
  const loads = load(6);
  await asked(4);
  const closing = close();
  const gone = {kind: 'unavailable', why: 'Too many files are being fetched; ask again'} as const;
  t.deepEqual(await Promise.all(loads.slice(4)), [gone, gone]);
  answer();
  for (const loaded of await Promise.all(loads.slice(0, 4))) t.is(loaded.kind, 'loaded');
  await closing;
  t.is(seen.asked, 4);
});
