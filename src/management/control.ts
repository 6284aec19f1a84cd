import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {parseBody} from './request.ts';

const emptyBody = z.strictObject({});

/** The carriers and a new reading of the configuration. */
export function routeControl(router: Router, guard: Guard, parts: ManagementParts): void {
  const {store} = parts;

  async function carriers(ctx: RouterContext): Promise<void> {
    const [gates, queues, receipts] = await Promise.all([store.gates(), store.depths(), store.receiptCounts()]);
    const told = parts.carriers().map(status => ({
      ...status,
      pace: parts.paceOf(status.name),
      receipts: receipts.find(({carrier}) => carrier === status.name),
    }));
    const resting = parts.health().filter(({breaker}) => breaker !== 'closed');
    ctx.body = {carriers: told, gates, queues, resting};
  }

  async function reload(ctx: RouterContext, {by}: Caller): Promise<void> {
    parseBody(ctx, emptyBody);
    const id = await store.audit({by, action: 'reload', target: {}, outcome: 'begun'});
    const result = await parts.reload(by);
    await store.endAudit(id, result.applied ? 'done' : 'refused');
    ctx.status = result.applied ? 200 : 422;
    ctx.body = result;
  }

  async function lastReload(ctx: RouterContext): Promise<void> {
    ctx.body = {...parts.reloadState(), leaving: await parts.leaving()};
  }

  router.get('/api/carriers', guard('reader', carriers));
  router.get('/api/reload', guard('reader', lastReload));
  router.post('/api/reload', guard('operator', reload));
}
