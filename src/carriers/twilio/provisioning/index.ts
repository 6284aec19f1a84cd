import {connectTwilio} from '../client.ts';
import type {TwilioOptions} from '../options.ts';
import {checkAccount} from './account.ts';
import {diagnose} from './diagnose.ts';
import type {Finding} from './finding.ts';
import {
  clearWebhook,
  deferToNumber,
  findNumber,
  type NumberBefore,
  putBack,
  setWebhook,
  type TwilioNumber,
} from './numbers.ts';
import {isSameTarget, type NumberWebhook} from './webhook.ts';

export type {Finding} from './finding.ts';
export type {TwilioNumber, TwilioService} from './numbers.ts';
export {checkSender, type WantedSender} from './sender.ts';
export {type NumberWebhook, toNumberWebhook} from './webhook.ts';

/** What `provision` and `doctor` do at Twilio. Calls but `checkAccount` reject with `ApiFault`, which holds no secret. */
export interface TwilioProvisioning {
  /** Whether the credentials are good: never rejects. */
  checkAccount(): Promise<Finding>;
  /** Reads a number and says what is wrong with it; changes nothing. */
  inspect(address: string, wanted: NumberWebhook): Promise<{number: TwilioNumber | undefined; findings: Finding[]}>;
  /** Points the number at us, and lets its Messaging Service defer to it. The number as it is then; undefined: the account has none. */
  point(address: string, wanted: NumberWebhook): Promise<TwilioNumber | undefined>;
  /** Takes the webhooks away from a number that points at us; others stay. */
  release(address: string, wanted: NumberWebhook): Promise<void>;
  /** Has the number's texts go where they went before. */
  putBack(before: NumberBefore): Promise<void>;
  close(): void;
}

export function createTwilioProvisioning(settings: TwilioOptions): TwilioProvisioning {
  const connection = connectTwilio(settings);
  const {client, close} = connection;
  return {
    checkAccount: () => checkAccount(connection, settings.accountSid),
    async inspect(address, wanted) {
      const number = await findNumber(client, address);
      return {number, findings: diagnose(address, number, wanted)};
    },
    async point(address, wanted) {
      const number = await findNumber(client, address);
      if (number === undefined) return undefined;
      await setWebhook(client, number, wanted);
      if (number.service !== undefined && !number.service.defersToNumber)
        await deferToNumber(client, number.service.sid);
      return findNumber(client, address);
    },
    async release(address, wanted) {
      const number = await findNumber(client, address);
      if (number === undefined || !isSameTarget(number.smsUrl, wanted.smsUrl)) return;
      await clearWebhook(client, number);
    },
    putBack: before => putBack(client, before),
    close,
  };
}
