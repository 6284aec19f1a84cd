import {z} from 'zod';
import {longestTimerDays, parseDuration} from '../core/duration.ts';

const dayMs = 86_400_000;
const maxDays = 366;

/** `30s`, `4h`, `30d` in the file, milliseconds in the configuration. */
export function duration(fallback: string) {
  return text.default(fallback).transform((value, context) => toMs(value, context));
}

/** The same, for what is kept for years. */
export function longDuration(fallback: string) {
  return text.default(fallback).transform((value, context) => toMs(value, context, 10 * maxDays));
}

/** The same, for what a timer waits for. */
export function timerDuration(fallback: string) {
  return text.default(fallback).transform((value, context) => toMs(value, context, longestTimerDays));
}

/** The same, or `0s`: at once. */
export function delay(fallback: string, mostDays = maxDays) {
  return text
    .default(fallback)
    .transform((value, context) => (/^0+[a-z]+$/.test(value) ? 0 : toMs(value, context, mostDays)));
}

/** The same, for what a timer waits for. */
export function timerDelay(fallback: string) {
  return delay(fallback, longestTimerDays);
}

export function optionalDuration() {
  return text.transform((value, context) => toMs(value, context)).optional();
}

const text = z.string().meta({format: 'duration'});

function toMs(value: string, context: z.RefinementCtx, mostDays = maxDays): number {
  const ms = parseDuration(value);
  if (ms !== undefined && ms > 0 && ms <= mostDays * dayMs) return ms;
  const message = `must be a duration of at most ${mostDays} days such as \`500ms\`, \`30s\`, \`5m\`, \`4h\` or \`${Math.min(30, mostDays)}d\`.`;
  context.addIssue({code: 'custom', message});
  return z.NEVER;
}

/** Of a platform or a carrier: it stands in URLs, queue names and metric labels. */
export const partyName = z
  .string()
  .regex(
    /^[a-z\d][\w-]{0,39}$/i,
    'must be a name of 1 to 40 letters, digits, dashes or underscores (no `|`, `/` or dot).',
  );

/** A channel's id stands in URLs and queue names too; a platform chooses it: digits, a plus, a sender name. */
export const channelId = z
  .string()
  .max(64)
  .superRefine((id, context) => {
    const message = toIdComplaint(id);
    if (message !== undefined) context.addIssue({code: 'custom', message});
  });

function toIdComplaint(id: string): string | undefined {
  if (id.includes('@') || /^[a-z\d-]+(\.[a-z\d-]+)*\.[a-z]{2,}$/i.test(id)) {
    return 'is an e-mail domain: the Async service carries e-mail channels too, but this gateway serves SMS only. Leave this channel out here and give its e-mail to a gateway for e-mail.';
  }
  if (/^[a-z\d+][\w+:-]{0,63}$/i.test(id)) return undefined;
  return 'must be letters, digits, `+`, `:`, `_` or `-`, as the platform writes it (no `|`, `/` or blank).';
}

export const secret = z
  .string()
  .refine(text => text.trim() !== '', 'must not be empty: without a secret nothing can be verified or signed.');

/** One or several: all of them are accepted, or tried in this order. */
export const secrets = z
  .union([secret, z.array(secret).min(1)])
  .transform(value => (Array.isArray(value) ? value : [value]));

export const port = z.int().min(0).max(65_535);

export const httpUrl = z.string().superRefine((text, context) => {
  const url = URL.parse(text);
  const fits =
    url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '';
  if (!fits)
    context.addIssue({
      code: 'custom',
      message: 'must be a URL with http:// or https:// and without user, query or fragment.',
    });
});
