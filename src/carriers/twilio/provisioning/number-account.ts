import {z} from 'zod';
import type {NumberAccount, NumberLook} from '../../../core/number-account.ts';
import type {TwilioOptions} from '../options.ts';
import {createTwilioProvisioning} from './index.ts';
import type {TwilioNumber} from './numbers.ts';
import {isSameTarget, type NumberWebhook, toNumberWebhook, toOtherProduct} from './webhook.ts';

/** What a number was like before it was pointed here. */
const before = z.object({
  sid: z.string(),
  kind: z.enum(['number', 'short code']),
  smsUrl: z.string(),
  smsMethod: z.string(),
  smsFallbackUrl: z.string(),
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
  return {found: false, isHere: false, before: undefined, changes: [], notes, takenFrom: undefined};
}

function toLook(number: TwilioNumber, wanted: NumberWebhook): Omit<NumberLook, 'notes'> {
  const {smsUrl, service} = number;
  const isOurs = isSameTarget(smsUrl, wanted.smsUrl);
  return {
    found: true,
    isHere: isOurs,
    before: before.parse(number),
    changes: [
      ...listChanges(number, wanted),
      ...(service === undefined || service.defersToNumber ? [] : [toDefer(service.name)]),
    ],
    takenFrom: isOurs ? undefined : toOtherProduct(smsUrl),
  };
}

function listChanges(
  {smsUrl, smsMethod, smsFallbackUrl, smsApplicationSid}: TwilioNumber,
  wanted: NumberWebhook,
): string[] {
  const pairs = [
    ['webhook', smsUrl, wanted.smsUrl],
    ['method', smsMethod, wanted.method],
    ['fallback', smsFallbackUrl, wanted.smsFallbackUrl],
    ['application', smsApplicationSid, ''],
  ] as const;
  return pairs
    .filter(([, stands, wants]) => stands !== wants)
    .map(([what, stands, wants]) => `${what} ${stands || 'none'} -> ${wants || 'none'}`);
}

function toDefer(service: string): string {
  return `Messaging Service ${service}: leaves texts to the number's own webhook`;
}
