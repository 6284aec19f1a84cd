import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {Refusal} from '../core/refusal.ts';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {countWaiting, matching, nothingPaused} from './queues.ts';
import {parseBody} from './request.ts';

const filterFields = {
  platform: z.string().min(1).optional(),
  channel: z.string().min(1).optional(),
  carrier: z.string().min(1).optional(),
  priority: z.enum(['interactive', 'bulk']).optional(),
};
const kind = z.enum(['outbound', 'inbound', 'receipt']).default('outbound');
const reason = z.string().min(1).max(200).default('by hand');

const pauseBody = z.strictObject({...filterFields, kind, reason});
const resumeBody = z.strictObject({...filterFields, kind});
const purgeBody = z.strictObject({
  ...filterFields,
  /** Purges without a filter; named, so that a forgotten one does not. */
  all: z.literal(true).optional(),
  /** Without it only the count is told. */
  confirm: z.boolean().default(false),
  reason,
});
const emptyBody = z.strictObject({});

/** The stop button, the carriers and a new reading of the configuration. */
export function routeControl(router: Router, guard: Guard, parts: ManagementParts): void {
  const {store, operations, log} = parts;

  async function carriers(ctx: RouterContext): Promise<void> {
    const [gates, queues, receipts] = await Promise.all([store.gates(), store.depths(), store.receiptCounts()]);
    const told = parts.carriers().map(status => ({
      ...status,
      pace: parts.paceOf(status.name),
      receipts: receipts.find(({carrier}) => carrier === status.name),
    }));
    ctx.body = {carriers: told, gates, queues};
  }

  async function pause(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {reason: why, ...filter} = parseBody(ctx, pauseBody);
    const queues = matching(parts, filter);
    await operations.pause(filter, why, by);
    ctx.body = {paused: filter, queues: queues.length, waiting: await countWaiting(parts, queues)};
  }

  async function resume(ctx: RouterContext, {by}: Caller): Promise<void> {
    const filter = parseBody(ctx, resumeBody);
    if (!(await operations.resume(filter, by))) throw await nothingPaused(parts, filter);
    ctx.body = {resumed: filter};
  }

  async function purge(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {reason: why, all, confirm, ...named} = parseBody(ctx, purgeBody);
    if (Object.keys(named).length === 0 && all !== true) {
      const message =
        'Name what to purge (platform, channel, carrier, priority), or send "all": true for everything that waits.';
      throw new Refusal(400, 'no_filter', message);
    }
    const filter = {...named, kind: 'outbound' as const};
    const queues = matching(parts, filter);
    const waiting = await countWaiting(parts, queues);
    if (!confirm) {
      ctx.body = {filter, waiting, purged: 0, confirmed: false};
      return;
    }
    const purged = await operations.purge(queues, why, by);
    ctx.body = {filter, waiting, purged, confirmed: true, left: await countWaiting(parts, queues)};
  }

  async function reload(ctx: RouterContext, {name, by}: Caller): Promise<void> {
    parseBody(ctx, emptyBody);
    const id = await store.audit({by, action: 'reload', target: {}, outcome: 'begun'});
    const result = await parts.reload(by);
    await store.endAudit(id, result.applied ? 'done' : 'refused');
    log.info('config.reloaded', {applied: result.applied, mistakes: result.mistakes.length, by: name});
    ctx.status = result.applied ? 200 : 422;
    ctx.body = result;
  }

  router.get('/api/carriers', guard('reader', carriers));
  router.post('/api/pause', guard('operator', pause));
  router.post('/api/resume', guard('operator', resume));
  router.post('/api/purge', guard('operator', purge));
  router.post('/api/reload', guard('operator', reload));
}
