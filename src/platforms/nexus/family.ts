import {isObject, member, toWords} from './places.ts';

/**
 * Which format a webhook's message is written in. Genesys Cloud's normalized message has `type` and an object `channel`;
 * Engage's own rich messaging has a top-level `contentType` and a plain fallback in `text` (facts 7.1).
 */
export type Family = 'normalized' | 'engage' | 'other';

export function toFamily(message: unknown): Family {
  if (typeof member(message, 'contentType') === 'string') return 'engage';
  if (typeof member(message, 'type') === 'string' || isObject(member(message, 'channel'))) return 'normalized';
  return 'other';
}

const eventTypes = ['event', 'typing', 'typing-started', 'typing-stopped', 'notice'];

/** What became of a text that was posted to Nexus: nothing to send, whatever else it holds. */
export function isReceipt(message: unknown): boolean {
  return toWords(member(message, 'type'))?.toLowerCase() === 'receipt';
}

/** An echo of what a phone sent; sending it would go in circles. */
export function isInbound(message: unknown): boolean {
  return toWords(member(message, 'direction'))?.toLowerCase() === 'inbound';
}

/** The name of what is no text but a sign of life (typing, read marks), or undefined. */
export function toEventName(message: unknown): string | undefined {
  const type = toWords(member(message, 'type'))?.toLowerCase();
  if (type !== undefined && eventTypes.includes(type)) return toEventType(message) ?? type;
  return type === undefined || type === 'text' || type === 'message' ? toEventType(message) : undefined;
}

function toEventType(message: unknown): string | undefined {
  const events = member(message, 'events');
  if (!Array.isArray(events) || events.length === 0) return undefined;
  const name = toWords(member(events[0], 'eventType')) ?? 'event';
  return /^[\w-]{1,40}$/.test(name) ? name.toLowerCase() : 'event';
}
