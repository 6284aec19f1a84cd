/** Where a number's texts go. */

export interface NumberWebhook {
  smsUrl: string;
  smsFallbackUrl: string;
  method: 'POST';
}

/** Twilio tries an inbound webhook once unless its URL says otherwise; all tries end within 15 s. A 403 is not worth repeating. */
const overrides = '#rc=5&rp=5xx,ct,rt&ct=2000&rt=4000';

/** @param fallbackPublicUrl another host of ours, asked when the first one fails */
export function toNumberWebhook(publicUrl: string, carrier: string, fallbackPublicUrl = publicUrl): NumberWebhook {
  const path = `/twilio/${carrier}/inbound${overrides}`;
  return {smsUrl: publicUrl + path, smsFallbackUrl: fallbackPublicUrl + path, method: 'POST'};
}

/** Whether both lead to the same place, however they are written; connection overrides after `#` are not part of it. */
export function isSameTarget(one: string, other: string): boolean {
  return toPlace(one) === toPlace(other);
}

function toPlace(url: string): string {
  const [address = ''] = url.split('#');
  return URL.parse(address)?.href ?? address;
}

interface Number {
  smsUrl: string;
  service: {inboundUrl: string | null; defersToNumber: boolean} | undefined;
}

/** Where its texts go: a Messaging Service takes them unless it defers to the number. */
export function toInboundUrl({smsUrl, service}: Number): string {
  return service === undefined || service.defersToNumber ? smsUrl : (service.inboundUrl ?? '');
}

/** Its Messaging Service brings its texts here, and those to all its numbers: what the number itself says is not asked. */
export function isBroughtByService(number: Number, wanted: NumberWebhook): boolean {
  return number.service?.defersToNumber === false && isSameTarget(toInboundUrl(number), wanted.smsUrl);
}

/** Whose webhook this is, when it is one we know: moving the number takes it from that product. */
export function toOtherProduct(url: string): string | undefined {
  const host = URL.parse(url)?.hostname ?? '';
  if (/^byosms\./i.test(host)) return 'Genesys Cloud (BYO SMS)';
  if (/(^|\.)(dynamics\.com|omnichannelengagementhub\.com)$/i.test(host)) return 'Dynamics 365';
  if (/(^|\.)twilio\.com$/i.test(host)) return 'Twilio (its own sample or Studio)';
  return undefined;
}
