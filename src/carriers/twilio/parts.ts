import {isPhone, maskPhone, toAddress} from '../../core/address.ts';
import type {Pair} from '../../core/form.ts';

/** What forms in both directions are made of. */

const sid = /^(SM|MM)[0-9a-f]{32}$/i;

export function isMessageSid(text: unknown): text is string {
  return typeof text === 'string' && sid.test(text);
}

/**
 * A phone is a phone by whatever channel it writes: the channel's own address keeps the prefix, so nothing is lost.
 * What is no phone (`whatsapp:` with a business-scoped user id) stays as it is.
 */
export function toParty(raw: string | undefined): string | undefined {
  if (raw === undefined || raw.trim() === '') return undefined;
  const bare = toAddress(raw.replace(/^\s*[a-z]+:/i, ''));
  if (bare !== undefined && isPhone(bare)) return bare;
  return toAddress(raw) ?? raw.trim();
}

/** Twilio's words without phone numbers, for histories and receipts. */
export function scrub(words: string): string {
  return words
    .slice(0, 300)
    .replace(/\+?\d[\d\s().-]{5,}\d/g, maskPhone)
    .trim();
}

const personal =
  /^(Body|mid|attempt|Button\w*|Profile\w*|WaId|ExternalUserId|Address|Latitude|Longitude|Label|Referral\w*|ChannelMetadata)$/;

/** Without texts and what else tells of the person, and with phones masked. */
export function toRaw(pairs: readonly Pair[]): string {
  const shown = pairs
    .filter(([name]) => !personal.test(name))
    .map(([name, value]): [string, string] => [name, toShown(name, value)]);
  return new URLSearchParams(shown).toString();
}

function toShown(name: string, value: string): string {
  if (/^(From|To)$|Sender$/.test(name)) return maskPhone(value);
  return /Message$/.test(name) ? scrub(value) : value;
}
