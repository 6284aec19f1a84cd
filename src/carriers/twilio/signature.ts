import {createHash, createHmac, timingSafeEqual} from 'node:crypto';
import {type Pair, readPairs} from '../../core/form.ts';

/** A request as Twilio signed it: the public URL, never one made of the `Host` header. */
export interface SignedRequest {
  /** With its query as it came over the wire, without a fragment. */
  url: string;
  /** The body's bytes; empty for GET. */
  body: Buffer;
  /** `X-Twilio-Signature`, as it came. */
  signature: string;
}

/** Its longest forms have some dozens. */
const mostPairs = 1000;

/**
 * Whether one of the tokens signed this (twilio.com/docs/usage/security): base64 HMAC-SHA1 of the URL and the sorted form.
 * With `bodySHA256` in the query only the URL is signed and the body must have that hash.
 */
export function isSignedByTwilio(request: SignedRequest, tokens: readonly string[]): boolean {
  const given = Buffer.from(request.signature);
  const hash = bodyHashOf(request.url);
  if (hash !== undefined && !isEqual(Buffer.from(hash.toLowerCase()), Buffer.from(sha256(request.body)))) return false;
  if (hash === undefined && hasTooManyPairs(request.body)) return false;
  const form = hash === undefined ? joinForm(readForm(request.body)) : '';
  let found = false;
  for (const token of tokens) {
    for (const url of toUrlSpellings(request.url)) {
      if (token !== '' && isEqual(given, sign(token, url + form))) found = true;
    }
  }
  return found;
}

/** The value of `X-Twilio-Signature` for this URL and form. */
export function toSignature(token: string, url: string, pairs: readonly Pair[]): string {
  return sign(token, url + joinForm(pairs)).toString();
}

export function readForm(body: Buffer): Pair[] {
  return readPairs(body.toString('utf8'));
}

/** Nobody has vouched for the body yet: one of many pairs, which costs most to read and to sort, is none of Twilio's. */
function hasTooManyPairs(body: Buffer): boolean {
  let pairs = 1;
  for (let at = body.indexOf('&'); at >= 0 && pairs <= mostPairs; at = body.indexOf('&', at + 1)) pairs += 1;
  return pairs > mostPairs;
}

/** Names sorted; equal values of one name count once, different ones are sorted. */
function joinForm(pairs: readonly Pair[]): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of pairs) values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values.keys()]
    .sort()
    .flatMap(name => [...(values.get(name) ?? [])].sort().map(value => name + value))
    .join('');
}

/** As it came, with the default port added or taken away, and last as back ends write it that escape the URL first. */
function toUrlSpellings(url: string): string[] {
  const escaped = URL.parse(url)?.toString();
  return [...new Set([url, togglePort(url), ...(escaped === undefined ? [] : [escaped, togglePort(escaped)])])];
}

function togglePort(url: string): string {
  const parts = /^(https?):\/\/([^/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(:\d*)?(.*)$/is.exec(url);
  if (parts === null) return url;
  const [, scheme = '', user = '', host = '', port, rest = ''] = parts;
  const standard = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  return `${scheme}://${user}${host}${port === undefined ? standard : ''}${rest}`;
}

function bodyHashOf(url: string): string | undefined {
  const query = url.indexOf('?');
  return query < 0 ? undefined : (new URLSearchParams(url.slice(query + 1)).get('bodySHA256') ?? undefined);
}

function sign(token: string, data: string): Buffer {
  return Buffer.from(createHmac('sha1', token).update(data, 'utf8').digest('base64'));
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
