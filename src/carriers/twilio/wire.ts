import type {MessageListInstanceCreateOptions} from 'twilio/lib/rest/api/v2010/account/message.js';
import {isPhone, maskPhone, toAddress} from '../../core/address.ts';
import type {InboundEvent, ReceiptEvent} from '../../core/event.ts';
import type {Media} from '../../core/message.ts';
import {cleanText} from '../../core/text.ts';
import {type ErrorOverrides, toErrorAction, toReason} from './errors.ts';
import type {Pair} from './signature.ts';

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
}

/** Queue time at Twilio, in seconds: 1 to 36,000, and more than 5 advised (twilio.com/docs/api/errors/90007). */
const validity = {least: 6, most: 36_000};

export function toCreate(message: NewMessage): MessageListInstanceCreateOptions {
  const seconds = Math.floor(message.sendWithinMs / 1000);
  return {
    to: withPrefixOf(message.from ?? '', message.to),
    statusCallback: message.statusCallback,
    validityPeriod: Math.min(Math.max(seconds, validity.least), validity.most),
    ...(message.from === undefined ? {} : {from: message.from}),
    ...(message.messagingServiceSid === undefined ? {} : {messagingServiceSid: message.messagingServiceSid}),
    ...(message.body === '' ? {} : {body: message.body}),
    ...(message.mediaUrls.length === 0 ? {} : {mediaUrl: [...message.mediaUrls]}),
  };
}

/** Twilio's connection overrides (twilio.com/docs/usage/webhooks/webhooks-connection-overrides): not signed, not sent. */
const tryAgain = '#rc=5&rp=5xx,ct,rt';

/** Carries our id and attempt: the signature covers the query, so a callback proves what an unanswered create became. */
export function toStatusCallback(base: string, messageId: string, attempt: number): string {
  return `${base}?mid=${encodeURIComponent(messageId)}&attempt=${attempt}${tryAgain}`;
}

const sid = /^(SM|MM)[0-9a-f]{32}$/i;

export function isMessageSid(text: unknown): text is string {
  return typeof text === 'string' && sid.test(text);
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
    text: cleanText(form.get('Body') ?? ''),
    media: toMedia(form),
    receivedAt,
    raw: toRaw(pairs),
  };
}

/** What became of a text of ours. `undefined`: not a status callback; `ignored`: a status that says nothing of it. */
export function toReceipt(
  pairs: readonly Pair[],
  receivedAt: number,
  overrides: ErrorOverrides,
): ReceiptEvent | 'ignored' | undefined {
  const form = new Map(pairs);
  const carrierMessageId = form.get('MessageSid');
  const status = form.get('MessageStatus') ?? form.get('SmsStatus');
  if (!isMessageSid(carrierMessageId) || status === undefined) return undefined;
  const fate = toFate(status, form, overrides);
  if (fate === undefined) return 'ignored';
  const messageId = form.get('mid') ?? '';
  const attempt = form.get('attempt') ?? '';
  const phone = toParty(form.get('To'));
  return {
    ...fate,
    carrierMessageId,
    receivedAt,
    raw: toRaw(pairs),
    ...(/^[\w.~-]{1,64}$/.test(messageId) ? {messageId} : {}),
    ...(/^[1-9]\d{0,6}$/.test(attempt) ? {attempt: Number(attempt)} : {}),
    ...(phone === undefined ? {} : {phone}),
  };
}

/** Twilio's words without phone numbers, for histories and receipts. */
export function scrub(words: string): string {
  return words
    .slice(0, 300)
    .replace(/\+?\d[\d\s().-]{5,}\d/g, maskPhone)
    .trim();
}

type Fate = Pick<ReceiptEvent, 'state' | 'final' | 'reason'>;

/** Callbacks come in any order and doubled; every one before the last word only shows that Twilio has the text. */
function toFate(status: string, form: ReadonlyMap<string, string>, overrides: ErrorOverrides): Fate | undefined {
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
    case 'partially_delivered':
      return {state: 'sent', final: false};
    case 'delivered':
    case 'read':
      return {state: 'delivered', final: true};
    case 'canceled':
      return {state: 'failed', final: true, reason: {code: 'MessageNotAllowed', message: 'Canceled at Twilio'}};
    case 'undelivered':
    case 'failed':
      return toFailure(status, form, overrides);
    default:
      return undefined;
  }
}

function toFailure(status: string, form: ReadonlyMap<string, string>, overrides: ErrorOverrides): Fate {
  const code = Number(form.get('ErrorCode') ?? form.get('SmsErrorCode') ?? '');
  const words = scrub(form.get('ErrorMessage') ?? form.get('ChannelStatusMessage') ?? '');
  if (!Number.isInteger(code) || code <= 0) {
    return {state: 'failed', final: true, reason: {code: 'GeneralError', message: `Twilio: ${words || status}`}};
  }
  const reason = toReason(code, words, overrides);
  return {state: reason.code === 'MessageExpired' ? 'expired' : 'failed', final: true, reason};
}

/** Whether the failure is the sender's, not the text's: nothing of it will pass until somebody mends it. */
export function isSendersFault(form: ReadonlyMap<string, string>, overrides: ErrorOverrides): boolean {
  const code = Number(form.get('ErrorCode') ?? '');
  return code > 0 && toErrorAction(code, overrides) === 'configuration';
}

function toMedia(form: ReadonlyMap<string, string>): Media[] {
  const count = Math.min(Number(form.get('NumMedia') ?? '0') || 0, 10);
  return Array.from({length: count}, (_, index) => {
    const url = form.get(`MediaUrl${index}`) ?? '';
    const contentType = form.get(`MediaContentType${index}`);
    return {url, ...(contentType ? {contentType} : {})};
  }).filter(media => media.url !== '');
}

/**
 * A phone is a phone by whatever channel it writes: the channel's own address keeps the prefix, so nothing is lost.
 * What is no phone (`whatsapp:` with a business-scoped user id) stays as it is.
 */
function toParty(raw: string | undefined): string | undefined {
  if (raw === undefined || raw.trim() === '') return undefined;
  const bare = toAddress(raw.replace(/^\s*[a-z]+:/i, ''));
  if (bare !== undefined && isPhone(bare)) return bare;
  return toAddress(raw) ?? raw.trim();
}

/** Both ends of a message are addresses of one channel: a `whatsapp:` sender writes to `whatsapp:` recipients. */
function withPrefixOf(sender: string, recipient: string): string {
  const prefix = /^[a-z]+:/i.exec(sender)?.[0] ?? '';
  return prefix === '' || /^[a-z]+:/i.test(recipient) ? recipient : prefix + recipient;
}

/** Without texts and what else tells of the person, and with phones masked. */
function toRaw(pairs: readonly Pair[]): string {
  const shown = pairs
    .filter(([name]) => !/^(Body|mid|attempt|ProfileName|WaId|Address|Latitude|Longitude)$/.test(name))
    .map(([name, value]): [string, string] => [name, toShown(name, value)]);
  return new URLSearchParams(shown).toString();
}

function toShown(name: string, value: string): string {
  if (/^(From|To)$|Sender$/.test(name)) return maskPhone(value);
  return /Message$/.test(name) ? scrub(value) : value;
}
