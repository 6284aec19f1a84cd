import {randomBytes} from 'node:crypto';

/** A message as the pretend Twilio keeps it; the names of the API's parameters are Twilio's. */
export interface PretendMessage {
  sid: string;
  direction: 'outbound-api' | 'inbound';
  To: string;
  From: string | undefined;
  MessagingServiceSid: string | undefined;
  Body: string;
  MediaUrl: string[];
  StatusCallback: string | undefined;
  ValidityPeriod: number;
  ContentSid: string | undefined;
  ContentVariables: string | undefined;
  status: string;
  errorCode: number | undefined;
  /** Unix ms. */
  at: number;
  media: PretendMedia[];
}

export interface PretendMedia {
  sid: string;
  contentType: string;
  body: Buffer;
}

export function newSid(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}

/** The Message resource of the API version 2010-04-01: counts are strings, dates RFC 2822. */
export function toResource(message: PretendMessage, accountSid: string): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  const date = toRfc2822(message.at);
  const sent = message.status !== 'queued' && message.status !== 'accepted';
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.Body,
    date_created: date,
    date_sent: sent ? date : null,
    date_updated: date,
    direction: message.direction,
    error_code: message.errorCode ?? null,
    error_message: null,
    from: message.From ?? null,
    messaging_service_sid: message.MessagingServiceSid ?? null,
    num_media: String(Math.max(message.MediaUrl.length, message.media.length)),
    num_segments: message.From === undefined ? '0' : String(countSegments(message.Body)),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: {media: `${uri}/Media.json`},
    to: message.To,
    uri: `${uri}.json`,
  };
}

/** `Fri, 20 Nov 2026 23:05:08 +0000`. */
function toRfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

/** Near enough for a pretence: what is all ASCII counts as GSM 7 bit. */
function countSegments(text: string): number {
  const narrow = /^[\x20-\x7e\r\n]*$/.test(text);
  const [single, part] = narrow ? [160, 153] : [70, 67];
  return text.length <= single ? 1 : Math.ceil(text.length / part);
}
