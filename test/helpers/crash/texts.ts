import type {Random} from './random.ts';

/** What a text is made of: words that carry its number, so that any segment of it tells whose it is. */
export type Shape = 'short' | 'long' | 'wide' | 'split';

/** With what parts it from the next. */
const wordLength = 12;
const wide = 'ж';

/**
 * `short` one SMS, `long` two or three of GSM 03.38, `wide` several of UCS-2, `split` two messages at Twilio. The last segment is never so short
 * that no whole word is in it.
 */
export function makeText(serial: number, shape: Shape, random: Random): string {
  const [least, most, capacity] = counts[shape];
  let count = random.between(least, most);
  while (capacity > 0 && (count * wordLength) % capacity < 2 * wordLength) count += 1;
  const words = Array.from({length: count}, (_, index) => toWord(serial, index));
  const text = words.join(' ');
  return shape === 'wide' ? text.replaceAll(' ', wide) : text;
}

/** The number in a text, or in a segment of one. */
export function serialOf(text: string): number {
  return Number(/m(\d{6})\./.exec(text)?.[1] ?? Number.NaN);
}

/** Words, and characters of a segment; 0 where it is one anyhow. */
const counts: Readonly<Record<Shape, readonly [number, number, number]>> = {
  short: [1, 8, 0],
  long: [14, 34, 153],
  wide: [7, 14, 67],
  split: [140, 160, 0],
};

/** `m000012.003` */
function toWord(serial: number, index: number): string {
  return `m${String(serial).padStart(6, '0')}.${String(index).padStart(3, '0')}`;
}
