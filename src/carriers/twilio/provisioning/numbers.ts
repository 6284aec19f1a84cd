import type twilioLibrary from 'twilio';
import {isShortCode} from '../../../core/address.ts';
import {ApiFault} from '../api-fault.ts';
import type {NumberWebhook} from './webhook.ts';

/** A number or short code of the account, and what decides where its texts go. */
export interface TwilioNumber {
  sid: string;
  address: string;
  kind: 'number' | 'short code';
  smsUrl: string;
  smsMethod: string;
  smsFallbackUrl: string;
  smsFallbackMethod: string;
  /** Set: all `Sms…Url` of the number are ignored. */
  smsApplicationSid: string;
  canSms: boolean;
  /** The Messaging Service it sits in. */
  service: TwilioService | undefined;
  /** A2P campaign of that service, or the verification of a toll-free number, as Twilio calls its state. */
  registration: string | undefined;
}

export interface TwilioService {
  sid: string;
  name: string;
  /** Null: texts to its numbers are dropped. */
  inboundUrl: string | null;
  /** "Defer to sender's webhook". */
  defersToNumber: boolean;
  /** How many numbers it has beside this one. */
  others: number;
}

const mostServices = 200;
/** Twilio lists every number of which the wanted one is a part. */
const mostFitting = 1000;

/** Reads a number with its service and registration. Undefined: the account has no such number. Rejects with `ApiFault`. */
export async function findNumber(client: twilioLibrary.Twilio, address: string): Promise<TwilioNumber | undefined> {
  const number = isShortCode(address) ? await findShortCode(client, address) : await findPhone(client, address);
  if (number === undefined) return undefined;
  const service = await findService(client, number);
  return {...number, service, registration: await findRegistration(client, number, service)};
}

/** Points a number at us. Rejects with `ApiFault`. */
export async function setWebhook(
  client: twilioLibrary.Twilio,
  number: TwilioNumber,
  webhook: NumberWebhook,
): Promise<void> {
  const {smsUrl, smsFallbackUrl, method} = webhook;
  const changes = {smsUrl, smsMethod: method, smsFallbackUrl, smsFallbackMethod: method};
  if (number.kind === 'short code') {
    await client.shortCodes(number.sid).update(changes);
    return;
  }
  await client.incomingPhoneNumbers(number.sid).update({...changes, smsApplicationSid: ''});
}

/** Leaves the number without a webhook. Rejects with `ApiFault`. */
export async function clearWebhook(client: twilioLibrary.Twilio, {kind, sid}: TwilioNumber): Promise<void> {
  const changes = {smsUrl: '', smsFallbackUrl: ''};
  if (kind === 'short code') await client.shortCodes(sid).update(changes);
  else await client.incomingPhoneNumbers(sid).update(changes);
}

/** Has a number's texts go where they went, its service too. Rejects with `ApiFault`. */
export async function putBack(client: twilioLibrary.Twilio, before: NumberBefore): Promise<void> {
  const {sid, kind, smsUrl, smsMethod, smsFallbackUrl, smsFallbackMethod, smsApplicationSid, service} = before;
  const methods = {smsMethod: smsMethod || 'POST', smsFallbackMethod: smsFallbackMethod || 'POST'};
  const changes = {smsUrl, smsFallbackUrl, ...methods};
  if (kind === 'short code') await client.shortCodes(sid).update(changes);
  else await client.incomingPhoneNumbers(sid).update({...changes, smsApplicationSid});
  if (service === undefined) return;
  await client.messaging.v1.services(service.sid).update({useInboundWebhookOnNumber: service.defersToNumber});
}

/** What of a number `putBack` needs. */
export type NumberBefore = Omit<TwilioNumber, 'address' | 'canSms' | 'service' | 'registration'> & {
  service?: Pick<TwilioService, 'sid' | 'defersToNumber'> | undefined;
};

