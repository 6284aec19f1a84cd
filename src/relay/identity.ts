import {createHash, type Hash, hash} from 'node:crypto';
import {nameLength} from '../core/message.ts';
import type {OutboundText} from '../platforms/platform.ts';

/**
 * Ids are made of the sender's, so what comes twice is stored once and answered alike, on every replica and after every restart.
 * 32 characters of base64url: 192 bits of SHA-256.
 */
export function toMessageId(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 32);
}

/** A text without an id of its own is known by its whole webhook, and only for this long. */
const anonymousWindowMs = 600_000;

export interface OutboundIdentity {
  messageId: string;
  /** The id the same text had if it came a moment earlier, across the edge of a window. */
  earlierId?: string;
}

/** Names a text that has no id of its own by its whole webhook. */
export type RawId = (...more: readonly string[]) => string;

/** As `toMessageId('raw', raw, …)`, for all texts of a webhook: its bytes are hashed once. For each of a thousand they would hold up everybody for seconds. */
export function createRawId(raw: string): RawId {
  let begun: Hash | undefined;
  return (...more) => {
    begun ??= createHash('sha256').update(`["raw",${JSON.stringify(raw)}`);
    const rest = `,${JSON.stringify(more).slice(1)}`;
    return begun.copy().update(rest).digest('base64url').slice(0, 32);
  };
}

/**
 * Same platform, channel, id, recipient and content: the same message. Same id, other content: a new one whose id begins alike.
 * @param position of the text in its webhook: two equal texts without ids in one webhook are two
 */
export function identifyOutbound(
  event: {platform: string; channel: string; raw: string; rawId?: RawId},
  text: OutboundText,
  position: number,
  now: number,
): OutboundIdentity {
  const content = [event.platform, event.channel, text.to, text.text, JSON.stringify(text.media)];
  if (text.externalId !== undefined) {
    const named = toMessageId('name', event.platform, event.channel, text.externalId).slice(0, nameLength);
    return {messageId: named + toMessageId('id', text.externalId, ...content).slice(nameLength)};
  }
  const window = Math.floor(now / anonymousWindowMs);
  const rawId = event.rawId ?? ((...more) => toMessageId('raw', event.raw, ...more));
  return {
    messageId: rawId(String(window), String(position), ...content),
    earlierId: rawId(String(window - 1), String(position), ...content),
  };
}
