import {z} from 'zod';
import {isTlvName} from '../codec.ts';

export const noSuchTlv = 'no TLV of that name; write its tag, like 0x1403';

/** By name or tag. Whatever would leave as other octets than were written is a mistake. */
export const tlvs = z
  .record(z.string().min(1), z.union([z.string(), z.int().nonnegative()]))
  .superRefine((written, context) => {
    for (const [name, value] of Object.entries(written)) {
      const message = isTlvName(name) ? toMistake(value) : noSuchTlv;
      if (message !== undefined) context.addIssue({code: 'custom', path: [name], message});
    }
  });

function toMistake(value: string | number): string | undefined {
  if (typeof value === 'number') {
    return value > 0xffff_ffff ? 'a number takes at most 4 octets; digits that are text stand in quotes' : undefined;
  }
  if (value.startsWith('hex:')) {
    return /^hex:(?:[\da-f]{2})*$/i.test(value)
      ? undefined
      : 'must be two hexadecimal digits for each octet after hex:';
  }
  return /^[\0-\xff]*$/.test(value) ? undefined : 'holds a character beyond Latin-1; write its octets as hex:…';
}
