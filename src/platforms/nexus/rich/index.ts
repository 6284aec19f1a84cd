import {toFamily} from '../family.ts';
import {isObject, member, toList, toWords} from '../places.ts';
import {button, card, carousel, list, quickReply} from './cards.ts';
import {attachment, contact, datePicker, link, location, notification} from './details.ts';
import {type Item, type Renderer, sayEach, wordsOf} from './item.ts';

/**
 * Genesys Cloud's normalized content: each element names its type and has a member of that name
 * (platform SDK, `ConversationMessageContent`). Keys in lower case without marks.
 */
const normalized: Readonly<Record<string, {of: readonly string[]; render: Renderer}>> = {
  text: {of: ['text'], render: plain},
  attachment: {of: ['attachment', 'image', 'video', 'audio', 'file'], render: attachment},
  image: {of: ['image', 'attachment'], render: attachment},
  video: {of: ['video', 'attachment'], render: attachment},
  quickreply: {of: ['quickReply'], render: quickReply},
  quickreplyv2: {
    of: ['quickReplyV2'],
    render: content => [...sayEach(content, 'title'), ...each(content, 'actions', quickReply)],
  },
  card: {of: ['card'], render: card},
  carousel: {of: ['carousel'], render: carousel},
  generic: {of: ['generic'], render: card},
  list: {of: ['list'], render: list},
  listpicker: {
    of: ['listPicker'],
    render: content => [...sayEach(content, 'title', 'subtitle'), ...each(content, 'sections', list)],
  },
  button: {of: ['button'], render: button},
  buttonresponse: {of: ['buttonResponse'], render: content => sayEach(content, 'text')},
  postback: {of: ['postback'], render: content => sayEach(content, 'text')},
  datepicker: {of: ['datePicker'], render: datePicker},
  timepicker: {of: ['timePicker'], render: datePicker},
  location: {of: ['location'], render: location},
  contact: {of: ['contact', 'contacts'], render: content => toList(content).flatMap(contact)},
  contacts: {of: ['contacts', 'contact'], render: content => toList(content).flatMap(contact)},
  notification: {of: ['template', 'notification'], render: notification},
  template: {of: ['template'], render: notification},
  richlink: {of: ['richLink'], render: link},
  link: {of: ['link'], render: link},
  story: {of: ['story'], render: link},
  mention: {of: ['mention'], render: content => sayEach(content, 'nickname', 'name')},
};

/** Engage's rich messaging: the type stands at the top, `content` holds elements of it (Chat Server guide, "Rich Messaging Support"). */
const engage: Readonly<Record<string, Renderer>> = {
  quickreplies: quickReply,
  quickreply: quickReply,
  generic: card,
  genericelement: card,
  buttons: card,
  button,
  carousel: content =>
    Array.isArray(member(content, 'elements')) ? carousel(content) : [{pause: true}, ...card(content)],
  list,
  listpicker: list,
  simplelist: list,
  selectablelist: list,
  image: attachment,
  video: attachment,
  attachment,
  datepicker: datePicker,
  timepicker: datePicker,
  location,
  contact,
  richlink: link,
  link,
  notification,
  text: plain,
  markdown: plain,
};

/** No phone reads that far; reading on would only cost time. */
const maxItems = 500;

/** What a rich message says beside its top-level `text`; empty for a plain one. */
export function toItems(webhookMessage: unknown): Item[] {
  const items = toAllItems(structuredOf(webhookMessage));
  return items.length <= maxItems ? items : [...items.slice(0, maxItems), {unsaid: 'more'}];
}

function toAllItems(message: unknown): Item[] {
  const contents = toList(member(message, 'content'));
  if (toFamily(message) !== 'engage') return contents.flatMap(normalizedItems);
  const render = rendererOf(member(message, 'contentType'));
  if (render === undefined) return contents.flatMap(normalizedItems);
  return (contents.length === 0 ? [message] : contents).flatMap(content => engageItems(content, render));
}

/** Whether top-level `text` already says all there is: Engage sends it as the fallback for everything but quick replies. */
export function isFallback(webhookMessage: unknown): boolean {
  const message = structuredOf(webhookMessage);
  return toFamily(message) === 'engage' && !toKey(member(message, 'contentType')).startsWith('quickrepl');
}

/** Engage's chat carries rich content as `eventAttributes.structured-content.<channel>` too, as an object or as JSON in a string. */
function structuredOf(message: unknown): unknown {
  const structured = member(member(message, 'eventAttributes'), 'structured-content');
  if (!isObject(structured)) return message;
  const [content] = Object.values(structured);
  if (typeof content !== 'string') return content;
  try {
    return JSON.parse(content);
  } catch {
    return message;
  }
}

/** Elements of Genesys Cloud's kind are read as such in an Engage message too. */
function engageItems(content: unknown, render: Renderer): Item[] {
  const own = rendererOf(member(content, 'type'));
  const items = (own ?? render)(content);
  return items.length > 0 ? items : normalizedItems(content);
}

function rendererOf(type: unknown): Renderer | undefined {
  const key = toKey(type);
  return Object.hasOwn(engage, key) ? engage[key] : undefined;
}

function normalizedItems(content: unknown): Item[] {
  if (typeof content === 'string') return plain(content);
  const type = toKey(member(content, 'contentType'));
  const named = Object.hasOwn(normalized, type) ? normalized[type] : undefined;
  const kinds = named === undefined ? Object.values(normalized) : [named];
  for (const {of, render} of kinds) {
    const inner = of.map(name => member(content, name)).find(value => value !== undefined && value !== null);
    const items = inner === undefined ? [] : render(inner);
    if (items.length > 0) return items;
  }
  const items = (named?.render ?? attachment)(content);
  if (items.length > 0) return items;
  return [{unsaid: /^[a-z\d]{1,40}$/.test(type) ? type : 'unknown'}];
}

/** Plain words: `"words"`, `{body}`, `{text}`. */
function plain(content: unknown): Item[] {
  const words = toWords(content) ?? wordsOf(content, 'body', 'text');
  return words === undefined ? [] : [{words}];
}

function each(content: unknown, name: string, render: Renderer): Item[] {
  return toList(member(content, name)).flatMap(render);
}

/** `quick-replies`, `QuickReply` and `quick_reply` are looked up alike. */
function toKey(type: unknown): string {
  return (toWords(type) ?? '').toLowerCase().replace(/[^a-z\d]/g, '');
}
