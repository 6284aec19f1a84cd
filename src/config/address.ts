import {type CountryCode, isSupportedCountry, parsePhoneNumberFromString} from 'libphonenumber-js/max';
import {isPhone, isSenderName, toAddress} from '../core/address.ts';

export interface AddressSetting {
  address: string;
  kind?: 'phone' | 'shortCode' | 'name' | undefined;
  country?: string | undefined;
}

export type ReadAddress = {address: string; country: string | undefined; warning?: string} | {mistake: string};

/** Digits of fewer places than this are, without plus and country, as well a national number as an international one. */
const shortestInternational = 11;

/** A sender as the file has it to its canonical form. What can be read two ways is refused: a text would come from a stranger's number. */
export function readAddress({address, kind, country}: AddressSetting): ReadAddress {
  const text = address.trim();
  if (country !== undefined && !isSupportedCountry(country)) {
    return {mistake: `has the country ${country}, which has no numbering plan: give the ISO 3166 code of its country.`};
  }
  if (/^[a-z]+:/i.test(text)) return readPrefixed(text, country);
  if (kind === 'name' || /[a-z]/i.test(text)) return readName(text, kind, country);
  if (kind === 'shortCode') return readShortCode(text, country);
  if (/^(\+|00)/.test(text)) return readInternational(text, country);
  const digits = text.replace(/[\s().-]/g, '');
  if (!/^\d{3,15}$/.test(digits))
    return {mistake: 'must be `+` and digits, a short code of 3 to 8 digits, or a sender name with a letter in it.'};
  if (kind === undefined && digits.length <= 6) return {address: digits, country};
  if (kind === undefined && digits.length <= 8) {
    return {
      mistake: 'can be a short code or a phone number: say `kind: shortCode`, or write the number with its plus.',
    };
  }
  return readDigits(digits, country);
}

/** Texts from phones name it in one spelling alone: lower-case letters, and a phone with its plus. */
function readPrefixed(text: string, country: string | undefined): ReadAddress {
  const [, written = '', rest = ''] = /^([a-z]+):\s*(.{1,100})$/i.exec(text) ?? [];
  if (rest === '') return {mistake: 'must be a prefix and an address, such as `whatsapp:+14155550123`.'};
  const prefix = written.toLowerCase();
  if (prefix !== 'whatsapp' && !rest.startsWith('+')) return {address: `${prefix}:${rest}`, country};
  const digits = rest.replace(/[\s().-]/g, '');
  const read = /^[1-9]\d*$/.test(digits) ? readDigits(digits, country) : readInternational(rest, undefined);
  return 'mistake' in read ? read : {...read, address: `${prefix}:${read.address}`, country};
}

function readName(text: string, kind: AddressSetting['kind'], country: string | undefined): ReadAddress {
  if (kind !== undefined && kind !== 'name') return {mistake: `has letters in it: it can't be of kind ${kind}.`};
  if (!isSenderName(text)) {
    return {
      mistake: 'must, as a sender name, have at most 11 letters, digits, blanks or `& . + -`, and a letter in it.',
    };
  }
  return {address: text, country};
}

function readShortCode(text: string, country: string | undefined): ReadAddress {
  return /^\d{3,8}$/.test(text) ? {address: text, country} : {mistake: 'must, as a short code, have 3 to 8 digits.'};
}

function readInternational(text: string, country: string | undefined): ReadAddress {
  const address = toAddress(text);
  if (address === undefined || !isPhone(address)) {
    return {mistake: 'must be `+`, a country code and the number: 7 to 15 digits that do not begin with 0.'};
  }
  const number = parsePhoneNumberFromString(address);
  if (country !== undefined && number?.country !== undefined && number.country !== country) {
    return {mistake: `is a number of ${number.country}, but \`country\` says ${country}: mend one of them.`};
  }
  const warning = number?.isValid() === true ? undefined : 'is no number the numbering plans know; check it.';
  return {address, country: country ?? number?.country, ...(warning !== undefined && {warning})};
}

function readDigits(digits: string, country: string | undefined): ReadAddress {
  if (country === undefined) {
    if (digits.length < shortestInternational) {
      return {
        mistake:
          'can be read two ways, as a national or an international number: write it with its plus, or give `country`.',
      };
    }
    return readInternational(`+${digits}`, country);
  }
  const readings = new Set(
    [toValid(`+${digits}`, country), toValid(digits, country)].filter(reading => reading !== undefined),
  );
  const [only] = readings;
  if (only === undefined) return {mistake: `is no number of ${country}: write it with its plus.`};
  if (readings.size > 1) return {mistake: `can be read two ways as a number of ${country}: write it with its plus.`};
  return {address: only, country};
}

function toValid(text: string, country: string): string | undefined {
  if (!isSupportedCountry(country)) return undefined;
  const number = parsePhoneNumberFromString(text, country satisfies CountryCode);
  return number?.isValid() === true && number.country === country ? number.number : undefined;
}
