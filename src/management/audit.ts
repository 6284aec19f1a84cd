import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {auditActions} from '../core/audit.ts';
import {name, time} from './filters.ts';
import type {Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {parseQuery} from './request.ts';

const query = z.strictObject({
  action: z.enum(auditActions).optional(),
  actor: name.optional(),
  since: time.optional(),
  until: time.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().min(1).max(20).optional(),
});

/** What operators did, by whatever way in. */
export function routeAudit(router: Router, guard: Guard, {store}: ManagementParts): void {
  async function list(ctx: RouterContext): Promise<void> {
    const {audits, next} = await store.audits(parseQuery(ctx, query));
    ctx.body = {audits, next: next ?? null};
  }

  router.get('/api/audit', guard('reader', list));
}
