import type {Media} from '../../../core/message.ts';
import {member, toWords} from '../places.ts';

/**
 * What a rich message comes to when it is read aloud: plain words, sentences, choices (numbered over the whole message), pauses, files,
 * and the names of what no text can say.
 */
export type Item =
  | {words: string}
  | {say: string}
  | {choose: string}
  | {pause: true}
  | {show: Media}
  | {unsaid: string};

/** Makes items of one kind of content; nothing when there is nothing in it. */
export type Renderer = (content: unknown) => Item[];

/** One line for each sentence and choice, an empty one for each pause between them. */
export function toText(items: readonly Item[]): string {
  const lines: string[] = [];
  let choices = 0;
  for (const item of items) {
    if ('words' in item) lines.push(item.words.trim());
    if ('say' in item) lines.push(item.say.trim());
    if ('choose' in item) {
      choices += 1;
      lines.push(`${choices}. ${item.choose.trim()}`);
    }
    if ('pause' in item && lines.length > 0 && lines.at(-1) !== '') lines.push('');
  }
  return lines.join('\n').trim();
}

/** The words of the first of `names` that has any. */
export function wordsOf(value: unknown, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const words = toWords(member(value, name));
    if (words !== undefined) return words.trim();
  }
  return undefined;
}

/** A sentence of the words at each of `names`, each said once. */
export function sayEach(value: unknown, ...names: readonly string[]): Item[] {
  const said = names.flatMap(name => wordsOf(value, name) ?? []);
  return [...new Set(said)].map(say => ({say}));
}

/** Web addresses as they are; anything else is no link. */
export function linkOf(value: unknown, ...names: readonly string[]): string | undefined {
  return names
    .flatMap(name => wordsOf(value, name) ?? [])
    .find(words => /^(https?:\/\/|tel:|mailto:)\S{1,2000}$/i.test(words));
}

/** `Opening hours: https://…`, or what there is of it. */
export function toLink(label: string | undefined, link: string): string {
  const address = link.replace(/^(tel|mailto):/i, '');
  return label === undefined || label === link ? address : `${label}: ${address}`;
}
