import {cleanText} from '../../core/text.ts';
import type {OutboundText, Unsupported} from '../platform.ts';
import {type ContentPlaces, fileLeftBehind, toContent} from './content.ts';
import type {Contract} from './contract.ts';
import {isInbound, isReceipt, toEventName} from './family.ts';
import {firstWords, isObject, member, type Place, toFilePlace, toPlace, wordsAt} from './places.ts';
import {toRecipient} from './recipient.ts';

/** One message of a webhook: a text to send, an event to drop, or something to keep until somebody can read it. */
export type Element =
  /** `unsaid`: kinds of content that were left out, because no text can say them. */
  | {kind: 'text'; text: OutboundText; unsaid: readonly string[]}
  | {kind: 'event'; name: string}
  /** `unsupported`: it was read, and no text can say it. */
  | {kind: 'unreadable'; why: string; message: unknown; unsupported?: Unsupported};

/** Where each value may stand, in order (facts 1.3). */
export type Places = ContentPlaces & Readonly<Record<'to' | 'from' | 'id', readonly Place[]>>;

type PlaceName = Exclude<keyof Places, 'withoutReferences'>;

const knownPlaces = {
  to: ['channel.to.id', 'channel.to', 'to.id', 'to', 'recipient'],
  from: ['channel.from.id', 'channel.from', 'from.id', 'from', 'channel.id', 'channelId'],
  text: ['text'],
  otherText: ['content[].text.body', 'content[].text', 'body', 'message'],
  id: ['id', 'messageId', 'channel.messageId'],
  media: ['content[].attachment.url', 'content[].image.url', 'content[].url', 'attachments[].url'],
} satisfies Record<PlaceName, string[]>;

const maxMessages = 1000;
/** How many of a body's messages are asked who sends them. */
const mostAsked = 10;

/** The contract's own places first, then those known. */
export function toPlaces(contract: (Pick<Contract, 'places'> & Partial<Pick<Contract, 'media'>>) | undefined): Places {
  const own = {...contract?.places, otherText: []};
  const places = (name: PlaceName) => [...(own[name] ?? []), ...knownPlaces[name]].map(toPlace);
  return {
    to: places('to'),
    from: places('from'),
    text: places('text'),
    otherText: places('otherText'),
    id: places('id'),
    media: places('media').map(toFilePlace),
    withoutReferences: contract?.media?.download === false,
  };
}

/** Reads any JSON value; never throws, never answers an empty list. */
export function toElements(body: unknown, places: Places): Element[] {
  if (isInteraction(body)) return [{kind: 'event', name: 'interaction'}];
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
    .slice(0, mostAsked)
    .flatMap(message => places.from.flatMap(place => wordsAt(message, place)));
}

/** The sibling webhook's body (facts 1.6): a channel's secret may be set for both. */
function isInteraction(body: unknown): boolean {
  return member(body, 'messages') === undefined && Array.isArray(member(member(body, 'data'), 'entities'));
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
  if (isReceipt(message)) return {kind: 'event', name: 'receipt'};
  if (isInbound(message)) {
    return {kind: 'unreadable', why: 'its direction is Inbound: it is no text for a phone', message};
  }
  const {text, media, unsaid} = toContent(message, places);
  const to = findRecipient(message, places);
  const id = toId(message, places);
  const known = id === undefined ? {} : {externalId: id};
  if (text.trim() !== '' || media.length > 0) {
    if (to !== undefined) return {kind: 'text', text: {...known, to, text, media}, unsaid};
    return {kind: 'unreadable', why: 'the message names no phone number in any known place', message};
  }
  const name = toEventName(message);
  if (name !== undefined) return {kind: 'event', name};
  if (unsaid.length === 0 || to === undefined) {
    return {kind: 'unreadable', why: 'the message has no text and no attachment in any known place', message};
  }
  const isFileAlone = unsaid.every(kind => kind === fileLeftBehind);
  return {
    kind: 'unreadable',
    why: `no text can say its content: ${unsaid.join(', ')}`,
    message,
    unsupported: {...known, to, ...(isFileAlone && {code: 'MediaTypeNotAllowed'})},
  };
}

/** The first place that holds something to send to. */
function findRecipient(message: unknown, places: Places): string | undefined {
  for (const place of places.to) {
    for (const raw of wordsAt(message, place)) {
      const recipient = toRecipient(raw);
      if (recipient !== undefined) return recipient;
    }
  }
  return undefined;
}

function toId(message: unknown, places: Places): string | undefined {
  const id = firstWords(message, places.id)[0];
  return id === undefined ? undefined : cleanText(id);
}
