import {isSenderName, toAddress} from '../../core/address.ts';
import {cleanText} from '../../core/text.ts';

/** The phone that `raw` names, or undefined: a sender's name or an agent's id is none. */
export function toRecipient(raw: string): string | undefined {
  const address = toAddress(cleanText(raw));
  if (address !== undefined && !/^(tel|sms):/i.test(address)) return isSenderName(address) ? undefined : address;
  const plain = toAddress(toPlain(raw));
  return plain === undefined || isSenderName(plain) ? undefined : plain;
}

/** As contact lists and address books have them: marks of direction around a number, wide digits, other hyphens, a URI (RFC 3966). */
function toPlain(raw: string): string {
  return cleanText(raw)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Pd}/gu, '-')
    .trim()
    .replace(/^(tel|sms):/i, '');
}
