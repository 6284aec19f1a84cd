import {z} from 'zod';
import type {Channel} from '../../core/channel.ts';
import {isSameSecret} from './signature.ts';

/** Nexus can send static headers with its webhooks. Some prove where a call comes from, some are to travel on with the message. */

const token = /^[\w!#$%&'*+.^`|~-]{1,64}$/;

/** Hop-by-hop (RFC 9110 7.6.1), signatures, credentials, and what the calls say themselves: these never travel on. */
const bound =
  /^(connection|keep-alive|proxy-.*|te|trailers?|transfer-encoding|upgrade|host|content-.*|expect|accept.*|authorization|(set-)?cookie2?|forwarded|via|x-forwarded-.*|x-real-ip|x-hub-signature.*|x-twilio-signature|x-b3-.*|b3|traceparent|tracestate|x-api-key|x-ccid|user-agent|date|__proto__)$/i;

const maxValueLength = 256;

const name = z
  .string()
  .regex(token, 'a header name has letters, digits and hyphens')
  .transform(header => header.toLowerCase());
const secret = z
  .string()
  .min(1)
  .max(1000)
  .regex(
    /^[^\s\p{Cc}]([^\p{Cc}]*[^\s\p{Cc}])?$/u,
    'no header has such a value: take blanks off its ends, and line breaks out',
  );

const rules = {
  require: z
    .array(
      z.strictObject({
        name: name.describe('Name of the header.'),
        value: z.union([secret, z.array(secret).min(1).max(10)]).describe('Its secret value; of a list any one.'),
      }),
    )
    .max(10)
    .default([])
    .describe(
      'Headers a webhook must have, else 401: name and value, or values while one is changed. Never passed on.',
    ),
  capture: z
    .array(
      name.refine(
        header => !bound.test(header),
        'this header can’t be passed on: it belongs to one connection or proves something',
      ),
    )
    .max(20)
    .default([])
    .describe('Headers kept with the message, shown in its history and passed on with each call about it.'),
};

export const headerOptions = z
  .strictObject({
    ...rules,
    channels: z
      .record(z.string(), z.strictObject(rules))
      .default({})
      .describe('The same by id of one of its channels, beside those for all.'),
  })
  .superRefine(({channels, ...all}, context) => {
    const both = [all, ...Object.values(channels)].flatMap(own => {
      const secrets = [...all.require, ...own.require].map(({name}) => name);
      return [...all.capture, ...own.capture].filter(header => secrets.includes(header));
    });
    for (const header of new Set(both))
      context.addIssue({code: 'custom', message: `${header} is required, so it is a secret: leave it out of capture`});
    for (const [path, required] of toRequired({channels, ...all})) {
      const twice = required.find((rule, index) => required.slice(0, index).some(other => isAgainst(rule, other)));
      if (twice === undefined) continue;
      const message = `requires ${twice.name} twice with other values, so no webhook could pass: list the values that may be there in one value`;
      context.addIssue({code: 'custom', path, message});
    }
  });

/** What is required of each webhook, by where it stands. */
function toRequired({require: all, channels}: HeaderOptions): Array<[path: string[], HeaderOptions['require']]> {
  if (Object.keys(channels).length === 0) return [[['require'], all]];
  return Object.entries(channels).map(([id, own]) => [
    ['channels', id],
    [...all, ...own.require],
  ]);
}

function isAgainst(one: HeaderOptions['require'][number], other: HeaderOptions['require'][number]): boolean {
  const values = [other.value].flat();
  return one.name === other.name && ![one.value].flat().some(value => values.includes(value));
}

export type HeaderOptions = z.output<typeof headerOptions>;
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Empty when it is absent. */
export function headerOf(headers: Headers, header: string): string {
  const given = headers[header];
  return typeof given === 'string' ? given : '';
}

/** Every header whose value some channel requires. */
export function toSecretNames({require: all, channels}: HeaderOptions): string[] {
  const required = [...all, ...Object.values(channels).flatMap(own => own.require)];
  return [...new Set(required.map(({name: header}) => header))];
}

/** What the options say of one channel: worked out once, for its id is looked up among names that others chose. */
export type ChannelHeaders = Pick<HeaderOptions, 'require' | 'capture'>;

export function toChannelHeaders(options: HeaderOptions, {id}: Pick<Channel, 'id'>): ChannelHeaders {
  const own = options.channels[id];
  return {
    require: [...options.require, ...(own?.require ?? [])],
    capture: [...new Set([...options.capture, ...(own?.capture ?? [])])],
  };
}

/** Whether every header the channel requires is there and right. All are compared, in constant time. */
export function hasRequired(headers: Headers, {require: required}: ChannelHeaders): boolean {
  const wrong = required.filter(({name, value}) => {
    const given = headerOf(headers, name);
    const right = [value].flat().filter(one => isSameSecret(given, one));
    return right.length === 0;
  });
  return wrong.length === 0;
}

/** What the channel captures; values that could not stand in a header of ours are left out. */
export function toCaptured(headers: Headers, {capture}: ChannelHeaders): Record<string, string> {
  if (capture.length === 0) return {};
  return toPassable(Object.fromEntries(capture.map(header => [header, headers[header]])));
}

/** Only what may leave with a call of ours: no name that is bound to a connection, no value that could inject. */
export function toPassable(headers: Headers): Record<string, string> {
  const passable = Object.entries(headers).flatMap(([header, value]) =>
    typeof value === 'string' && token.test(header) && !bound.test(header) && isSafe(value)
      ? [[header.toLowerCase(), value]]
      : [],
  );
  return Object.fromEntries(passable);
}

function isSafe(value: string): boolean {
  return value.length <= maxValueLength && /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value);
}
