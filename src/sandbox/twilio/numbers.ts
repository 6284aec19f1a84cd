import type {ApiAnswer, ApiRequest} from './api.ts';

/** A phone number or short code of the account, as its resource has it. */
export interface PretendNumber {
  /** `PN…` or `SC…`. */
  sid: string;
  phone_number: string;
  sms_url: string;
  sms_method: string;
  sms_fallback_url: string;
  sms_fallback_method: string;
  sms_application_sid: string;
  capabilities: {sms: boolean; mms: boolean; voice: boolean};
}

export interface PretendService {
  sid: string;
  friendly_name: string;
  inbound_request_url: string | null;
  use_inbound_webhook_on_number: boolean;
  /** Sids of the numbers in its pool. */
  numbers: string[];
  /** `VERIFIED`, `IN_PROGRESS`, `FAILED`; none: no campaign. */
  campaign_status?: string;
}

export interface NumbersApiOptions {
  accountSid: string;
  numbers: PretendNumber[];
  services: PretendService[];
  /** Verification of toll-free numbers by their sid. */
  tollFree: Map<string, string>;
}

const fields = ['sms_url', 'sms_method', 'sms_fallback_url', 'sms_fallback_method', 'sms_application_sid'] as const;

/** The numbers, short codes and Messaging Services of the account. */
export function createNumbersApi({accountSid, numbers, services, tollFree}: NumbersApiOptions) {
  const base = `/2010-04-01/Accounts/${accountSid}`;

  function answer({method, url, form, authorization}: ApiRequest): ApiAnswer | undefined {
    const path = url.pathname;
    if (path.startsWith('/v1/') && isOfParent(authorization)) return answerParent(url);
    if (path === `${base}/IncomingPhoneNumbers.json`) {
      const wanted = url.searchParams.get('PhoneNumber');
      const found = ofKind('PN').filter(one => wanted === null || one.phone_number.includes(wanted));
      return list('incoming_phone_numbers', found.map(toResource), url);
    }
    if (path === `${base}/SMS/ShortCodes.json`) {
      const wanted = url.searchParams.get('ShortCode');
      const found = ofKind('SC').filter(one => wanted === null || one.phone_number.includes(wanted));
      return list('short_codes', found.map(toResource), url);
    }
    const number = numbers.find(one => path.endsWith(`/${one.sid}.json`));
    if (number !== undefined) return {status: 200, body: toResource(method === 'POST' ? change(number, form) : number)};
    return answerService({method, url, form});
  }

  function answerService({method, url, form}: Pick<ApiRequest, 'method' | 'url' | 'form'>): ApiAnswer | undefined {
    const path = url.pathname;
    if (path === '/v1/Services') return page('services', services.map(toService), url);
    if (path === '/v1/Tollfree/Verifications') {
      const status = tollFree.get(url.searchParams.get('TollfreePhoneNumberSid') ?? '');
      return page('verifications', status === undefined ? [] : [{sid: `HH${'1'.repeat(32)}`, status}], url);
    }
    const service = services.find(one => path.startsWith(`/v1/Services/${one.sid}`));
    if (service === undefined) return undefined;
    if (path === `/v1/Services/${service.sid}`) return answerOne(service, method, form);
    return answerPool(service, numbers, url);
  }

  /** An account that calls products other than the API itself sees its own things alone. */
  function isOfParent(authorization = ''): boolean {
    const [username = ''] = Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
      .toString('utf8')
      .split(':');
    return username.startsWith('AC') && username !== accountSid;
  }

  function ofKind(prefix: string): PretendNumber[] {
    return numbers.filter(one => one.sid.startsWith(prefix));
  }

  return {answer};
}

/** It has nothing. */
function answerParent(url: URL): ApiAnswer | undefined {
  if (url.pathname === '/v1/Services') return page('services', [], url);
  return url.pathname === '/v1/Tollfree/Verifications' ? page('verifications', [], url) : undefined;
}

function answerOne(service: PretendService, method: string, form: URLSearchParams): ApiAnswer {
  const defers = form.get('UseInboundWebhookOnNumber');
  if (method === 'POST' && defers !== null) service.use_inbound_webhook_on_number = defers === 'true';
  return {status: 200, body: toService(service)};
}

function answerPool(service: PretendService, numbers: readonly PretendNumber[], url: URL): ApiAnswer | undefined {
  const ofKind = (prefix: string) => service.numbers.filter(sid => sid.startsWith(prefix)).map(toMember);
  const toMember = (sid: string) => {
    const address = numbers.find(one => one.sid === sid)?.phone_number;
    return {sid, [sid.startsWith('SC') ? 'short_code' : 'phone_number']: address};
  };
  const {campaign_status} = service;
  const campaigns = campaign_status === undefined ? [] : [{sid: `QE${'1'.repeat(32)}`, campaign_status}];
  if (url.pathname.endsWith('/PhoneNumbers')) return page('phone_numbers', ofKind('PN'), url);
  if (url.pathname.endsWith('/ShortCodes')) return page('short_codes', ofKind('SC'), url);
  if (url.pathname.endsWith('/Compliance/Usa2p')) return page('compliance', campaigns, url);
  return undefined;
}

/** A short code has its digits under another name and no capabilities; what is not set is null where only a sid may stand. */
function toResource(number: PretendNumber): Record<string, unknown> {
  const {phone_number, capabilities, sms_application_sid, ...own} = number;
  if (own.sid.startsWith('SC')) return {...own, short_code: phone_number};
  return {...own, phone_number, capabilities, sms_application_sid: sms_application_sid || null};
}

function toService({numbers: _, campaign_status: __, ...own}: PretendService): Record<string, unknown> {
  return own;
}

/** `SmsUrl` of the form is `sms_url` of the resource. */
function change(number: PretendNumber, form: URLSearchParams): PretendNumber {
  for (const field of fields) {
    const parameter = field.replace(/(^|_)([a-z])/g, (_, _dash, letter: string) => letter.toUpperCase());
    const value = form.get(parameter);
    if (value !== null) number[field] = value;
  }
  return number;
}

/** Lists of 2010-04-01: so many as are asked for. */
function list(key: string, items: unknown[], url: URL): ApiAnswer {
  const shown = items.slice(0, Number(url.searchParams.get('PageSize') ?? 50));
  return {status: 200, body: {[key]: shown, page: 0, page_size: 50, uri: url.pathname, next_page_uri: null}};
}

/** Lists of the newer APIs. */
function page(key: string, items: unknown[], url: URL): ApiAnswer {
  return {status: 200, body: {[key]: items, meta: {key, page: 0, page_size: 50, url: url.href, next_page_url: null}}};
}
