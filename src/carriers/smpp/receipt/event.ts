import {isPhone} from '../../../core/address.ts';
import type {ReceiptEvent} from '../../../core/event.ts';
import type {Reason, ReasonCode} from '../../../core/message.ts';
import type {ReceiptState} from '../../../core/state.ts';
import {toTextMark} from '../../../core/text-mark.ts';
import {fromNumbering} from '../address.ts';
import {type Fields, numberField, textField} from '../codec.ts';
import type {ReceiptMapping, ReceiptMeaning} from '../options/advanced.ts';
import {toReasonCode} from '../status.ts';
import type {ReceiptReading} from './read.ts';
import {parseReceiptDate} from './text.ts';
import {toMeaning} from './words.ts';

export interface ReceiptRules {
  mapping: ReceiptMapping | undefined;
  coversMessage: boolean;
  /** Of the SMSC's clock, east of UTC. */
  offsetMinutes: number;
  /** Country code of national numbers. */
  country?: number | undefined;
  /** Whether texts of ours leave with this address. */
  isOurs?(address: string): boolean;
}

/** What a receipt says, in our words; the id is the caller's to add. */
export function toReceiptEvent(
  reading: ReceiptReading,
  fields: Fields,
  rules: ReceiptRules,
  receivedAt: number,
): Omit<ReceiptEvent, 'carrierMessageId'> {
  const told = toMeaning(reading.stat);
  const meaning = rules.mapping === undefined ? told : {...told, ...mapped(reading, rules.mapping)};
  const {phone, sender} = toEnds(fields, rules);
  return {
    state: meaning.state,
    final: meaning.final,
    ...(phone === undefined ? {} : {phone}),
    ...(rules.coversMessage ? {coversMessage: true} : {}),
    ...(isBad(meaning.state) ? {reason: toReason(reading, meaning)} : {}),
    receivedAt,
    raw: reading.raw,
    about: {
      sender,
      submittedAt: parseReceiptDate(reading.submitDate ?? '', rules.offsetMinutes),
      text: reading.textStart === undefined ? undefined : toTextMark(reading.textStart),
    },
  };
}

const fewestDigits = 7;

/** For a receipt that is known by its words alone. What comes from a number may come from a phone; from an SMSC's own name or short code no phone writes. */
export function toOnlyTo(fields: Fields): {onlyTo?: string[]} {
  const source = textField(fields, 'source_addr').trim();
  if (!/^\+?\d{7,}$/.test(source)) return {};
  const ends = [source, textField(fields, 'destination_addr').trim()].map(end => end.replace(/^[+0]+/, ''));
  return {onlyTo: ends.filter(end => /^\d+$/.test(end) && end.length >= fewestDigits)};
}

/**
 * The handset is the source of a receipt (SMPP 3.4 appendix B); where the SMSC leaves the addresses as they were sent, the destination is.
 * Beside a sender of ours it may stand as its own country writes it.
 */
function toEnds(
  fields: Fields,
  {isOurs = () => false, country}: ReceiptRules,
): {phone: string | undefined; sender: string | undefined} {
  const read = (ton: string, address: string) =>
    fromNumbering({ton: numberField(fields, ton) ?? 0, address: textField(fields, address)}, country);
  const source = read('source_addr_ton', 'source_addr');
  const destination = read('dest_addr_ton', 'destination_addr');
  const [from, to] = [isOurs(source), isOurs(destination)];
  const isAsSent = from === to ? !isPhone(source) && isPhone(destination) : from;
  const [handset, sender] = isAsSent ? [destination, source] : [source, destination];
  const isNamed = isPhone(handset) || (from !== to && /^\d{7,15}$/.test(handset));
  return {phone: isNamed ? handset : undefined, sender: sender || undefined};
}

/** The account's own word on this receipt: by `stat`, then by `err` and network_error_code, the closer one last. */
function mapped({stat, word, err, networkError}: ReceiptReading, mapping: ReceiptMapping): ReceiptMeaning {
  return {
    ...defined(lookUp(mapping.stat, stat)),
    ...defined(lookUp(mapping.stat, word)),
    ...defined(lookUp(mapping.err, err)),
    ...defined(lookUp(mapping.networkErrorCode, networkError)),
  };
}

/** In whatever case it stands in the file, and also where YAML has read `011` as a number. */
function lookUp(meanings: Readonly<Record<string, ReceiptMeaning>>, written: string | undefined) {
  if (written === undefined) return undefined;
  if (Object.hasOwn(meanings, written)) return meanings[written];
  const key = toKey(written);
  return Object.entries(meanings).find(([name]) => toKey(name) === key)?.[1];
}

function toKey(written: string): string {
  return written.toUpperCase().replace(/^0+(?=\d)/, '');
}

/** Genesys' codes tell a state too, where none is given: 0 arrived, 3 never will. */
function defined(meaning: ReceiptMeaning | undefined): ReceiptMeaning {
  if (meaning === undefined || meaning.state !== undefined) return meaning ?? {};
  if (meaning.genericErrorCode === 0) return {...meaning, state: 'delivered', final: meaning.final ?? true};
  if (meaning.genericErrorCode === 3) return {...meaning, state: 'failed', final: meaning.final ?? true};
  return meaning;
}

function isBad(state: ReceiptState): boolean {
  return state === 'failed' || state === 'expired';
}

function toReason(reading: ReceiptReading, meaning: ReceiptMeaning): Reason {
  const words = [reading.stat];
  if (reading.err !== undefined) words.push(`err ${reading.err}`);
  if (reading.networkError !== undefined) words.push(`network error ${reading.networkError}`);
  if (meaning.description !== undefined && meaning.description !== '') words.push(meaning.description);
  return {code: toCode(reading.stat, meaning), message: words.join(', ')};
}

function toCode(stat: string, meaning: ReceiptMeaning): ReasonCode {
  if (meaning.genericErrorCause !== undefined) return toReasonCode(meaning.genericErrorCause);
  if (stat === 'EXPIRED') return 'MessageExpired';
  return stat === 'REJECTD' ? 'MessageNotAllowed' : 'GeneralError';
}
