import {hash} from 'node:crypto';

/** 48 bits of SHA-1: fits a number. Two keys that meet share a lane or an event, never a message. */
export function toHash(...parts: string[]): number {
  return Number.parseInt(hash('sha1', parts.join('\n'), 'hex').slice(0, 12), 16);
}

/** Where texts of a lane wait for their hours: later ones of the lane do not wait for them. */
export function toAsideLane(platform: string, channel: string, phone: string): number {
  return toHash('aside', platform, channel, phone);
}

export function toLane(kind: 'outbound' | 'inbound', platform: string, channel: string, phone: string): number {
  return toHash(kind, platform, channel, phone);
}
