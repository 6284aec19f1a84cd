import {Readable} from 'node:stream';
import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import type {Actor} from '../core/audit.ts';
import type {Log} from '../core/log.ts';
import {Refusal} from '../core/refusal.ts';
import type {PhoneHoldings, Store, Tidied} from '../store/store.ts';
import {writtenPhone as phone} from './filters.ts';
import type {Caller, Guard} from './guard.ts';
import {parseBody, parseQuery} from './request.ts';
import {toView} from './view.ts';

export interface PrivacyParts {
  store: Pick<Store, 'dossier' | 'looseEnds' | 'reseal' | 'audit' | 'endAudit' | 'addDone'>;
  forget: {
    held(phone: string): Promise<PhoneHoldings & {recordings: number}>;
    order(phone: string, by: Actor, atOnce: boolean): Promise<'ordered' | 'noKey'>;
    isUnderWay(phone: string): boolean;
    lastTidied(): Tidied | undefined;
    tidy(rewrite: boolean): Promise<Tidied>;
  };
  log: Log;
}

const phoneQuery = z.strictObject({phone});
const forgetBody = z.strictObject({
  phone,
  /** Without it only the counts are told. */
  confirm: z.boolean().default(false),
  atOnce: z.boolean().default(false),
});
const tidyBody = z.strictObject({rewrite: z.boolean().default(false)});
const resealBody = z.strictObject({
  after: z.int().min(0).default(0),
  limit: z.int().min(1).max(1000).default(500),
});
const pageSize = 100;

/** What is kept of a phone: told, forgotten; and how texts are sealed. */
export function routePrivacy(router: Router, guard: Guard, {store, forget, log}: PrivacyParts): void {
  async function look(ctx: RouterContext): Promise<void> {
    const {phone: of} = parseQuery(ctx, phoneQuery);
    ctx.body = await toState(of);
  }

  async function order(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {phone: of, confirm, atOnce} = parseBody(ctx, forgetBody);
    const before = await forget.held(of);
    if (!confirm) {
      ctx.body = {confirmed: false, before};
      return;
    }
    if ((await forget.order(of, by, atOnce)) === 'noKey') {
      const message =
        'The phone is on opt-out lists, and would be written to again: give privacy.phoneKeys a secret under whose hash it stays there, then forget it.';
      throw new Refusal(409, 'no_phone_key', message);
    }
    ctx.body = {confirmed: true, before, ...(await toState(of))};
  }

  async function toState(of: string) {
    const held = await forget.held(of);
    return {done: held.orders === 0 && !forget.isUnderWay(of), held, files: forget.lastTidied() ?? null};
  }

  async function tidy(ctx: RouterContext): Promise<void> {
    ctx.body = await forget.tidy(parseBody(ctx, tidyBody).rewrite);
  }

  async function reseal(ctx: RouterContext): Promise<void> {
    const {after, limit} = parseBody(ctx, resealBody);
    const {changed, next} = await store.reseal(after, limit);
    ctx.body = {changed, next: next ?? null};
  }

  /** The asking is on disk before the first line leaves. */
  async function tell(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {phone: of} = parseQuery(ctx, phoneQuery);
    const run = await store.audit({by, action: 'export', target: {what: 'a phone', phone: of}, outcome: 'begun'});
    log.info('privacy.exported', {phone: of, by: by.name});
    ctx.type = 'application/x-ndjson';
    ctx.body = Readable.from(toLines(store, of, run));
  }

  router.get('/api/forget', guard('operator', look));
  router.post('/api/forget', guard('operator', order));
  router.post('/api/tidy', guard('operator', tidy));
  router.post('/api/reseal', guard('operator', reseal));
  router.get('/api/phone', guard('operator', tell));
}

async function* toLines(store: PrivacyParts['store'], phone: string, run: string): AsyncGenerator<string> {
  const {consents, receipts, webhooks, parts} = await store.looseEnds(phone);
  for (const consent of consents) yield toLine('consent', consent);
  for (const receipt of receipts) yield toLine('unmatched receipt', {receipt});
  for (const webhook of webhooks) yield toLine('unreadable webhook', webhook);
  for (const part of parts) yield toLine('part of a text', part);
  let count = 0;
  let before: string | undefined;
  do {
    const page = await store.dossier(phone, pageSize, before);
    for (const {webhook, deadLetter, ...record} of page.messages) {
      yield toLine('message', {...toView(record, true), webhook, deadLetter});
      count += 1;
    }
    before = page.next;
  } while (before !== undefined);
  await store.addDone(run, count);
  await store.endAudit(run, 'done');
  yield toLine('end', {messages: count, consents: consents.length, receipts: receipts.length, parts: parts.length});
}

function toLine(kind: string, what: object): string {
  return `${JSON.stringify({kind, ...what})}\n`;
}
