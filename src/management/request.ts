import type {RouterContext} from '@koa/router';
import bodyParser from 'koa-bodyparser';
import {type ZodType, z} from 'zod';
import {Refusal} from '../core/refusal.ts';

/**
 * Small JSON bodies, whatever type they are said to be (`curl -d` says a form): who names a channel must not stop all of them. Anything else is
 * refused with a sentence.
 */
export const readJson = bodyParser({
  enableTypes: ['json'],
  detectJSON: () => true,
  jsonLimit: '64kb',
  onerror: () => {
    throw new Refusal(400, 'invalid_body', 'The body must be a JSON object of at most 64 KiB.');
  },
});

export function parseQuery<T>(ctx: RouterContext, schema: ZodType<T>): T {
  return parse({...ctx.query}, schema, 'query parameter');
}

/** An absent body is an empty object; what stands in the query instead would be read by nobody. */
export function parseBody<T>(ctx: RouterContext, schema: ZodType<T>): T {
  if (ctx.querystring !== '')
    throw new Refusal(400, 'invalid_request', 'Say what in the body, as JSON: the query is not read here.');
  return parse(ctx.request.body ?? {}, schema, 'field');
}

function parse<T>(value: unknown, schema: ZodType<T>, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(issue => toSentence(issue, schema, what));
  throw new Refusal(400, 'invalid_request', sentences.join(' '));
}

function toSentence(issue: z.core.$ZodIssue, schema: ZodType, what: string): string {
  if (issue.code === 'unrecognized_keys') {
    const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    return `There is no ${what} ${issue.keys.join(', ')} here; known are ${known.join(', ')}.`;
  }
  return `The ${what} ${issue.path.join('.') || 'as a whole'} is not right: ${issue.message}.`;
}
