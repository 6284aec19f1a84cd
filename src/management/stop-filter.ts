import {z} from 'zod';
import {Refusal} from '../core/refusal.ts';
import {isOfTexts, type StopFilter} from '../core/stop.ts';
import {name, phone, time} from './filters.ts';

const queueFields = {
  platform: name.optional(),
  channel: name.optional(),
  carrier: name.optional(),
  priority: z.enum(['interactive', 'bulk']).optional(),
};
const textFields = {phone: phone.optional(), acceptedAfter: time.optional(), acceptedBefore: time.optional()};

const kind = z.enum(['outbound', 'inbound', 'receipt']).default('outbound');
const reason = z.string().min(1).max(200).default('by hand');

export const pauseBody = z.strictObject({...queueFields, ...textFields, kind, reason});
export const resumeBody = z.strictObject({...queueFields, ...textFields, kind});
export const drainBody = z.strictObject({...queueFields, phone: phone.optional(), reason});
export const purgeBody = z.strictObject({
  ...queueFields,
  ...textFields,
  /** Purges without a filter; named, so that a forgotten one does not. */
  all: z.literal(true).optional(),
  /** Without it only the count is told. */
  confirm: z.boolean().default(false),
  reason,
});

/** A filter that would stop something else than it says, or nothing at all. */
export function refuseMixed(filter: StopFilter): void {
  refuseNoTime(filter);
  if (isOfTexts(filter) && filter.kind !== 'outbound') {
    const message = `A phone or a time chooses among texts to phones only: leave it out, or the kind ${filter.kind}. Nothing was changed.`;
    throw new Refusal(400, 'mixed_filter', message);
  }
}

/** Whoever swaps the two, or names one day twice, believes that something is stopped. */
export function refuseNoTime({acceptedAfter = 0, acceptedBefore = Number.POSITIVE_INFINITY}: StopFilter): void {
  if (acceptedAfter < acceptedBefore) return;
  const message =
    acceptedAfter === acceptedBefore
      ? 'No text is accepted from a time on and before the same: a day ends where the next begins. Nothing was changed.'
      : 'No text is accepted from a time on and before an earlier one: swap the two. Nothing was changed.';
  throw new Refusal(400, 'no_time', message);
}

export function refuseMixedDrain({carrier, phone: number}: StopFilter): void {
  if (carrier === undefined || number === undefined) return;
  const message =
    'With a carrier a drain moves what waits for it, with a phone it refuses the platform’s texts to it: name one of them. Nothing was changed.';
  throw new Refusal(400, 'mixed_filter', message);
}
