import {z} from 'zod';
import {longestTimerDays, longestTimerMs, parseDuration} from '../../core/duration.ts';

/** Kinds of settings this carrier has more than one of. */

export function httpUrl() {
  return z
    .string()
    .refine(
      text => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
      'Give a URL that begins with https:// (or http://).',
    )
    .transform(text => text.replace(/\/+$/, ''));
}

export function label() {
  return z.string().regex(/^[a-z0-9-]{1,40}$/, 'Give one name in lower-case letters, such as ie1 or dublin.');
}

export function duration(fallback: string) {
  return z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDuration(text);
      if (ms !== undefined && ms > 0 && ms <= longestTimerMs) return ms;
      context.addIssue({
        code: 'custom',
        message: `Give a duration such as 30s, 5m or 4h, of at most ${longestTimerDays} days.`,
      });
      return z.NEVER;
    });
}
