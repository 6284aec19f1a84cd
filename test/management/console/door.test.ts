import test from 'ava';
import {visit} from '../../helpers/console-visitor.ts';
import {openManagement, operatorToken, readerToken} from '../../helpers/management-port.ts';

const pages = ['/', '/search', '/messages/m-1', '/campaigns', '/campaigns.csv', '/dead-letters', '/events'];
const actions = [
  '/pause',
  '/resume',
  '/purge',
  '/messages/m-1/replay',
  '/messages/m-1/settle',
  '/dead-letters/replay',
  '/dead-letters/replays/1/stop',
];

for (const path of pages) {
  test(`/console${path} leads who is not signed in to the sign-in page, and back`, async t => {
    const peer = await openManagement(t);
    const visitor = await visit(peer, '');
    const {status, headers} = await visitor.get(`/console${path}`);
    t.is(status, 303);
    t.is(headers.get('location'), `/console/sign-in?to=${encodeURIComponent(`/console${path}`)}`);
    const signedIn = await visitor.post('/console/sign-in', {token: readerToken, to: `/console${path}`});
    t.is(signedIn.headers.get('location'), `/console${path}`);
    t.is((await visitor.get(`/console${path}`)).status, 200);
  });
}

for (const path of actions) {
  test(`/console${path} is refused to a reader and to who is not signed in`, async t => {
    const peer = await openManagement(t);
    const reader = await visit(peer, readerToken);
    const {status, text} = await reader.post(`/console${path}`);
    t.is(status, 403);
    t.regex(text, /may only look/);
    t.is((await (await visit(peer, '')).post(`/console${path}`)).status, 401);
    t.deepEqual(
      peer.calls.filter(([name]) => name !== 'deadLetters'),
      [],
    );
  });

  test(`/console${path} is refused without the form's key, and from elsewhere`, async t => {
    const peer = await openManagement(t);
    const operator = await visit(peer);
    const other = await visit(peer);
    const key = /name="formKey" value="([^"]+)"/.exec((await other.get('/console/')).text)?.[1] ?? '';
    t.is((await operator.post(`/console${path}`, {formKey: ''})).status, 403);
    t.is((await operator.post(`/console${path}`, {formKey: key})).status, 403);
    t.is((await operator.post(`/console${path}`, {}, {Origin: 'https://evil.example.com'})).status, 403);
    t.is((await operator.post(`/console${path}`, {}, {'Sec-Fetch-Site': 'cross-site'})).status, 403);
    t.is((await operator.post(`/console${path}`, {}, {'Sec-Fetch-Site': 'same-site'})).status, 403);
    t.deepEqual(
      peer.calls.filter(([name]) => name !== 'deadLetters'),
      [],
    );
  });
}

test('sets a cookie no script can read and no other site can send', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer, '');
  const {headers} = await visitor.post('/console/sign-in', {token: operatorToken});
  const cookie = headers.get('set-cookie') ?? '';
  t.regex(cookie, /^nexus_gateway_console=[\w.-]+; Path=\/console; Max-Age=28800; HttpOnly; SameSite=Strict$/);
  t.false(cookie.includes(operatorToken));
  const behindTls = await visitor.post('/console/sign-in', {token: operatorToken}, {'X-Forwarded-Proto': 'https'});
  t.regex(behindTls.headers.get('set-cookie') ?? '', /; Secure$/);
});

test('refuses a token that is nobody’s, and logs no word of it', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer, '');
  const {status, text} = await visitor.post('/console/sign-in', {token: 'guessed'});
  t.is(status, 401);
  t.regex(text, /not listed in management\.tokens/);
  t.is(visitor.cookie(), '');
  t.deepEqual(peer.lines, [{event: 'console.sign_in_refused', fields: {address: '127.0.0.1'}}]);
});

const leads = test.macro({
  async exec(t, to: string, location: string) {
    const visitor = await visit(await openManagement(t), '');
    const {headers} = await visitor.post('/console/sign-in', {token: operatorToken, to});
    t.is(headers.get('location'), location);
  },
  title: (_, to, location) => `after signing in with ${to || 'nothing'} one is at ${location}`,
});

