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
const networkSpecific = 3;
const alphanumeric = 5;
const e164 = 1;

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
 */
export function fromNumbering({ton, address}: Omit<Numbering, 'npi'>): string {
  const trimmed = address.trim();
  if (ton === international && /^[1-9]\d{6,14}$/.test(trimmed)) return `+${trimmed}`;
  if (ton === alphanumeric) return trimmed;
  return toAddress(trimmed) ?? trimmed;
}

/** Where the account says that phone numbers come with a plus, digits alone are a short code or a national number. */
export function fromDestination(numbering: Omit<Numbering, 'npi'>, plusPrefix: boolean | undefined): string {
  const trimmed = numbering.address.trim();
  if (plusPrefix === true && isShortCode(trimmed)) return trimmed;
  return fromNumbering(numbering);
}

function toAutomatic(address: string): {ton: number; npi: number} {
  if (isPhone(address)) return {ton: international, npi: e164};
  if (/^\d+$/.test(address)) return {ton: networkSpecific, npi: 0};
  return {ton: alphanumeric, npi: 0};
}
