import {isSenderName, toAddress} from '../../core/address.ts';
import type {Media} from '../../core/message.ts';
import {cleanText} from '../../core/text.ts';
import type {OutboundText} from '../platform.ts';
import type {Contract} from './contract.ts';
import {toEventName} from './family.ts';
import {firstWords, isObject, member, type Place, toPlace, toWords, valuesAt, wordsAt} from './places.ts';

/** One message of a webhook: a text to send, an event to drop, or something to keep until somebody can read it. */
export type Element =
  | {kind: 'text'; text: OutboundText}
  | {kind: 'event'; name: string}
  | {kind: 'unreadable'; why: string; message: unknown};

/** Where each value may stand, in order (facts 1.3). */
export type Places = Readonly<Record<'to' | 'from' | 'text' | 'id' | 'media', readonly Place[]>>;

const knownPlaces = {
  to: ['channel.to.id', 'channel.to', 'to.id', 'to', 'recipient'],
  from: ['channel.from.id', 'channel.from', 'from.id', 'from', 'channel.id', 'channelId'],
  text: ['text', 'content[].text.body', 'content[].text', 'body', 'message'],
  id: ['id', 'messageId', 'channel.messageId'],
  media: ['content[].attachment.url', 'content[].image.url', 'content[].url', 'attachments[].url'],
} satisfies Contract['places'];

const maxMessages = 1000;
const maxIdLength = 200;

/** The contract's own places first, then those known. */
export function toPlaces(contract: Pick<Contract, 'places'> | undefined): Places {
  const places = (name: keyof Places) => [...(contract?.places[name] ?? []), ...knownPlaces[name]].map(toPlace);
  return {to: places('to'), from: places('from'), text: places('text'), id: places('id'), media: places('media')};
}

/** Reads any JSON value; never throws, never answers an empty list. */
export function toElements(body: unknown, places: Places): Element[] {
  if (Array.isArray(member(member(body, 'data'), 'entities'))) return [{kind: 'event', name: 'interaction'}];
  const messages = unwrap(body);
  if (messages.length === 0) return [{kind: 'unreadable', why: 'the list of messages is empty', message: body}];
  if (messages.length > maxMessages) {
    return [{kind: 'unreadable', why: `more than ${maxMessages} messages in one webhook`, message: body}];
  }
  return messages.map(message => toElement(message, places));
}

/** What the message says about who sends it, in the order of the places: numbers, channel ids, anything. */
export function toSenders(body: unknown, places: Places): string[] {
  return unwrap(body)
    .slice(0, maxMessages)
    .flatMap(message => places.from.flatMap(place => wordsAt(message, place)));
}

function unwrap(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  const data = member(body, 'data');
  const inner = member(body, 'messages') === undefined && data !== undefined ? data : body;
  if (Array.isArray(inner)) return inner;
  const messages = member(inner, 'messages');
  if (Array.isArray(messages)) return messages;
  return [isObject(messages) ? messages : inner];
}

function toElement(message: unknown, places: Places): Element {
  if (!isObject(message)) return {kind: 'unreadable', why: 'the message is not a JSON object', message};
  const text = toText(message, places);
  const media = toMedia(message, places);
  if (text === '' && media.length === 0) {
    const name = toEventName(message);
    if (name !== undefined) return {kind: 'event', name};
    return {kind: 'unreadable', why: 'the message has no text and no attachment in any known place', message};
  }
  const to = toRecipient(message, places);
  if (to === undefined) {
    return {kind: 'unreadable', why: 'the message names no phone number in any known place', message};
  }
  const id = toId(message, places);
  return {kind: 'text', text: {...(id === undefined ? {} : {externalId: id}), to, text, media}};
}

function toText(message: unknown, places: Places): string {
  return cleanText(firstWords(message, places.text).join('\n'));
}

/** The first place that holds something to send to: a sender's name or an agent's id is none. */
function toRecipient(message: unknown, places: Places): string | undefined {
  return places.to
    .flatMap(place => wordsAt(message, place))
    .flatMap(raw => toAddress(cleanText(raw)) ?? [])
    .find(address => !isSenderName(address));
}

function toId(message: unknown, places: Places): string | undefined {
  const id = firstWords(message, places.id)[0];
  return id === undefined ? undefined : cleanText(id).slice(0, maxIdLength).toWellFormed();
}

function toMedia(message: unknown, places: Places): Media[] {
  const media = places.media.flatMap(place => {
    const name = place.at(-1) ?? '';
    return valuesAt(message, place.slice(0, -1)).flatMap(holder => toMedium(holder, name) ?? []);
  });
  return media.filter((one, index) => media.findIndex(other => other.url === one.url) === index);
}

/** Only what somebody can fetch: web addresses and Nexus' own references. */
function toMedium(holder: unknown, urlName: string): Media | undefined {
  const url = toWords(member(holder, urlName))?.trim();
  if (url === undefined || !/^(https?|genesys):\/\/[\x21-\x7e]{1,2000}$/i.test(url)) return undefined;
  const contentType = [member(holder, 'mime'), member(holder, 'mimeType'), member(holder, 'contentType')].find(isMime);
  const filename = toWords(member(holder, 'filename'));
  return {
    url,
    ...(contentType === undefined ? {} : {contentType: contentType.toLowerCase()}),
    ...(filename === undefined ? {} : {filename: cleanText(filename).slice(0, 200).toWellFormed()}),
  };
}

function isMime(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/.test(value);
}
