import {maskPhone} from '../core/address.ts';
import type {Pair} from '../core/form.ts';

/** A recorded webhook without what it says and to whom: its shape stays, so that what reads the one reads the other. Pure. */

/** Members whose values are names of things, not words of people. */
const names =
  /^(id|messageId|type|direction|status|contentType|mediaType|mime|mimetype|idType|platform|time|eventType|originatingEntity|code|provider)$/;
const phone = /^\+?\d{7,15}$/;
/** As one is written where an id stands: `whatsapp:+14155550123`, `+1-415-555-0123`. A date is none. */
const writtenPhone = /^(?!\d{4}-\d\d-\d\d$)([a-z]+:(\/\/)?)?\+?\d([./-]?\d){6,14}$/i;
/** One inside an id: `sms-14155550123-2`. The groups of a UUID are none. */
const phoneWithin = /(?<![a-z\d])\+?\d{7,15}(?![a-z\d])/gi;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const deepest = 100;

/** @param known numbers of our own, as digits: they are no secret here */
export function maskJson(value: unknown, known: ReadonlySet<string>, name = '', depth = 0): unknown {
  if (depth > deepest) return 'nested deeper than this';
  if (Array.isArray(value)) return value.map(member => maskJson(member, known, name, depth + 1));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => [
      maskKey(key, known),
      maskJson(member, known, key, depth + 1),
    ]);
    return Object.fromEntries(members);
  }
  if (typeof value === 'number') return maskNumeral(value, known);
  return typeof value === 'string' ? maskText(value, name, known) : value;
}

function maskKey(key: string, known: ReadonlySet<string>): string {
  return phone.test(key) ? maskNumber(key, known) : key;
}

function maskText(text: string, name: string, known: ReadonlySet<string>): string {
  if (phone.test(text) || (names.test(name) && writtenPhone.test(text))) return maskNumber(text, known);
  if (names.test(name) && /^[\w.:/+-]{0,100}$/.test(text))
    return uuid.test(text) ? text : text.replace(phoneWithin, number => maskNumber(number, known));
  const [scheme = ''] = /^[a-z]+:\/\//.exec(text) ?? [];
  return scheme + maskWords(text.slice(scheme.length));
}

/** A text may be a number as well; what is small tells nothing. */
function maskNumeral(value: number, known: ReadonlySet<string>): number {
  const digits = String(value);
  if (phone.test(digits)) return Number(maskNumber(digits, known));
  return Math.abs(value) < 1000 ? value : Math.sign(value) * 10 ** Math.floor(Math.log10(Math.abs(value)));
}

/** Still a number of that country and length. */
function maskNumber(number: string, known: ReadonlySet<string>): string {
  return known.has(number.replace(/\D/g, '')) ? number : maskPhone(number).replaceAll('*', '0');
}

function maskWords(text: string): string {
  return text.replace(/\p{L}/gu, 'x').replace(/\p{N}/gu, '0');
}

/** Members of a carrier's form, and of the address it calls, that are names of things. */
const formNames =
  /^(\w*Sid|mid|attempt|SmsStatus|MessageStatus|OptOutType|ErrorCode|ApiVersion|Num(Media|Segments)|MediaContentType\d+|(From|To)Country)$/;

export function maskForm(pairs: readonly Pair[], known: ReadonlySet<string>, plain: boolean): Pair[] {
  if (plain) return [...pairs];
  return pairs.map(([name, value]) => [maskKey(name, known), maskText(value, formNames.test(name) ? 'id' : '', known)]);
}

/** Never recorded, whoever asks. */
const secret = /^(authorization|proxy-authorization|cookie|x-api-key)$/;
const harmless = /^(content-(type|length|encoding)|accept(-.*)?|user-agent|x-b3-.*|host|connection|date)$/;

/** @param hidden names, in lower case, of headers that prove something */
export function maskHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  hidden: ReadonlySet<string>,
  plain: boolean,
): Record<string, string> {
  const shown = Object.entries(headers).map(([name, value]) => {
    const words = [value].flat().join(', ');
    if (secret.test(name) || hidden.has(name)) return [name, '(hidden)'];
    if (plain || harmless.test(name)) return [name, words];
    if (name.startsWith('x-hub-signature')) return [name, toForm(words)];
    return [name, `(${words.length} characters)`];
  });
  return Object.fromEntries(shown);
}

/** How a signature is written, without the signature. */
function toForm(signature: string): string {
  const [, algorithm = '', value = ''] = /^(\w+=)?(.*)$/.exec(signature) ?? [];
  const alphabet = /^[\da-f]+$/i.test(value) ? 'hex digits' : 'characters';
  return `${algorithm}(${value.length} ${alphabet})`;
}
