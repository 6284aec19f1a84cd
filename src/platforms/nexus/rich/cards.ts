import {toMedium} from '../medium.ts';
import {isObject, member, toList, toWords} from '../places.ts';
import {type Item, linkOf, sayEach, toLink, wordsOf} from './item.ts';

/** Buttons, cards and lists look alike in both families: Genesys Cloud's `actions` are Engage's `components` with `actions` of their own. */

/** A quick reply: `{text, payload, action}`, or Engage's `{type: 'quick-reply', text}`. */
export function quickReply(content: unknown): Item[] {
  const words = wordsOf(content, 'text', 'title', 'payload');
  return words === undefined ? [] : [{choose: words}];
}

/** A button: a link is a line of its own, anything else is a choice. */
export function button(content: unknown): Item[] {
  const actions = member(content, 'actions') ?? content;
  const label = wordsOf(content, 'text', 'title', 'label') ?? wordsOf(actions, 'textback', 'payload');
  const phone = wordsOf(content, 'phoneNumber');
  const link = linkOf(actions, 'url') ?? linkOf(content, 'url') ?? (phone === undefined ? undefined : `tel:${phone}`);
  if (link !== undefined) return [{say: toLink(label, link)}];
  return label === undefined ? [] : [{choose: label}];
}

/** A card, or Engage's generic template: its words, where it leads, its buttons. The picture of a card with words is decoration. */
export function card(content: unknown): Item[] {
  const words = sayEach(content, 'title', 'subtitle', 'description', 'text');
  const link = linkOf(member(content, 'defaultAction') ?? member(content, 'actions'), 'url');
  const buttons = [
    ...toList(listOf(content, 'actions')),
    ...toList(member(content, 'components')),
    ...toList(member(content, 'buttons')),
  ];
  const said = [...words, ...(link === undefined ? [] : [{say: link}]), ...buttons.flatMap(component)];
  return words.length > 0 ? said : [...pictures(content), ...said];
}

export function carousel(content: unknown): Item[] {
  const cards = [member(content, 'cards'), member(content, 'elements'), member(content, 'items')].find(Array.isArray);
  return toList(cards).flatMap(one => [{pause: true} as const, ...card(one)]);
}

/** Each entry is a choice; its description stands behind it. */
export function list(content: unknown): Item[] {
  const entries = [
    member(content, 'components'),
    member(content, 'items'),
    member(content, 'elements'),
    member(content, 'sections'),
  ];
  return [
    ...sayEach(content, 'title', 'subtitle', 'description', 'text'),
    ...toList(entries.find(Array.isArray)).flatMap(one => entry(one)),
    ...toList(listOf(content, 'actions')).flatMap(button),
  ];
}

/** An entry, or a section of entries; sections within sections are no list any more. */
function entry(content: unknown, inSection = false): Item[] {
  const inner = [member(content, 'rows'), member(content, 'components')].find(Array.isArray);
  if (inner !== undefined && !inSection) {
    return [...sayEach(content, 'title', 'text'), ...toList(inner).flatMap(one => entry(one, true))];
  }
  const title = wordsOf(content, 'title', 'text', 'label');
  const description = wordsOf(content, 'description', 'subtitle');
  const link = linkOf(member(content, 'actions'), 'url');
  const words = [title, description].filter(part => part !== undefined).join(' - ');
  if (words === '') return link === undefined ? [] : [{say: link}];
  return [{choose: link === undefined ? words : toLink(words, link)}];
}

/** A part of a generic template: words, a picture, a nested list, or a button. */
function component(content: unknown): Item[] {
  const type = wordsOf(content, 'type')?.toLowerCase();
  if (type === 'text' || type === 'title' || type === 'markdown') return sayEach(content, 'text', 'title');
  if (type === 'image' || type === 'video') return pictures(content);
  if (type === 'list' || type === 'list-item') return type === 'list' ? list(content) : entry(content);
  return button(content);
}

function pictures(content: unknown): Item[] {
  return ['image', 'video', 'url'].flatMap(name => {
    const value = member(content, name);
    const medium = isObject(value) ? toMedium(value, 'url') : toMedium({url: toWords(value)}, 'url');
    return medium === undefined ? [] : [{show: medium}];
  });
}

/** `actions` is a list in Genesys Cloud, one object in Engage. */
function listOf(content: unknown, name: string): unknown {
  const value = member(content, name);
  return Array.isArray(value) ? value : undefined;
}
