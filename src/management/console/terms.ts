import {isSenderName, toAddress, withoutPrefix} from '../../core/address.ts';
import type {MessageFilter} from '../../store/store.ts';
import {direction, state} from '../filters.ts';
import type {KnownChannel} from '../parts.ts';

export type Terms = Omit<MessageFilter, 'limit' | 'before'>;

export interface Reading {
  terms: Terms;
  /** What was understood, in words. */
  understood: string[];
}

export interface Names {
  channels: readonly KnownChannel[];
  carriers: readonly string[];
}

export const states = state.options;
const directions = direction.options;

/**
 * One box for everything: a phone, a channel, a carrier, a state, a direction, or else the carrier's id; several together, with blanks between.
 * Many a carrier's ids are digits, as phones are, and senders have names: the second reading is of these, for when nothing fits the first.
 */
export function readTerms(text: string, names: Names): Reading[] {
  const words = text.split(/\s+/).filter(word => word !== '');
  const whole = readWord(text, names) ?? readPhone(text);
  const found = words.map(word => readWord(word, names) ?? readPhone(word) ?? {carrierMessageId: word});
  const terms: Terms = Object.assign({}, ...(whole === undefined ? found : [whole]));
  const second = readDigits(words, terms) ?? readName(text, terms);
  return second === undefined ? [toReading(terms)] : [toReading(terms), toReading(second)];
}

function readDigits(words: readonly string[], {phone, ...rest}: Terms): Terms | undefined {
  const [digits, ...more] = words.filter(word => /^\d[\d-]*$/.test(word));
  if (digits === undefined || more.length > 0 || phone === undefined) return undefined;
  return phone === readPhone(digits)?.phone ? {...rest, carrierMessageId: digits} : undefined;
}

/** Of whoever sends without a number. */
function readName(text: string, {carrierMessageId, ...rest}: Terms): Terms | undefined {
  const name = toAddress(text);
  if (carrierMessageId === undefined || Object.keys(rest).length > 0 || name === undefined) return undefined;
  return isSenderName(name) ? {phone: name} : undefined;
}

function toReading(terms: Terms): Reading {
  const words: Readonly<Record<string, string>> = {carrierMessageId: 'id of the carrier'};
  return {terms, understood: Object.entries(terms).map(([name, value]) => `${words[name] ?? name} ${value}`)};
}

function readWord(word: string, {channels, carriers}: Names): Terms | undefined {
  const state = states.find(known => known === word.toLowerCase());
  if (state !== undefined) return {state};
  const direction = directions.find(known => known === word.toLowerCase());
  if (direction !== undefined) return {direction};
  return readChannel(word, channels) ?? (carriers.includes(word) ? {carrier: word} : undefined);
}

/** Two platforms may have channels of one id: what is looked for is in both. */
function readChannel(word: string, channels: Names['channels']): Terms | undefined {
  const [first, ...more] = channels.filter(({id}) => id === word);
  if (first !== undefined) return {channel: word, ...(more.length === 0 && {platform: first.platform})};
  const written = toAddress(word);
  const owner = channels.find(({address}) => address === word || address === written);
  return owner && {channel: owner.id, platform: owner.platform};
}

/** Sender names are addresses too; in this box a word is no phone. */
function readPhone(text: string): Terms | undefined {
  const phone = /^[a-z]+:|^[\d\s().+-]+$/i.test(text) ? toAddress(text) : undefined;
  if (phone === undefined || /^\d{1,2}$/.test(text)) return undefined;
  return {phone: withoutPrefix(phone)};
}
