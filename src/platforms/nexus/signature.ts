import {createHash, timingSafeEqual} from 'node:crypto';
import {toMac} from './mac.ts';

/** Genesys documents SHA-1 and says nothing of the encoding; its Cloud sibling signs with SHA-256 in `X-Hub-Signature-256`. */
export interface SignatureForm {
  algorithm: 'sha1' | 'sha256';
  encoding: 'hex' | 'base64';
}

export const documentedForm: SignatureForm = {algorithm: 'sha1', encoding: 'hex'};

const digestBytes = {sha1: 20, sha256: 32} as const;

/** `sha1=<lower-case hex>` over the very bytes sent; the secret as UTF-8. */
export function toSignature(bytes: Uint8Array, secret: string, form = documentedForm): string {
  return `${form.algorithm}=${toMac(form.algorithm, secret, bytes).toString(form.encoding)}`;
}

/**
 * The first of `secrets` that made `header` over `bytes`, or undefined. Hex and prefix may be in any case; nothing else is forgiven.
 * All secrets are compared, each in constant time: how long it takes tells nothing about which one was near.
 */
export function findSecret(
  header: string,
  bytes: Uint8Array,
  secrets: readonly string[],
  form = documentedForm,
): string | undefined {
  const digest = toDigest(header, form);
  if (digest === undefined) return undefined;
  const fitting = secrets.filter(secret => timingSafeEqual(toMac(form.algorithm, secret, bytes), digest));
  return fitting[0];
}

/** What is wrong with a header that no secret fits. For the log, and for whoever sent it. */
export function toSignatureFault(header: string, form = documentedForm): 'absent' | 'malformed' | 'wrong' {
  if (header === '') return 'absent';
  return toDigest(header, form) === undefined ? 'malformed' : 'wrong';
}

/** Two secrets compared in a time that tells nothing about them, their lengths included. */
export function isSameSecret(given: string, expected: string): boolean {
  const [one, other] = [given, expected].map(secret => createHash('sha256').update(secret).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function toDigest(header: string, {algorithm, encoding}: SignatureForm): Buffer | undefined {
  const prefix = `${algorithm}=`;
  if (header.slice(0, prefix.length).toLowerCase() !== prefix) return undefined;
  const digits = header.slice(prefix.length);
  const given = encoding === 'hex' ? digits.toLowerCase() : digits;
  const digest = Buffer.from(given, encoding);
  return digest.length === digestBytes[algorithm] && digest.toString(encoding) === given ? digest : undefined;
}
