import {toMedium} from '../medium.ts';
import {isObject, member, toList, toWords} from '../places.ts';
import {button, carousel} from './cards.ts';
import {type Item, linkOf, sayEach, toLink, wordsOf} from './item.ts';

export function attachment(content: unknown): Item[] {
  const medium = toMedium(content, 'url');
  return medium === undefined ? [] : [{show: medium}];
}

/** Times stay in the zone they came in: the phone's is not known. */
export function datePicker(content: unknown): Item[] {
  const [from, to] = [toTime(member(content, 'dateMinimum')), toTime(member(content, 'dateMaximum'))];
  const times = toList(member(content, 'availableTimes')).flatMap(time => {
    const words = toTime(member(time, 'dateTime') ?? member(time, 'startTime'));
    return words === undefined ? [] : [{choose: words + toDuration(member(time, 'duration'))}];
  });
  const range =
    times.length > 0 || (from === undefined && to === undefined) ? [] : [{say: [from, to].filter(Boolean).join(' - ')}];
  return [...sayEach(content, 'title', 'subtitle'), ...location(member(content, 'location')), ...range, ...times];
}

export function location(content: unknown): Item[] {
  const [latitude, longitude] = [member(content, 'latitude'), member(content, 'longitude')].map(Number);
  const onMap = Number.isFinite(latitude) && Number.isFinite(longitude);
  const link = linkOf(content, 'url') ?? (onMap ? `https://maps.google.com/?q=${latitude},${longitude}` : undefined);
  return [...sayEach(content, 'text', 'title', 'name', 'address'), ...(link === undefined ? [] : [{say: link}])];
}

export function contact(content: unknown): Item[] {
  const name = member(content, 'name');
  const parts = isObject(name)
    ? (wordsOf(name, 'formattedName', 'formatted_name') ??
      ['firstName', 'lastName', 'first_name', 'last_name'].flatMap(part => wordsOf(name, part) ?? []).join(' '))
    : (toWords(name) ?? ['firstName', 'lastName'].flatMap(part => wordsOf(content, part) ?? []).join(' '));
  const reach = ['phones', 'phoneNumbers', 'emails', 'urls'].flatMap(kind =>
    toList(asList(member(content, kind))).flatMap(
      one => wordsOf(one, 'phone', 'number', 'email', 'url', 'value') ?? [],
    ),
  );
  const lone = ['phone', 'phoneNumber', 'email', 'organization'].flatMap(kind => wordsOf(content, kind) ?? []);
  return [parts, ...lone, ...reach].filter(words => words !== '').map(say => ({say}));
}

/** More characters than any carrier takes. A long parameter that stands in a thousand places would make hundreds of megabytes of a small webhook. */
const mostFilled = 40_000;

/** A template of Genesys Cloud; where its words stay with the provider (WhatsApp), or are too many, no text can say it. */
export function notification(content: unknown): Item[] {
  const parts = ['header', 'body', 'footer'].flatMap(name => filled(member(content, name)));
  if (parts.some(part => 'unsaid' in part)) return [{unsaid: 'template'}];
  const media = member(member(content, 'header'), 'media');
  const items = [
    ...parts,
    ...toList(member(content, 'buttons')).flatMap(button),
    ...carousel(member(content, 'carousel')),
    ...attachment(media),
  ];
  return items.length === 0 && isObject(content) ? [{unsaid: 'template'}] : items;
}

export function link(content: unknown): Item[] {
  const address = linkOf(content, 'url', 'href');
  const label = wordsOf(content, 'title', 'text', 'description');
  if (address === undefined) return label === undefined ? [] : [{say: label}];
  return [{say: toLink(label, address)}];
}

/** `{{1}}` and `{{name}}` stand for the parameters, in order or by name. What comes to too much is not said at all. */
function filled(part: unknown): Item[] {
  const text = wordsOf(part, 'text');
  if (text === undefined) return [];
  const parameters = toList(member(part, 'parameters'));
  const inOrder = parameters.map(parameter => wordsOf(parameter, 'text', 'value'));
  const names = parameters.map(parameter => wordsOf(parameter, 'name'));
  let left = mostFilled;
  const say = text.replace(/\{\{\s*([\w.-]{1,60})\s*\}\}/g, (placeholder, name: string) => {
    const named = names.indexOf(name);
    const words = inOrder[named < 0 ? Number(name) - 1 : named];
    if (words === undefined) return placeholder;
    left -= words.length;
    return left < 0 ? '' : words;
  });
  return [left < 0 ? {unsaid: 'template'} : {say}];
}

/** Phones and addresses come as objects or as bare words. */
function asList(value: unknown): unknown {
  return Array.isArray(value) ? value.map(one => (isObject(one) ? one : {value: one})) : value;
}

/** `2026-11-20T14:00:00.000Z` to `2026-11-20 14:00 UTC`; other words stay as they are. */
function toTime(value: unknown): string | undefined {
  const words = toWords(value);
  const parts = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(words?.trim() ?? '');
  if (parts === null) return words?.trim();
  const [, day, time, zone] = parts;
  return [day, time, zone === 'Z' ? 'UTC' : zone].filter(part => part !== undefined).join(' ');
}

/** Seconds. */
function toDuration(value: unknown): string {
  const minutes = Math.round(Number(value) / 60);
  return Number.isFinite(minutes) && minutes > 0 ? ` (${minutes} min)` : '';
}
