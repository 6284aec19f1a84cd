import {z} from 'zod';
import type {SendingHours} from '../core/sending-hours.ts';
import {timeZone} from './guards.ts';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMinutes = 1440;

const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, {
    error: 'must be a time of day in quotes, such as `"09:00"`.',
    abort: true,
  })
  .transform(text => {
    const [hours = 0, minutes = 0] = text.split(':').map(Number);
    return hours * 60 + minutes;
  });

export const sendingHoursBlock = z
  .strictObject({
    from: timeOfDay.default(540).meta({fallback: '09:00', description: 'When it begins, by the phone’s clock.'}),
    to: timeOfDay.default(1200).meta({fallback: '20:00', description: 'When it ends; the same day.'}),
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays])
      .describe('On which days of the week.'),
    outside: z
      .enum(['expire', 'wait'])
      .default('wait')
      .describe(
        '`wait`: such a text waits until it is time, while its `sendWithin` lasts, and stands in nobody’s way. `expire`: it fails with MessageExpired.',
      ),
    zones: z
      .array(timeZone)
      .min(1)
      .max(50)
      .optional()
      .describe('IANA names of zones that count instead of those the number can be in.'),
  })
  .refine(({from, to}) => from < to, {path: ['to'], message: 'must be later than `from`, on the same day.'});

export type SendingHoursFile = z.infer<typeof sendingHoursBlock>;

export function toSendingHours(file: SendingHoursFile | undefined): SendingHours | undefined {
  return file && {...file, days: file.days.map(day => weekdays.indexOf(day))};
}

/** A night's texts expire before the morning comes. */
export function complainOfHours({from, to, outside}: SendingHoursFile, sendWithinMs: number): string | undefined {
  const closedMs = (dayMinutes - (to - from)) * 60_000;
  if (outside !== 'wait' || sendWithinMs >= closedMs) return undefined;
  const hours = Math.ceil(closedMs / 3_600_000);
  return `let texts wait for up to ${hours} h, and sendWithin ends earlier: give sendWithin: ${hours}h or more, or many of them expire.`;
}
