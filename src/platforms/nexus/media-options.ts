import {z} from 'zod';
import {longestTimerDays, longestTimerMs, parseDuration} from '../../core/duration.ts';

const rightPath = 'a path starts with / and may hold {channelId}, as /channels/{channelId}/messages';

/** A path of Nexus, in which nothing but `names` may stand in braces: whatever else does would be sent as it is. */
export function apiPath(...names: readonly string[]) {
  const stays = names.length === 0 ? 'takes nothing in braces' : `takes nothing in braces but ${names.join(' and ')}`;
  return z
    .string()
    .regex(/^\/[\w\-./{}~]*$/, rightPath)
    .refine(path => !/[{}]/.test(names.reduce((rest, name) => rest.replaceAll(name, ''), path)), stays);
}

export const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms <= longestTimerMs) return ms;
  context.addIssue({
    code: 'custom',
    message: `a duration reads as 500ms, 30s, 5m or 4h, and is at most ${longestTimerDays} days`,
  });
  return z.NEVER;
});

/** Media upload is the one endpoint Genesys documents, its signature and limits are not (facts 2.2 a, 7.13 to 7.15). */
export const mediaOptions = z.strictObject({
  uploadPath: apiPath('{channelId}')
    .default('/channels/{channelId}/media')
    .describe('Where files from phones are uploaded.'),
  signature: z
    .enum(['body', 'file'])
    .default('body')
    .describe('What the signature of an upload is made over: the whole multipart `body`, or the `file` in it.'),
  maxBytes: z
    .int()
    .min(1)
    .max(20_971_520)
    .default(5_242_880)
    .describe('Larger files are not uploaded: the text carries the notice instead.'),
  types: z
    .array(
      z
        .string()
        .regex(/^[\w.+-]+\/([\w.+-]+|\*)$/, 'a type reads as image/jpeg or image/*')
        .toLowerCase(),
    )
    .default(['image/jpeg', 'image/png', 'image/gif'])
    .describe('Types of files that are uploaded.'),
  notice: z
    .string()
    .max(200)
    .default('[a file could not be delivered]')
    .describe('Last line of an inbound text whose file Nexus or the settings refuse; empty for none.'),
  retryFor: duration
    .prefault('10m')
    .describe(
      'How long a text waits for a file that can’t be had or uploaded, also while a setting is wrong; then it goes with the notice.',
    ),
  download: z
    .boolean()
    .default(false)
    .describe(
      'Fetch genesys:// references of outbound messages from Nexus, signed over the empty body. Otherwise a text goes without such a file, and a file without text fails with MediaTypeNotAllowed.',
    ),
  downloadPath: apiPath('{channelId}', '{mediaId}')
    .refine(path => path.includes('{mediaId}'), 'needs {mediaId}: every file would be fetched from one address')
    .default('/channels/{channelId}/media/{mediaId}')
    .describe('Where genesys:// references are fetched.'),
});