/** "Defer to sender's webhook": each number of the service gets its own texts. Rejects with `ApiFault`. */
export async function deferToNumber(client: twilioLibrary.Twilio, serviceSid: string): Promise<void> {
  await client.messaging.v1.services(serviceSid).update({useInboundWebhookOnNumber: true});
}

type Own = Omit<TwilioNumber, 'service' | 'registration'>;

async function findPhone(client: twilioLibrary.Twilio, phoneNumber: string): Promise<Own | undefined> {
  const fitting = await client.incomingPhoneNumbers.list({phoneNumber, limit: mostFitting});
  const found = fitting.find(one => one.phoneNumber === phoneNumber);
  if (found === undefined) return undefined;
  return {
    sid: found.sid,
    address: phoneNumber,
    kind: 'number',
    smsUrl: found.smsUrl ?? '',
    smsMethod: found.smsMethod ?? '',
    smsFallbackUrl: found.smsFallbackUrl ?? '',
    smsFallbackMethod: found.smsFallbackMethod ?? '',
    smsApplicationSid: found.smsApplicationSid ?? '',
    canSms: found.capabilities?.sms === true,
  };
}

async function findShortCode(client: twilioLibrary.Twilio, shortCode: string): Promise<Own | undefined> {
  const fitting = await client.shortCodes.list({shortCode, limit: mostFitting});
  const found = fitting.find(one => one.shortCode === shortCode);
  if (found === undefined) return undefined;
  return {
    sid: found.sid,
    address: shortCode,
    kind: 'short code',
    smsUrl: found.smsUrl ?? '',
    smsMethod: found.smsMethod ?? '',
    smsFallbackUrl: found.smsFallbackUrl ?? '',
    smsFallbackMethod: found.smsFallbackMethod ?? '',
    smsApplicationSid: '',
    canSms: true,
  };
}

type Member = {sid: string};

/** A number belongs to one service at most; none of them says so, the services list their numbers. */
async function findService(client: twilioLibrary.Twilio, number: Own): Promise<TwilioService | undefined> {
  for (const service of await client.messaging.v1.services.list({limit: mostServices})) {
    const pool = client.messaging.v1.services(service.sid);
    const listPhones = (): Promise<Member[]> => pool.phoneNumbers.list();
    const listCodes = (): Promise<Member[]> => pool.shortCodes.list();
    const [listOwnKind, listOther] = number.kind === 'number' ? [listPhones, listCodes] : [listCodes, listPhones];
    const members = await listOwnKind();
    if (!members.some(member => member.sid === number.sid)) continue;
    return {
      sid: service.sid,
      name: service.friendlyName,
      inboundUrl: service.inboundRequestUrl || null,
      defersToNumber: service.useInboundWebhookOnNumber === true,
      others: members.length - 1 + (await listOther()).length,
    };
  }
  return undefined;
}

/** Undefined: none, or one that these credentials may not see. */
async function findRegistration(
  client: twilioLibrary.Twilio,
  number: Own,
  service: TwilioService | undefined,
): Promise<string | undefined> {
  try {
    return await readRegistration(client, number, service);
  } catch (fault) {
    if (fault instanceof ApiFault && (fault.status === 404 || fault.status === 403)) return undefined;
    throw fault;
  }
}

async function readRegistration(
  client: twilioLibrary.Twilio,
  number: Own,
  service: TwilioService | undefined,
): Promise<string | undefined> {
  if (isTollFree(number.address)) {
    const [verification] = await client.messaging.v1.tollfreeVerifications.list({
      tollfreePhoneNumberSid: number.sid,
      limit: 1,
    });
    return verification?.status;
  }
  if (service === undefined) return undefined;
  const [campaign] = await client.messaging.v1.services(service.sid).usAppToPerson.list({limit: 1});
  return campaign?.campaignStatus;
}

export function isTollFree(address: string): boolean {
  return /^\+1(800|833|844|855|866|877|888)\d{7}$/.test(address);
}
