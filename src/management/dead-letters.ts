import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {Refusal} from '../core/refusal.ts';
import {deadLetterFilter} from './filters.ts';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts, Page} from './parts.ts';
import {parseBody, parseQuery} from './request.ts';

const cursor = z.string().min(1).max(20).optional();

const listQuery = z.strictObject({
  ...deadLetterFilter,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: cursor,
});

const countQuery = z.strictObject(deadLetterFilter);

/** `until` and `run` of the answer before, and its `before`, when it was not the first. */
const pageBody = {
  ...deadLetterFilter,
  /** Names no filter; said, so that a forgotten one is none. */
  all: z.literal(true).optional(),
  limit: z.int().min(1).max(500).default(100),
  perSecond: z.number().min(0.1).max(1000).default(20),
  next: z.strictObject({before: cursor, until: z.int(), run: z.string().regex(/^\d{1,15}$/)}).optional(),
};
const replayBody = z.strictObject(pageBody);
const settleBody = z.strictObject({...pageBody, as: z.enum(['sent', 'failed', 'retry'])});

/** What ended badly: looked at, counted, and decided many at a time. */
export function routeDeadLetters(router: Router, guard: Guard, {store, operations}: ManagementParts): void {
  async function list(ctx: RouterContext): Promise<void> {
    const {deadLetters, next} = await store.deadLetters(parseQuery(ctx, listQuery));
    ctx.body = {deadLetters, next: next ?? null};
  }

  async function count(ctx: RouterContext): Promise<void> {
    const filter = parseQuery(ctx, countQuery);
    let found = 0;
    let before: string | undefined;
    do {
      const step = await store.countDeadLetters({...filter, before});
      found += step.count;
      before = step.next;
    } while (before !== undefined);
    ctx.body = {count: found};
  }

  async function replay(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {done: replayed, ...told} = await operations.replayMany(toPage(parseBody(ctx, replayBody), by));
    ctx.body = {replayed, ...told, next: told.next ?? null};
  }

  async function settle(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {as, ...asked} = parseBody(ctx, settleBody);
    const {done: settled, ...told} = await operations.settleMany(as, toPage(asked, by));
    ctx.body = {settled, as, ...told, next: told.next ?? null};
  }

  router.get('/api/dead-letters', guard('reader', list));
  router.get('/api/dead-letters/count', guard('reader', count));
  router.post('/api/dead-letters/replay', guard('operator', replay));
  router.post('/api/dead-letters/settle', guard('operator', settle));
}

function toPage({all, limit, perSecond, next, ...filter}: z.infer<typeof replayBody>, by: Caller['by']): Page {
  if (Object.values(filter).every(value => value === undefined) && all !== true) {
    const message = `Name which (${Object.keys(deadLetterFilter).join(', ')}), or send "all": true for every dead letter.`;
    throw new Refusal(400, 'no_filter', message);
  }
  return {filter, limit, perSecond, by, ...(next && {at: next})};
}
