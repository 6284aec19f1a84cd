import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {Refusal} from '../core/refusal.ts';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {matching, nothingPaused} from './queues.ts';
import {parseBody} from './request.ts';
import {
  drainBody,
  pauseBody,
  purgeBody,
  refuseMixed,
  refuseMixedDrain,
  refuseNoTime,
  resumeBody,
} from './stop-filter.ts';

/** The stop button. */
export function routeStop(router: Router, guard: Guard, parts: ManagementParts): void {
  const {store, operations} = parts;

  async function pause(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {reason, ...filter} = parseBody(ctx, pauseBody);
    refuseMixed(filter);
    const queues = matching(parts, filter);
    await operations.pause(filter, reason, by);
    ctx.body = {paused: filter, queues: queues.length, ...(await operations.count(filter))};
  }

  async function drain(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {reason, ...named} = parseBody(ctx, drainBody);
    const filter = {...named, kind: 'outbound' as const};
    refuseMixedDrain(filter);
    const queues = matching(parts, filter);
    await operations.drain(filter, reason, by);
    ctx.body = {draining: filter, queues: queues.length, ...(await operations.count(filter))};
  }

  async function resume(ctx: RouterContext, {by}: Caller): Promise<void> {
    const filter = parseBody(ctx, resumeBody);
    if (!(await operations.resume(filter, by))) throw await nothingPaused(parts, filter);
    ctx.body = {resumed: filter};
  }

  async function purge(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {reason, all, confirm, ...named} = parseBody(ctx, purgeBody);
    if (Object.keys(named).length === 0 && all !== true) {
      const message =
        'Name what to purge (platform, channel, carrier, priority, phone, acceptedAfter, acceptedBefore), or send "all": true for everything that waits.';
      throw new Refusal(400, 'no_filter', message);
    }
    const filter = {...named, kind: 'outbound' as const};
    refuseNoTime(filter);
    matching(parts, filter);
    if (confirm) ctx.body = {filter, ...(await operations.purge(filter, reason, by)), confirmed: true};
    else ctx.body = {filter, ...(await operations.countToPurge(filter)), purged: 0, confirmed: false};
  }

  /** What is closed, and how much each still holds: nothing of it left is `drained`. */
  async function gates(ctx: RouterContext): Promise<void> {
    const found = await store.gates();
    const told = [];
    for (const gate of found) {
      const {waiting, underWay} = await operations.count(gate.filter);
      told.push({...gate, waiting, underWay, drained: waiting === 0 && underWay === 0});
    }
    ctx.body = {gates: told};
  }

  router.get('/api/gates', guard('reader', gates));
  router.post('/api/pause', guard('operator', pause));
  router.post('/api/resume', guard('operator', resume));
  router.post('/api/drain', guard('operator', drain));
  router.post('/api/purge', guard('operator', purge));
}
