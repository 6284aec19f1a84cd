import {isSupportedCountry} from 'libphonenumber-js/max';
import {z} from 'zod';
import {isAnsweredByNetwork} from '../core/consent.ts';
import type {AllowedCountries, Guards} from '../core/guards.ts';
import {isTimeZone} from '../core/local-time.ts';
import {duration} from './values.ts';

export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code of two capital letters, such as `US`.')
  .refine(isSupportedCountry, 'is no country with phone numbers of its own: give an ISO 3166 code, such as `US`.');

export const timeZone = z
  .string()
  .refine(isTimeZone, 'must be the IANA name of a time zone, such as `America/New_York` or `UTC`.');

const phoneOrPrefix = z
  .string()
  .transform(text => text.replace(/[\s().-]/g, ''))
  .refine(
    text => /^\+[1-9]\d{6,14}$/.test(text) || /^\+[1-9]\d{0,13}\*$/.test(text),
    'must be a number with its plus (`+14155550123`), or how numbers begin and a star (`+1415555*`).',
  );

/** What keeps a channel from doing harm. */
export const guardSettings = {
  allowedCountries: z
    .union([z.literal('all'), z.array(country).min(1).max(300)])
    .optional()
    .meta({
      fallback: "the channel's own",
      description:
        'ISO 3166 codes of the countries whose phones are written to, or `all`; other texts fail with MessageNotAllowed. Unset: the country of `address` with its territories, and whoever wrote in the last 24 h; no limit where the country is not known.',
    }),
  onlyTo: z
    .array(phoneOrPrefix)
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'For staging: numbers (`+14155550123`) and beginnings (`+1415555*`) of phones that are written to; every other text fails with MessageNotAllowed.',
    ),
  dailySegments: z
    .int()
    .min(1)
    .optional()
    .describe(
      'SMS on air of this channel a day, over all replicas; texts above it fail with RateLimited. Alerts come at 80 % and when it is reached.',
    ),
  timeZone: timeZone.default('UTC').describe('IANA name of the zone whose midnight begins a day of `dailySegments`.'),
  loopGuard: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe('Whether texts that two machines answer each other with are stopped.'),
      messages: z
        .int()
        .min(4)
        .max(100)
        .default(30)
        .describe('So many texts there and back in turns make a loop; the next fails with RateLimited, with an alert.'),
      within: duration('30s').describe(
        'Each of them no later than this after the one before it; a longer pause ends the loop.',
      ),
    })
    .prefault({})
    .describe('Stops a phone and the platform that answer each other without end.'),
};

const guardsSchema = z.object(guardSettings);
export type GuardsFile = z.infer<typeof guardsSchema>;

export function toGuards(
  {allowedCountries, onlyTo, dailySegments, timeZone: zone, loopGuard}: GuardsFile,
  sender: {address: string; country: string | undefined},
): Guards {
  const {enabled, messages, within} = loopGuard;
  return {
    countries: toCountries(allowedCountries, sender),
    onlyTo,
    dailySegments,
    timeZone: zone,
    loop: enabled ? {messages, withinMs: within} : undefined,
  };
}

/** What belongs to a country and has an ISO code, but its calling code and mostly its prices. */
const territories: Readonly<Record<string, readonly string[]>> = {
  US: ['PR', 'VI', 'GU', 'AS', 'MP'],
  GB: ['GG', 'JE', 'IM'],
  AU: ['CC', 'CX'],
  FI: ['AX'],
  IT: ['VA'],
  NO: ['SJ'],
};

function toCountries(
  allowed: GuardsFile['allowedCountries'],
  {address, country: own}: {address: string; country: string | undefined},
): AllowedCountries | undefined {
  if (allowed === 'all') return undefined;
  if (allowed !== undefined) return {codes: allowed, isDefault: false};
  if (own === undefined) return undefined;
  // A toll-free number is of the United States and of Canada alike.
  const others = isAnsweredByNetwork(address) ? ['US', 'CA'] : [];
  const codes = [...new Set([own, ...others])].flatMap(code => [code, ...(territories[code] ?? [])]);
  return {codes, isDefault: true};
}
