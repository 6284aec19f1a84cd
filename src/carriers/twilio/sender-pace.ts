import {isPhone, isShortCode} from '../../core/address.ts';
import type {CarrierEntry} from '../../core/channel.ts';
import {entry as entrySchema} from './options.ts';

/** SMS a second by kind of sender (twilio.com/docs/messaging/guides/rate-limits): Twilio queues what is more, for up to ten hours. */
const perSecond = {longCode: 1, tollFree: 3, shortCode: 100, whatsapp: 80};

/** What one sender may send: its own setting, or the default of its kind. A pool's sum is not known. */
export function toSenderPace(entry: CarrierEntry): {key: string; messagesPerSecond: number} | undefined {
  const {messagesPerSecond, messagingServiceSid, anySender} = entrySchema.parse(entry.options);
  const pooled = messagingServiceSid !== undefined && anySender === true;
  const rate = messagesPerSecond ?? (pooled ? undefined : defaultRate(entry.address));
  return rate === undefined ? undefined : {key: pooled ? messagingServiceSid : entry.address, messagesPerSecond: rate};
}

function defaultRate(address: string): number | undefined {
  if (address.startsWith('whatsapp:')) return perSecond.whatsapp;
  if (isShortCode(address)) return perSecond.shortCode;
  if (/^\+1(800|833|844|855|866|877|888)\d{7}$/.test(address)) return perSecond.tollFree;
  return isPhone(address) ? perSecond.longCode : undefined;
}
