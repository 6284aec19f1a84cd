import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {toAddress} from '../core/address.ts';
import {Refusal} from '../core/refusal.ts';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {parseBody, parseQuery} from './request.ts';
import {toView} from './view.ts';

const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().min(1).max(500).optional(),
};

const phone = z.string().transform((raw, context) => {
  const address = toAddress(raw);
  if (address !== undefined) return address;
  context.addIssue({code: 'custom', message: 'write a phone number with its country code, such as +14155550123'});
  return z.NEVER;
});

const states = [
  'accepted',
  'sending',
  'sent',
  'delivered',
  'failed',
  'expired',
  'unknown',
  'posted',
  'handled',
] as const;

const messageQuery = z.strictObject({
  phone: phone.optional(),
  channel: z.string().optional(),
  platform: z.string().optional(),
  carrier: z.string().optional(),
  state: z.enum(states).optional(),
  direction: z.enum(['outbound', 'inbound']).optional(),
  ...page,
});

const oneQuery = z.strictObject({text: z.literal('1').optional()});
const deadLetterQuery = z.strictObject({reason: z.string().max(100).optional(), ...page});
const settleBody = z.strictObject({as: z.enum(['sent', 'failed', 'retry'])});
const emptyBody = z.strictObject({});

/** What became of messages, and what a person may do about one. */
export function routeMessages(router: Router, guard: Guard, {store, operations, log}: ManagementParts): void {
  async function list(ctx: RouterContext): Promise<void> {
    const {messages, next} = await store.find(parseQuery(ctx, messageQuery));
    ctx.body = {messages: messages.map(message => toView(message, false)), next: next ?? null};
  }

  async function show(ctx: RouterContext, {name, by}: Caller): Promise<void> {
    const withText = parseQuery(ctx, oneQuery).text === '1';
    const messageId = idOf(ctx);
    // The asking is on disk before the text leaves.
    const audit = {by, action: 'text_shown', target: {messageId}} as const;
    if (withText) await store.note(messageId, 'text_shown', {by: name}, audit);
    const record = await store.get(messageId, withText);
    if (record === undefined) throw notFound(messageId);
    if (withText) log.info('message.text_shown', {messageId, by: name});
    ctx.body = toView(record, withText);
  }

  async function replay(ctx: RouterContext, {by}: Caller): Promise<void> {
    parseBody(ctx, emptyBody);
    const messageId = idOf(ctx);
    const result = await operations.replay(messageId, by);
    if (result === 'not_found') throw notFound(messageId);
    if (result === 'not_ended') {
      const message = `The message ${messageId} has not ended badly: there is nothing to replay. An unknown one is settled instead.`;
      throw new Refusal(409, 'not_ended', message);
    }
    if (result === 'unreadable') {
      const message = `The webhook of ${messageId} still can't be read: set the platform's contract to where its fields are, then replay again.`;
      throw new Refusal(409, 'unreadable', message);
    }
    ctx.body = {messageId, result};
  }

  async function settle(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {as} = parseBody(ctx, settleBody);
    const messageId = idOf(ctx);
    const result = await operations.settle(messageId, as, by);
    if (result === 'not_found') throw notFound(messageId);
    if (result === 'not_unknown') {
      const message = `The message ${messageId} is not unknown (any more): look at its state, there is nothing to settle.`;
      throw new Refusal(409, 'not_unknown', message);
    }
    ctx.body = {messageId, result, as};
  }

  async function listDeadLetters(ctx: RouterContext): Promise<void> {
    const {deadLetters, next} = await store.deadLetters(parseQuery(ctx, deadLetterQuery));
    ctx.body = {deadLetters, next: next ?? null};
  }

  router.get('/api/messages', guard('reader', list));
  router.get('/api/messages/:messageId', guard('reader', show));
  router.post('/api/messages/:messageId/replay', guard('operator', replay));
  router.post('/api/messages/:messageId/settle', guard('operator', settle));
  router.get('/api/dead-letters', guard('reader', listDeadLetters));
}

function idOf(ctx: RouterContext): string {
  return ctx.params.messageId ?? '';
}

function notFound(messageId: string): Refusal {
  const message = `There is no message ${messageId.slice(0, 64)}: it is dropped after the retention, or the id is another's.`;
  return new Refusal(404, 'no_such_message', message);
}
