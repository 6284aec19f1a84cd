import {createHmac, timingSafeEqual} from 'node:crypto';

/** What a Nexus wants of its callers. Genesys does not publish it: each member is one of the things a gateway must be able to adapt to. */
export interface NexusVariant {
  basePath: string;
  messagePath: string;
  receiptPath: string;
  /** Receipts come to the message path, as messages of type Receipt. Otherwise one that does is taken for a text and opens a chat. */
  receiptAsMessage: boolean;
  messageEnvelope: NexusEnvelope;
  receiptEnvelope: NexusEnvelope;
  messageIdIn: 'any' | 'id' | 'channel.messageId';
  numberForm: 'any' | 'digits' | 'e164';
  channelType: string;
  /** Asked for as `x-api-key` when set. */
  apiKey: string | undefined;
  signatureEncoding: 'hex' | 'base64';
  /** What a wrong signature is answered. */
  wrongSignature: 401 | 403;
  mediaPath: string;
  /** What an upload's signature is made over. */
  mediaSignature: 'body' | 'file';
  /** Larger files are answered 413. */
  maxMediaBytes: number;
  /** Others are answered 400. */
  mediaTypes: readonly string[];
  /** Where files can be fetched, signed over the empty body; undefined: nowhere. */
  downloadPath: string | undefined;
}

export type NexusEnvelope = 'messages' | 'single' | 'data' | 'dataSingle';
export type PostKind = 'messages' | 'receipts' | 'media';

export const likeliestVariant: NexusVariant = {
  basePath: '/nexus/v3',
  messagePath: '/channels/{channelId}/messages',
  receiptPath: '/channels/{channelId}/receipts',
  receiptAsMessage: false,
  messageEnvelope: 'messages',
  receiptEnvelope: 'messages',
  messageIdIn: 'any',
  numberForm: 'any',
  channelType: 'sms',
  apiKey: undefined,
  signatureEncoding: 'hex',
  wrongSignature: 401,
  mediaPath: '/channels/{channelId}/media',
  mediaSignature: 'body',
  maxMediaBytes: 5_242_880,
  mediaTypes: ['image/jpeg', 'image/png', 'image/gif'],
  downloadPath: undefined,
};

/** The channel of a path that fits `template` (`/channels/{channelId}/messages`), or undefined. */
export function matchPath(path: string, template: string): string | undefined {
  const [before, after] = template.split('{channelId}');
  if (before === undefined || after === undefined || !path.startsWith(before) || !path.endsWith(after))
    return undefined;
  const channel = path.slice(before.length, path.length - after.length);
  return channel === '' || channel.includes('/') ? undefined : decodeURIComponent(channel);
}

export function sign(bytes: Uint8Array, secret: string, encoding: 'hex' | 'base64' = 'hex'): string {
  return `sha1=${createHmac('sha1', secret).update(bytes).digest(encoding)}`;
}

export function isSigned(header: unknown, bytes: Uint8Array, secret: string, encoding: 'hex' | 'base64'): boolean {
  const [given, right] = [Buffer.from(String(header)), Buffer.from(sign(bytes, secret, encoding))];
  return given.length === right.length && timingSafeEqual(given, right);
}

/** The messages inside their envelope; undefined when it is another envelope. */
export function unwrap(body: unknown, envelope: NexusEnvelope): unknown[] | undefined {
  switch (envelope) {
    case 'messages': {
      const messages = memberOf(body, 'messages');
      return Array.isArray(messages) ? messages : undefined;
    }
    case 'single':
      return memberOf(body, 'type') === undefined ? undefined : [body];
    case 'data':
      return unwrap(memberOf(body, 'data'), 'messages');
    case 'dataSingle':
      return unwrap(memberOf(body, 'data'), 'single');
  }
}

/** What is wrong with a message, in a sentence, or undefined. */
export function toFault(message: unknown, kind: PostKind, variant: NexusVariant): string | undefined {
  const channel = memberOf(message, 'channel');
  const ids = {id: memberOf(message, 'id'), 'channel.messageId': memberOf(channel, 'messageId')};
  const id = variant.messageIdIn === 'any' ? (ids.id ?? ids['channel.messageId']) : ids[variant.messageIdIn];
  if (typeof id !== 'string' || id === '') return `no message id in ${variant.messageIdIn}`;
  if (memberOf(channel, 'type') !== variant.channelType) return `channel.type is not ${variant.channelType}`;
  const phone = memberOf(memberOf(channel, kind === 'messages' ? 'from' : 'to'), 'id');
  if (typeof phone !== 'string' || !isNumberForm(phone, variant.numberForm))
    return 'the phone number is absent or in another form';
  if (Number.isNaN(Date.parse(String(memberOf(channel, 'time'))))) return 'channel.time is no ISO time';
  if (kind === 'messages') return typeof memberOf(message, 'text') === 'string' ? undefined : 'a message without text';
  return ['Sent', 'Delivered', 'Read', 'Failed'].includes(String(memberOf(message, 'status')))
    ? undefined
    : 'no such status';
}

export function isReceipt(messages: readonly unknown[]): boolean {
  return messages.length > 0 && messages.every(message => memberOf(message, 'type') === 'Receipt');
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isNumberForm(phone: string, form: NexusVariant['numberForm']): boolean {
  if (form === 'any') return true;
  return form === 'digits' ? /^\d+$/.test(phone) : /^(\+\d{7,15}|\d{3,8})$/.test(phone);
}
