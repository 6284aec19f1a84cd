import type {Message} from './pdu.ts';
import {decode, readSegment, type Segment} from './text.ts';

/** What a handset shows: a text whose parts have all come. */
export interface PhoneText {
  from: string;
  to: string;
  text: string;
  parts: number;
  at: number;
}

export interface Phones {
  /** The text of this segment alone. */
  take(message: Message, at: number): string;
  texts: readonly PhoneText[];
}

/** The handsets behind the SMSC. A part that comes twice counts once, as on a handset. */
export function createPhones(): Phones {
  const texts: PhoneText[] = [];
  const waiting = new Map<string, Map<number, Segment>>();

  return {
    texts,
    take(message, at) {
      const segment = readSegment(message);
      const {source: from, destination: to} = message;
      if (segment.reference === undefined) {
        const text = decode(segment.data, segment.dataCoding);
        texts.push({from, to, text, parts: 1, at});
        return text;
      }
      const key = [from, to, segment.reference, segment.total].join('|');
      const parts = waiting.get(key) ?? new Map<number, Segment>();
      waiting.set(key, parts.set(segment.part, segment));
      if (parts.size === segment.total) {
        waiting.delete(key);
        texts.push({from, to, text: join(parts), parts: parts.size, at});
      }
      return decode(segment.data, segment.dataCoding);
    },
  };
}

function join(parts: ReadonlyMap<number, Segment>): string {
  const sorted = [...parts.values()].toSorted((left, right) => left.part - right.part);
  return decode(Buffer.concat(sorted.map(part => part.data)), sorted[0]?.dataCoding ?? 0);
}
