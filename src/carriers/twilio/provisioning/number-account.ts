import {z} from 'zod';
import type {NumberAccount, NumberLook} from '../../../core/number-account.ts';
import type {TwilioOptions} from '../options.ts';
import {createTwilioProvisioning} from './index.ts';
import type {TwilioNumber, TwilioService} from './numbers.ts';
import {
  isBroughtByService,
  isSameTarget,
  type NumberWebhook,
  toInboundUrl,
  toNumberWebhook,
  toOtherProduct,
} from './webhook.ts';

/** What a number was like before it was pointed here. */
const before = z.object({
  sid: z.string(),
  kind: z.enum(['number', 'short code']),
  smsUrl: z.string(),
  smsMethod: z.string(),
  smsFallbackUrl: z.string(),
  smsFallbackMethod: z.string().default(''),
  smsApplicationSid: z.string(),
  service: z.object({sid: z.string(), defersToNumber: z.boolean()}).optional(),
});

/** The numbers of a Twilio account, for the commands that set up. */
export function createNumberAccount(
  settings: TwilioOptions,
  {name, publicUrl}: {name: string; publicUrl: string},
): NumberAccount {
  const wanted = toNumberWebhook(publicUrl, name);
  const provisioning = createTwilioProvisioning(settings);
  return {
    async look(address) {
      const {number, findings} = await provisioning.inspect(address, wanted);
      const notes = findings
        .filter(({level, code}) => level !== 'ok' && !mended.includes(code))
        .map(({message}) => message);
      return number === undefined ? absent(notes) : {...toLook(number, wanted), notes};
    },
    async point(address) {
      await provisioning.point(address, wanted);
    },
    async release(address) {
      await provisioning.release(address, wanted);
    },
    putBack: stood => provisioning.putBack(before.parse(stood)),
    close: provisioning.close,
  };
}

/** What pointing the number mends, or what is told otherwise. */
const mended: readonly string[] = [
  'no_webhook',
  'webhook_elsewhere',
  'webhook_of_other_product',
  'webhook_method',
  'no_fallback',
  'application_overrides',
  'messaging_service_overrides',
  'number_not_found',
];

function absent(notes: readonly string[]): NumberLook {
  return {
    found: false,
    isHere: false,
    before: undefined,
    changes: [],
    comesAnyway: undefined,
    notes,
    takenFrom: undefined,
  };
}

function toLook(number: TwilioNumber, wanted: NumberWebhook): Omit<NumberLook, 'notes'> {
  const {smsUrl, service} = number;
  const goesTo = toInboundUrl(number);
  const defer = service === undefined || service.defersToNumber ? [] : [toDefer(service)];
  const isByService = isBroughtByService(number, wanted);
  return {
    found: true,
    isHere: isSameTarget(smsUrl, wanted.smsUrl),
    before: before.parse(number),
    // The service's other numbers would be left without, were it told to defer.
    changes: isByService ? [] : [...listChanges(number, wanted), ...defer],
    comesAnyway: isByService
      ? `Messaging Service ${service?.name} brings the texts to all its numbers here: take the number out of it, or change its webhook, at Twilio`
      : undefined,
    takenFrom: isSameTarget(goesTo, wanted.smsUrl) ? undefined : (toOtherProduct(goesTo) ?? toOtherProduct(smsUrl)),
  };
}

function listChanges(
  {smsUrl, smsMethod, smsFallbackUrl, smsFallbackMethod, smsApplicationSid}: TwilioNumber,
  wanted: NumberWebhook,
): string[] {
  const pairs = [
    ['webhook', smsUrl, wanted.smsUrl],
    ['method', smsMethod, wanted.method],
    ['fallback', smsFallbackUrl, wanted.smsFallbackUrl],
    ['fallback method', smsFallbackMethod, wanted.method],
    ['application', smsApplicationSid, ''],
  ] as const;
  return pairs
    .filter(([, stands, wants]) => stands !== wants)
    .map(([what, stands, wants]) => `${what} ${stands || 'none'} -> ${wants || 'none'}`);
}

function toDefer({name, others}: TwilioService): string {
  const line = `Messaging Service ${name}: leaves texts to the number's own webhook`;
  return others === 0 ? line : `${line}, and those to ${others} more to theirs: without one they are lost`;
}
