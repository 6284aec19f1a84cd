import {z} from 'zod';
import {toAddress, withoutPrefix} from '../core/address.ts';
import {readTime} from '../core/point-in-time.ts';

/** As it is written; of what was stored so, too. */
export const writtenPhone = z.string().transform((raw, context) => {
  const address = toAddress(raw);
  if (address !== undefined) return address;
  context.addIssue({code: 'custom', message: 'write a phone number with its country code, such as +14155550123'});
  return z.NEVER;
});

/** However a platform writes it: texts are stored by the number alone. */
export const phone = writtenPhone.transform(withoutPrefix);

export const state = z.enum([
  'accepted',
  'sending',
  'sent',
  'delivered',
  'failed',
  'expired',
  'unknown',
  'posted',
  'handled',
]);

export const direction = z.enum(['outbound', 'inbound']);
export const name = z.string().min(1).max(200);

/** `1800000000000`, `2026-11-20`, `2026-11-20T22:10:00Z`; Unix ms. */
export const time = z.union([z.number(), z.string()]).transform((raw, context) => {
  const at = readTime(raw);
  if (at !== undefined) return at;
  context.addIssue({code: 'custom', message: 'write a time such as 2026-11-20T22:10:00Z, or Unix milliseconds'});
  return z.NEVER;
});

/** Which dead letters; all that are given must fit. */
export const deadLetterFilter = {
  reason: name.optional(),
  platform: name.optional(),
  channel: name.optional(),
  carrier: name.optional(),
  direction: direction.optional(),
  priority: z.enum(['interactive', 'bulk']).optional(),
  phone: phone.optional(),
  state: state.optional(),
  since: time.optional(),
  until: time.optional(),
};

/** Which messages. */
export const messageFilter = {
  phone: phone.optional(),
  channel: name.optional(),
  platform: name.optional(),
  carrier: name.optional(),
  state: state.optional(),
  direction: direction.optional(),
  since: time.optional(),
  until: time.optional(),
};
