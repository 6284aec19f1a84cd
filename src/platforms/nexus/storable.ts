import type {OutboundReading} from '../platform.ts';
import type {Element} from './reading.ts';

/** What one call of `events.outbound` is given, and which of the body's messages it is about. */
export interface Storable {
  raw: string;
  reading: OutboundReading;
  positions: number[];
}

type Unreadable = Extract<Element, {kind: 'unreadable'}>;

/**
 * All texts of a body are stored at once. What can't be read is stored beside them, each by itself with its own part of the body, so that a
 * replay reads that one again and sends none of the others twice. Events are left out.
 */
export function toStorable(elements: readonly Element[], raw: string): Storable[] {
  const alone = elements.length === 1;
  const positions: number[] = [];
  const unreadable: Storable[] = [];
  elements.forEach((element, position) => {
    if (element.kind === 'text') positions.push(position);
    if (element.kind !== 'unreadable') return;
    const own = alone ? raw : toOwnRaw(element.message, raw);
    unreadable.push({raw: own, reading: toUnreadable(element), positions: [position]});
  });
  return positions.length === 0 ? unreadable : [{raw, reading: toReading(elements), positions}, ...unreadable];
}

/** The reading of a whole body: its texts, or why there are none. */
export function toReading(elements: readonly Element[]): OutboundReading {
  const texts = elements.flatMap(element => (element.kind === 'text' ? [element.text] : []));
  if (texts.length > 0) return {readable: true, texts};
  const unreadable = elements.find(element => element.kind === 'unreadable');
  return unreadable === undefined ? {readable: false, why: 'it holds only events, no text'} : toUnreadable(unreadable);
}

function toUnreadable({why, unsupported}: Unreadable): OutboundReading {
  return {readable: false, why, ...(unsupported === undefined ? {} : {unsupported})};
}

/** JSON nested deeper than the stack can be parsed, but not written. */
function toOwnRaw(message: unknown, raw: string): string {
  try {
    return JSON.stringify({messages: [message]});
  } catch {
    return raw;
  }
}
