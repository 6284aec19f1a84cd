import {toAddress} from '../../core/address.ts';
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

/** One box for everything: a phone, a channel, a carrier, a state, a direction, or else the carrier's id; several together, with blanks between. */
export function readTerms(text: string, names: Names): Reading {
  const whole = readWord(text, names) ?? readPhone(text);
  if (whole !== undefined) return toReading([whole]);
  const words = text.split(/\s+/).filter(word => word !== '');
  return toReading(words.map(word => readWord(word, names) ?? readPhone(word) ?? {carrierMessageId: word}));
}

function toReading(found: readonly Terms[]): Reading {
  const terms: Terms = Object.assign({}, ...found);
  const words: Readonly<Record<string, string>> = {carrierMessageId: 'id of the carrier'};
  return {terms, understood: Object.entries(terms).map(([name, value]) => `${words[name] ?? name} ${value}`)};
}

function readWord(word: string, {channels, carriers}: Names): Terms | undefined {
  const state = states.find(known => known === word.toLowerCase());
  if (state !== undefined) return {state};
  const direction = directions.find(known => known === word.toLowerCase());
  if (direction !== undefined) return {direction};
  const channel = channels.find(({id, address}) => id === word || address === word);
  if (channel !== undefined) return {channel: channel.id, platform: channel.platform};
  return carriers.includes(word) ? {carrier: word} : undefined;
}

/** Sender names are addresses too; in this box a word is no phone. */
function readPhone(text: string): Terms | undefined {
  const phone = /^[a-z]+:|^[\d\s().+-]+$/i.test(text) ? toAddress(text) : undefined;
  if (phone === undefined || /^\d{1,2}$/.test(text)) return undefined;
  return {phone};
}
