import Router from '@koa/router';
import test, {type ExecutionContext} from 'ava';
import type {Middleware} from 'koa';
import {createHttp} from '../src/http.ts';
import {silent} from './store/silent.ts';

async function serve(t: ExecutionContext, routers: readonly Router[], before?: Middleware) {
  const http = createHttp({
    host: '127.0.0.1',
    port: 0,
    routers: () => routers,
    rawBody: true,
    log: silent,
    ...(before && {before}),
  });
  const port = await http.start();
  t.teardown(http.stop);
  return async (method: string, path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {method});
    const allow = answer.headers.get('allow');
    return `${answer.status} ${allow === null ? '' : `(${allow}) `}${await answer.text()}`;
  };
}

function says(name: string, path: string): Router {
  return new Router().post(path, ctx => {
    ctx.body = `${name} ${ctx.params.id ?? ''}`;
  });
}

test('the first router with a route for method and path answers, each time with the path’s own values', async t => {
  const ask = await serve(t, [says('one', '/one/:id'), says('all', '/:kind/:id'), says('never', '/one/:id')]);
  for (const id of ['1', '2', '1', '2']) {
    t.is(await ask('POST', `/one/${id}?x=1`), `200 one ${id}`);
    t.is(await ask('POST', `/other/${id}`), `200 all ${id}`);
  }
  t.regex(await ask('GET', '/one'), /^404 .*There is no GET \/one here/);
  t.regex(await ask('POST', '/one'), /^404 /);
});

test('another method than the path takes is told which it takes, whoever serves them', async t => {
  const looks = new Router().get('/one/:id', ctx => {
    ctx.body = 'seen';
  });
  const ask = await serve(t, [says('one', '/one/:id'), looks, new Router().use('/in', says('two', '/two').routes())]);
  t.is(await ask('GET', '/one/1'), '200 seen');
  t.regex(await ask('DELETE', '/one/1'), /^405 \(GET, HEAD, POST\) .*\/one\/1 takes no DELETE, but GET, HEAD, POST/);
  t.regex(await ask('GET', '/in/two'), /^405 \(POST\) .*"code":"method_not_allowed"/);
  t.is(await ask('POST', '/in/two'), '200 two ');
});

test('a router that passes on leaves the answer to the next that knows the path', async t => {
  const passing = new Router().post('/one/:id', (_, next) => next());
  const ask = await serve(t, [passing, says('none', '/none'), says('two', '/one/:id')]);
  for (const id of ['1', '1']) t.is(await ask('POST', `/one/${id}`), `200 two ${id}`);
  t.regex(await ask('POST', '/two'), /^404 /);
  const alone = await serve(t, [passing]);
  t.regex(await alone('POST', '/one/1'), /^404 .*There is no POST \/one\/1 here/);
});

test('a mounted router has the values of its prefix and of its own path, and its own 404 stays one', async t => {
  const inner = new Router()
    .post('/take/:id', ctx => {
      ctx.body = `${ctx.params.account} ${ctx.params.id}`;
    })
    .post('/lost/:id', ctx => {
      ctx.status = 404;
    });
  const ask = await serve(t, [new Router().use('/in/:account', inner.routes(), inner.allowedMethods())]);
  for (const id of ['1', '2', '1']) t.is(await ask('POST', `/in/a/take/${id}`), `200 a ${id}`);
  t.is(await ask('POST', '/in/a/lost/1'), '404 Not Found');
});

test('what a handler does to the values of its path is not seen by the next request', async t => {
  const router = new Router().post('/one/:id', ctx => {
    ctx.body = String(ctx.params.id);
    ctx.params.id = 'changed';
  });
  const ask = await serve(t, [router]);
  for (const id of ['1', '1']) t.is(await ask('POST', `/one/${id}`), `200 ${id}`);
});

test('more addresses than are remembered are answered alike', async t => {
  const ask = await serve(t, [says('one', '/one/:id')]);
  const long = 'x'.repeat(300);
  for (const id of [long, ...Array.from({length: 1100}, (_, index) => String(index)), '0', long]) {
    const answer = await ask('POST', `/one/${id}`);
    if (answer !== `200 one ${id}`) t.fail(`${id} was answered ${answer}`);
  }
  t.pass();
});

test('what stands before the routes sees also what none of them answers', async t => {
  const seen: string[] = [];
  const ask = await serve(t, [says('one', '/one')], (ctx, next) => {
    seen.push(ctx.path);
    return next();
  });
  await ask('POST', '/one');
  await ask('POST', '/two');
  t.deepEqual(seen, ['/one', '/two']);
});