test(leads, '', '/console/');
test(leads, '/console/search?q=%2B14155550123', '/console/search?q=%2B14155550123');
test(leads, 'https://evil.example.com/', '/console/');
test(leads, '//evil.example.com/console/', '/console/');
test(leads, '/console/\\evil', '/console/');
test(leads, '/api/reload', '/console/');
test(leads, '/console/"onload=', '/console/');

test('a session that was signed out opens nothing, wherever its cookie is', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer);
  const cookie = visitor.cookie();
  t.is((await visitor.post('/console/sign-out')).status, 303);
  const {status} = await fetch(`${peer.url}/console/`, {headers: {Cookie: cookie}, redirect: 'manual'});
  t.is(status, 303);
});

test('a session that was signed out opens nothing, however its cookie is written', async t => {
  const peer = await openManagement(t);
  const visitor = await visit(peer);
  const cookie = visitor.cookie();
  await visitor.post('/console/sign-out');
  for (const ending of ['.', '.x', '.x.y', '=']) {
    const headers = {Cookie: `${cookie}${ending}`};
    t.is((await fetch(`${peer.url}/console/`, {headers, redirect: 'manual'})).status, 303, ending);
  }
});

const hostile = test.macro({
  async exec(t, toCookie: (cookie: string) => string) {
    const peer = await openManagement(t);
    const visitor = await visit(peer, readerToken);
    const {status} = await fetch(`${peer.url}/console/`, {
      headers: {Cookie: toCookie(visitor.cookie())},
      redirect: 'manual',
    });
    t.is(status, 303);
  },
  title: (title = '') => `does not take ${title}`,
});

test('a cookie with another name in it', hostile, cookie => {
  const [name = '', value = ''] = cookie.split('=');
  const [payload = '', signature] = value.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return `${name}=${Buffer.from(JSON.stringify({...claims, name: 'ops'})).toString('base64url')}.${signature}`;
});
test('a cookie without its signature', hostile, cookie => cookie.slice(0, cookie.indexOf('.') + 1));
test('a cookie cut short', hostile, cookie => cookie.slice(0, -1));
test('a cookie that is no session', hostile, () => 'nexus_gateway_console=e30.x');
test('a very long cookie', hostile, cookie => cookie + 'x'.repeat(5000));

test('a session ends after eight hours', async t => {
  const clock = {now: 1_700_000_000_000};
  const peer = await openManagement(t, {clock});
  const visitor = await visit(peer);
  clock.now += 8 * 3_600_000 - 1;
  t.is((await visitor.get('/console/')).status, 200);
  clock.now += 1;
  t.is((await visitor.get('/console/')).status, 303);
});

test('allows nothing but its own files', async t => {
  const peer = await openManagement(t);
  const {headers, text} = await (await visit(peer)).get('/console/');
  const policy = headers.get('content-security-policy') ?? '';
  t.true(policy.startsWith("default-src 'none'; style-src 'self'; script-src 'self';"));
  t.false(policy.includes('unsafe'));
  t.is(headers.get('x-content-type-options'), 'nosniff');
  t.is(headers.get('cache-control'), 'no-store');
  t.notRegex(text, /<script(?! src="\/console\/assets\/)|<style|\sstyle=|\son\w+="|https?:\/\//);
  for (const [, asset = ''] of text.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)) {
    const {status, headers: kept} = await fetch(`${peer.url}${asset}`);
    t.is(status, 200, asset);
    t.regex(kept.get('cache-control') ?? '', /immutable/);
  }
});

test('tells that a page is not there, in a page', async t => {
  const peer = await openManagement(t);
  const {status, text} = await (await visit(peer)).get('/console/nothing');
  t.is(status, 404);
  t.regex(text, /There is no such page/);
  t.is((await fetch(`${peer.url}/console/assets/door.ts`)).status, 404);
});

test('takes no large form', async t => {
  const peer = await openManagement(t);
  const {status} = await (await visit(peer)).post('/console/pause', {reason: 'x'.repeat(70_000)});
  t.is(status, 400);
  t.deepEqual(
    peer.calls.filter(([name]) => name === 'pause'),
    [],
  );
});
