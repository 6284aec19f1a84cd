import {toMediaUrl} from './media.ts';
import {newSid, type PretendMessage} from './message.ts';

export interface PhoneText {
  webhookUrl: string;
  from: string;
  to: string;
  text: string;
  media?: Array<{contentType: string; body: Buffer}>;
  /** Twilio's advanced opt-out marks. */
  optOutType?: 'STOP' | 'START' | 'HELP';
  /** Not posted to the webhook: it only stands in the list of messages. */
  lost?: boolean;
  /** Unix ms; now unless given. */
  at?: number;
}

export function toInboundMessage(text: PhoneText): PretendMessage {
  const media = (text.media ?? []).map(one => ({...one, sid: newSid('ME')}));
  return {
    sid: newSid(media.length > 0 ? 'MM' : 'SM'),
    direction: 'inbound',
    To: text.to,
    From: text.from,
    MessagingServiceSid: undefined,
    Body: text.text,
    MediaUrl: [],
    StatusCallback: undefined,
    ValidityPeriod: 0,
    ContentSid: undefined,
    ContentVariables: undefined,
    status: 'received',
    errorCode: undefined,
    at: text.at ?? Date.now(),
    media,
  };
}

/** twilio.com/docs/messaging/guides/webhook-request: geography is often empty, and signed all the same. */
export function toInboundForm(
  message: PretendMessage,
  text: PhoneText,
  accountSid: string,
  base: string,
): Record<string, string> {
  const media = message.media.flatMap((one, index) => [
    [`MediaUrl${index}`, toMediaUrl(base, accountSid, message, one)],
    [`MediaContentType${index}`, one.contentType],
  ]);
  return {
    ToCountry: 'US',
    ToState: '',
    ToCity: '',
    ToZip: '',
    FromCountry: 'US',
    FromState: '',
    FromCity: '',
    FromZip: '',
    SmsMessageSid: message.sid,
    SmsSid: message.sid,
    MessageSid: message.sid,
    AccountSid: accountSid,
    SmsStatus: 'received',
    From: text.from,
    To: text.to,
    Body: text.text,
    NumMedia: String(message.media.length),
    NumSegments: '1',
    ApiVersion: '2010-04-01',
    ...(text.optOutType === undefined ? {} : {OptOutType: text.optOutType}),
    ...Object.fromEntries(media),
  };
}
