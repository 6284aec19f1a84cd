import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import type {Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';

/** For orchestrators, balancers and scrapers. Carriers are told and never make a replica unready: their outage fills the queue. */
export function routeHealth(router: Router, guard: Guard, parts: ManagementParts, metricsOpen: boolean): void {
  async function metrics(ctx: RouterContext): Promise<void> {
    ctx.body = await parts.metrics.metrics();
    ctx.set('Content-Type', parts.metrics.contentType);
  }

  router.get('/health/live', ctx => {
    ctx.body = {status: 'live'};
  });
  router.get('/health/ready', async ctx => {
    const {ready, checks} = await parts.readiness();
    ctx.status = ready ? 200 : 503;
    const carriers = parts
      .carriers()
      .filter(({leaving}) => !leaving)
      .map(({name, type, usable, state}) => ({name, type, usable, state}));
    ctx.body = {status: ready ? 'ready' : 'not ready', checks, carriers};
  });
  router.get('/metrics', metricsOpen ? metrics : guard('reader', metrics));
}
