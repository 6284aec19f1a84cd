import type {MessageListInstanceCreateOptions} from 'twilio/lib/rest/api/v2010/account/message.js';
import {toAddress} from '../../core/address.ts';
import type {InboundEvent} from '../../core/event.ts';
import type {Pair} from '../../core/form.ts';
import type {Media} from '../../core/message.ts';
import {cleanText} from '../../core/text.ts';
import {isMessageSid, toParty, toRaw} from './parts.ts';

/** Twilio's forms and answers, to and from ours. */

export interface NewMessage {
  to: string;
  /** The entry's address; undefined lets the Messaging Service pick. */
  from: string | undefined;
  messagingServiceSid: string | undefined;
  body: string;
  mediaUrls: readonly string[];
  statusCallback: string;
  sendWithinMs: number;
  /** A Content template instead of the text, with its variables as JSON. */
  template: {contentSid: string; contentVariables: string} | undefined;
}

/** Queue time at Twilio, in seconds: 1 to 36,000, and more than 5 advised (twilio.com/docs/api/errors/90007). */
const validity = {least: 6, most: 36_000};

export function toCreate(message: NewMessage): MessageListInstanceCreateOptions {
  const seconds = Math.floor(message.sendWithinMs / 1000);
  return {
    to: message.to,
    statusCallback: message.statusCallback,
    validityPeriod: Math.min(Math.max(seconds, validity.least), validity.most),
    ...(message.from === undefined ? {} : {from: message.from}),
    ...(message.messagingServiceSid === undefined ? {} : {messagingServiceSid: message.messagingServiceSid}),
    ...(message.template ?? (message.body === '' ? {} : {body: message.body})),
    ...(message.mediaUrls.length === 0 ? {} : {mediaUrl: [...message.mediaUrls]}),
  };
}

/** Both ends of a message are addresses of one channel: a `whatsapp:` sender writes to `whatsapp:` recipients. */
export function toParties(
  sender: string,
  recipient: string,
  anySender: boolean,
): {from: string | undefined; to: string} {
  const prefix = /^[a-z]+:/i.exec(sender)?.[0] ?? '';
  const to = prefix === '' || /^[a-z]+:/i.test(recipient) ? recipient : prefix + recipient;
  return {from: anySender ? undefined : sender, to};
}

/** Twilio's connection overrides (twilio.com/docs/usage/webhooks/webhooks-connection-overrides): not signed, not sent. */
const tryAgain = '#rc=5&rp=5xx,ct,rt';

/** Longer addresses are cut or refused on the way; what does not fit is left out whole. */
const longestCallback = 2000;

/**
 * Carries our id and attempt: the signature covers the query, so a callback proves what an unanswered create became. What was captured of the
 * platform's headers follows as `h-<name>`, for whoever stands between Twilio and us.
 */
export function toStatusCallback(
  base: string,
  messageId: string,
  attempt: number,
  headers: Readonly<Record<string, string>> = {},
): string {
  let url = `${base}?mid=${encodeURIComponent(messageId)}&attempt=${attempt}`;
  for (const [name, value] of Object.entries(headers)) {
    const parameter = `&h-${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    if (url.length + parameter.length + tryAgain.length <= longestCallback) url += parameter;
  }
  return url + tryAgain;
}

/** The text a phone wrote, or undefined when the form holds none. */
export function toInbound(pairs: readonly Pair[], receivedAt: number): InboundEvent | undefined {
  const form = new Map(pairs);
  const carrierMessageId = form.get('MessageSid');
  const from = toParty(form.get('From'));
  const to = form.get('To')?.trim() ?? '';
  if (!isMessageSid(carrierMessageId) || from === undefined || to === '') return undefined;
  return {
    carrierMessageId,
    from,
    to: toAddress(to) ?? to,
    text: cleanText(toText(form)),
    media: toMedia(form),
    receivedAt,
    raw: toRaw(pairs),
    ...toConsent(form.get('OptOutType')),
  };
}

/** A pressed WhatsApp button and a shared place have no `Body` of their own. */
function toText(form: ReadonlyMap<string, string>): string {
  const body = form.get('Body') || form.get('ButtonText');
  if (body) return body;
  const [latitude, longitude] = [form.get('Latitude'), form.get('Longitude')];
  if (!latitude || !longitude) return '';
  return [form.get('Label'), form.get('Address'), `${latitude},${longitude}`].filter(Boolean).join('\n');
}

/** The mark of Advanced Opt-Out, also for words of other languages (twilio.com/docs/messaging/tutorials/advanced-opt-out). Without it our own words decide. */
function toConsent(optOutType: string | undefined): Pick<InboundEvent, 'consent'> {
  switch (optOutType?.toUpperCase()) {
    case 'STOP':
      return {consent: 'stop'};
    case 'START':
      return {consent: 'start'};
    case 'HELP':
      return {consent: 'help'};
    default:
      return {};
  }
}

function toMedia(form: ReadonlyMap<string, string>): Media[] {
  const count = Math.min(Number(form.get('NumMedia') ?? '0') || 0, 10);
  return Array.from({length: count}, (_, index) => {
    const url = form.get(`MediaUrl${index}`) ?? '';
    const contentType = form.get(`MediaContentType${index}`);
    return {url, ...(contentType ? {contentType} : {})};
  }).filter(media => media.url !== '');
}
