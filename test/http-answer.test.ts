import Router from '@koa/router';
import test from 'ava';
import {createHttp} from '../src/http.ts';
import {silent} from './store/silent.ts';

test('an answer left in the state is sent as JSON, and every header beside it', async t => {
  const router = new Router();
  router.post('/told', ctx => {
    ctx.set('X-Beside', 'here');
    ctx.status = 202;
    ctx.state.answer = {messageId: 'ä'};
  });
  const http = createHttp({host: '127.0.0.1', port: 0, routers: () => [router], rawBody: true, log: silent});
  const port = await http.start();
  t.teardown(http.stop);
  for (const body of ['first', 'second on the same connection']) {
    const answer = await fetch(`http://127.0.0.1:${port}/told`, {method: 'POST', body});
    t.is(answer.status, 202);
    t.is(answer.headers.get('content-type'), 'application/json; charset=utf-8');
    t.is(answer.headers.get('content-length'), String(Buffer.byteLength('{"messageId":"ä"}')));
    t.is(answer.headers.get('x-beside'), 'here');
    t.deepEqual(await answer.json(), {messageId: 'ä'});
  }
});
