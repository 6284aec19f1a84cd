import test from 'ava';
import {ask, openManagement, operatorToken, readerToken} from '../helpers/management-port.ts';

const answers = test.macro({
  async exec(t, path: string, options: {method?: string; token?: string; raw?: string}, status: number, code?: string) {
    const {url, calls} = await openManagement(t);
    const answer = await ask(`${url}${path}`, options);
    t.is(answer.status, status);
    t.is(answer.body?.error?.code, code);
    if (status === 401) t.is(answer.headers.get('www-authenticate'), 'Bearer');
    if (status >= 400) t.deepEqual(calls, []);
  },
  title: (title, path, _, status) => `${path} ${title ?? ''} is answered ${status}`,
});

test('without token', answers, '/api/messages', {}, 401, 'unauthorized');
test('with a wrong token', answers, '/api/messages', {token: 'wrong'}, 401, 'unauthorized');
test('with the beginning of a token', answers, '/api/messages', {token: readerToken.slice(0, -1)}, 401, 'unauthorized');
test('of a reader', answers, '/api/messages', {token: readerToken}, 200);
test('of an operator', answers, '/api/messages', {token: operatorToken}, 200);
test('without token', answers, '/metrics', {}, 401, 'unauthorized');
test('of a reader', answers, '/metrics', {token: readerToken}, 200);
test('without token', answers, '/health/live', {}, 200);
test('without token', answers, '/health/ready', {}, 200);
test('without token', answers, '/api/carriers', {}, 401, 'unauthorized');
test('without token', answers, '/api/dead-letters', {}, 401, 'unauthorized');

for (const path of ['messages/m-1/replay', 'messages/m-1/settle', 'pause', 'resume', 'purge', 'reload']) {
  test('of a reader', answers, `/api/${path}`, {token: readerToken, raw: '{}'}, 403, 'forbidden');
  test('without token', answers, `/api/${path}`, {raw: '{}'}, 401, 'unauthorized');
}

test('tells of wrong tokens once a minute, and of none that was not given', async t => {
  const clock = {now: 1_700_000_010_000};
  const {url, lines} = await openManagement(t, {clock});
  const told = () => lines.filter(({event}) => event === 'api.token_refused').map(({fields}) => fields);
  await ask(`${url}/api/messages`);
  await ask(`${url}/api/messages`, {token: readerToken});
  t.deepEqual(told(), []);
  for (let tries = 0; tries < 5; tries += 1) await ask(`${url}/api/messages`, {token: `guess-${tries}`});
  t.deepEqual(told(), [{address: '127.0.0.1', times: 1}]);
  clock.now += 60_000;
  await ask(`${url}/metrics`, {token: 'another guess'});
  t.deepEqual(told().slice(1), [{address: '127.0.0.1', times: 5}]);
  t.false(JSON.stringify(lines).includes('guess'));
});

test('tells who is forbidden and what to use', async t => {
  const {url} = await openManagement(t);
  const {body} = await ask(`${url}/api/pause`, {token: readerToken, body: {}});
  t.is(body.error.message, 'The token "eve" may only read; use one of role operator.');
});
