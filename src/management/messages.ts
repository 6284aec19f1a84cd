import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {Refusal} from '../core/refusal.ts';
import {messageFilter} from './filters.ts';
import type {Caller, Guard} from './guard.ts';
import type {ManagementParts} from './parts.ts';
import {parseBody, parseQuery} from './request.ts';
import {toView} from './view.ts';

const page = {
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().min(1).max(500).optional(),
};

const messageQuery = z.strictObject({...messageFilter, ...page});

const oneQuery = z.strictObject({text: z.literal('1').optional()});
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
      const message = `The message ${messageId} has not ended badly, or its text is dropped: there is nothing to replay.`;
      throw new Refusal(409, 'not_ended', message);
    }
    if (result === 'unknown') {
      const message = `Whether the message ${messageId} was sent is not known: settle it, as sent, failed or retry.`;
      throw new Refusal(409, 'unknown', message);
    }
    if (result === 'unroutable') {
      const message = `No channel has the number ${messageId} was sent to, or its channel is gone: add the channel, or its address at that carrier, then replay again.`;
      throw new Refusal(409, 'unroutable', message);
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
      const message = `The message ${messageId} is not unknown (any more), or is to be sent again and its text is dropped: look at its state.`;
      throw new Refusal(409, 'not_unknown', message);
    }
    if (result === 'no_carrier') {
      const message = `The message ${messageId} may have been sent by a carrier that its channel does not have (any more), and no other may send it again: put that carrier back, or settle it as sent or failed.`;
      throw new Refusal(409, 'no_carrier', message);
    }
    ctx.body = {messageId, result, as};
  }

  router.get('/api/messages', guard('reader', list));
  router.get('/api/messages/:messageId', guard('reader', show));
  router.post('/api/messages/:messageId/replay', guard('operator', replay));
  router.post('/api/messages/:messageId/settle', guard('operator', settle));
}

function idOf(ctx: RouterContext): string {
  return ctx.params.messageId ?? '';
}

function notFound(messageId: string): Refusal {
  const message = `There is no message ${messageId.slice(0, 64)}: it is dropped after the retention, or the id is another's.`;
  return new Refusal(404, 'no_such_message', message);
}
