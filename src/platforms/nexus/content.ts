import type {Media} from '../../core/message.ts';
import {cleanText} from '../../core/text.ts';
import {toMedium} from './medium.ts';
import {type FilePlace, firstWords, type Place, valuesAt} from './places.ts';
import {isFallback, toItems} from './rich/index.ts';
import {type Item, toText} from './rich/item.ts';
import {isSaid} from './rich/said.ts';

export const fileLeftBehind = 'a file (contract.media.download is off)';

/** What a message has to say. */
export interface Content {
  /** Clean; empty when there is none. */
  text: string;
  media: Media[];
  /** Kinds of content that no text can say. */
  unsaid: string[];
}

export interface ContentPlaces {
  /** Where text stands before everything else. */
  text: readonly Place[];
  /** Where it may stand when nothing else was found. */
  otherText: readonly Place[];
  media: readonly FilePlace[];
  /** Files under `genesys://` can't be fetched: they stay behind. */
  withoutReferences?: boolean;
}

/** Top-level text first; rich content adds what the text does not say already, or stands alone. */
export function toContent(message: unknown, places: ContentPlaces): Content {
  const top = firstWords(message, places.text).join('\n');
  const items = toItems(message);
  const text = cleanText(top === '' ? withoutTop(message, items, places) : withTop(message, items, top));
  const media = toMedia(message, items, places);
  if (items.length === 0 && media.length === 0) return {text, media, unsaid: []};
  const left = media.filter(({url}) => places.withoutReferences !== true || !/^genesys:/i.test(url));
  const unsaid = items.flatMap(item => ('unsaid' in item ? [item.unsaid] : []));
  return {
    text,
    media: left.filter((one, index) => left.findIndex(other => other.url === one.url) === index),
    unsaid: [...new Set([...unsaid, ...(left.length < media.length ? [fileLeftBehind] : [])])],
  };
}

/** Files that no sentence points at already. */
function toMedia(message: unknown, items: readonly Item[], places: ContentPlaces): Media[] {
  const media: Media[] = [];
  for (const {holder, name} of places.media)
    for (const found of valuesAt(message, holder)) {
      const medium = toMedium(found, name);
      if (medium !== undefined) media.push(medium);
    }
  if (items.length === 0) return media;
  const links = items.flatMap(item => ('say' in item ? [item.say] : []));
  const shown = items.flatMap(item => ('show' in item ? [item.show] : []));
  return [...media, ...shown].filter(({url}) => !links.some(link => link.endsWith(url)));
}

function withoutTop(message: unknown, items: readonly Item[], places: ContentPlaces): string {
  const rich = toText(items);
  return rich === '' ? firstWords(message, places.otherText).join('\n') : rich;
}

function withTop(message: unknown, items: readonly Item[], top: string): string {
  if (items.length === 0 || isFallback(message)) return top;
  const lines = new Set(top.split('\n').map(line => line.replace(/^[\d\s.)*•-]+/, '').trim()));
  const choices = items.flatMap(item => ('choose' in item ? [item.choose] : []));
  const choicesSaid = choices.every(choice => lines.has(choice));
  const more = items.filter(item => {
    if ('say' in item) return !isSaid(top, item.say);
    return 'choose' in item ? !choicesSaid : 'pause' in item;
  });
  const rich = toText(more);
  return rich === '' ? top : `${top}\n${rich}`;
}
