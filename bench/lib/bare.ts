import type {AddressInfo} from 'node:net';
import Router from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';

/** The yardstick: koa, @koa/router and koa-bodyparser, and nothing else. */
const app = new Koa();
const router = new Router();
router.post('/nexus/webhook/:platform/:channel', ctx => {
  ctx.body = {messageId: 'hAl7kL9cCKPfk-8tO7SKXGz3BAPYoWKj'};
});
app.use(bodyParser()).use(router.routes());
const server = app.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
