import {parsePhoneNumberFromString} from 'libphonenumber-js/max';
import {isPhone, isSenderName} from '../../../core/address.ts';
import {type Finding, problem, warning} from './finding.ts';

/** A sender as somebody wants it wired. */
export interface WantedSender {
  address: string;
  /** ISO 3166, two letters. */
  country?: string;
  /** Own texts for HELP, STOP and START: short codes need them. */
  keywords?: {help?: string; stop?: string; start?: string};
}

/** What a sender must be before Twilio is asked at all; the cases are those of Genesys Cloud's number import. */
export function checkSender({address, country, keywords = {}}: WantedSender): Finding[] {
  if (address.trim() === '') return [problem('sender_missing', 'The channel names no sender: give its address.')];
  const bare = address.replace(/^whatsapp:/, '');
  if (/^\d+$/.test(bare)) return checkShortCode(bare, country, keywords);
  if (isPhone(bare)) return checkPhone(bare, country);
  if (isSenderName(bare)) {
    return [warning('sender_one_way', `${bare} is a sender name: nobody can answer it, and some countries refuse it.`)];
  }
  return [
    problem(
      'sender_format',
      `${address} is no E.164 number, no short code and no sender name: write it as +14155550123.`,
    ),
  ];
}

function checkShortCode(code: string, country: string | undefined, keywords: WantedSender['keywords']): Finding[] {
  const findings: Finding[] = [];
  if (code.length < 5 || code.length > 6) {
    findings.push(
      problem(
        'sender_format',
        `${code} is no short code: it has five or six digits. Write a phone as E.164, with a plus.`,
      ),
    );
  }
  if (country === undefined) {
    findings.push(problem('country_missing', `Short code ${code} belongs to one country: give the channel’s country.`));
  }
  if (!keywords?.help || !keywords.stop || !keywords.start) {
    findings.push(
      problem('keywords_missing', `Short code ${code} needs its own texts for HELP, STOP and START: give all three.`),
    );
  }
  return findings;
}

function checkPhone(phone: string, country: string | undefined): Finding[] {
  const parsed = parsePhoneNumberFromString(phone);
  if (parsed === undefined || !parsed.isPossible()) {
    return [problem('sender_format', `${phone} is not a possible phone number: check its digits.`)];
  }
  if (country !== undefined && parsed.country !== undefined && parsed.country !== country.toUpperCase()) {
    return [
      problem(
        'country_mismatch',
        `${phone} is a number of ${parsed.country}, the channel says ${country}: correct one of them.`,
      ),
    ];
  }
  return [];
}
