import {isPhone, isShortCode, toAddress} from '../../core/address.ts';

/** An address as it stands in a PDU (SMPP 3.4 5.2.5, 5.2.6). */
export interface Numbering {
  ton: number;
  npi: number;
  address: string;
}

export interface NumberingRules {
  ton: number | 'auto';
  npi: number | 'auto';
  /** Write a phone number with its leading plus. */
  plus: boolean;
}

const international = 1;
/** Without its country code (SMPP 3.4 5.2.5). */
export const national = 2;
const networkSpecific = 3;
const alphanumeric = 5;
const e164 = 1;
/** Countries (E.164 codes) whose numbers have a leading 0 of their own: Italy, Côte d'Ivoire, Benin, Gabon, Congo, San Marino. */
const withOwnZero: ReadonlySet<number> = new Set([39, 225, 229, 241, 242, 378]);
/** What leads out of a town where that is no 0. The same digits may begin a number of theirs: then its length tells. */
const trunkPrefixes: Readonly<Record<number, RegExp>> = {
  1: /^1(?=\d{10}$)/,
  7: /^8(?=\d{10}$)/,
  36: /^06/,
  375: /^80(?=\d{9}$)/,
  993: /^8(?=\d{8}$)/,
};

/** An address of ours as the account wants it: worked out from its form where a setting says `auto`. A name is always 5/0: no other type allows letters. */
export function toNumbering(address: string, rules: NumberingRules): Numbering {
  const automatic = toAutomatic(address);
  if (automatic.ton === alphanumeric) return {...automatic, address};
  return {
    ton: rules.ton === 'auto' ? automatic.ton : rules.ton,
    npi: rules.npi === 'auto' ? automatic.npi : rules.npi,
    address: isPhone(address) && !rules.plus ? address.slice(1) : address,
  };
}

/** What can't stand in a PDU's address field: more than 20 characters, or one that is no printable ASCII. */
export function isWritable(address: string): boolean {
  return /^[\x20-\x7e]{1,20}$/.test(address) && !/^[a-z]+:/i.test(address);
}

/**
 * An address of a PDU in our form. Its type of number decides what digits alone can't: with `international` they are a phone number however short.
 * What is no address of ours at all stays as it came, so that a person can read it.
 * @param country code of the country whose numbers come without one; without it a national number can't be told from an international one
 */
export function fromNumbering({ton, address}: Omit<Numbering, 'npi'>, country?: number): string {
  const trimmed = address.trim();
  if (ton === international && /^[1-9]\d{6,14}$/.test(trimmed)) return `+${trimmed}`;
  if (ton === alphanumeric) return trimmed;
  return fromNational(ton, trimmed, country) ?? toAddress(trimmed) ?? trimmed;
}

/** As its own country writes it: with what leads out of a town, or without. */
function fromNational(ton: number, digits: string, country: number | undefined): string | undefined {
  const isNational = ton === national ? /^\d{7,}$/.test(digits) : /^0[1-9]\d{5,}$/.test(digits);
  if (country === undefined || !isNational) return undefined;
  const significant = withOwnZero.has(country)
    ? digits
    : digits.replace(trunkPrefixes[country] ?? '', '').replace(/^0/, '');
  const phone = `+${country}${significant}`;
  return isPhone(phone) ? phone : undefined;
}

/** Where the account says that phone numbers come with a plus, digits alone are a short code or a national number. */
export function fromDestination(numbering: Omit<Numbering, 'npi'>, rules: DestinationRules): string {
  const trimmed = numbering.address.trim();
  if (rules.plusPrefix === true && isShortCode(trimmed)) return trimmed;
  return fromNumbering(numbering, rules.country);
}

export interface DestinationRules {
  plusPrefix: boolean | undefined;
  /** Country code of national numbers. */
  country?: number | undefined;
}

function toAutomatic(address: string): {ton: number; npi: number} {
  if (isPhone(address)) return {ton: international, npi: e164};
  if (/^\d+$/.test(address)) return {ton: networkSpecific, npi: 0};
  return {ton: alphanumeric, npi: 0};
}
