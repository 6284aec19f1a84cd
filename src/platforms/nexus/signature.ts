import {createHmac, timingSafeEqual} from 'node:crypto';

/** Genesys documents SHA-1 only; its Cloud sibling signs with SHA-256 in `X-Hub-Signature-256`. */
export type SignatureAlgorithm = 'sha1' | 'sha256';

const lengths = {sha1: 40, sha256: 64} as const;

/** `sha1=<lower-case hex>` over the very bytes sent; the secret as UTF-8. */
export function toSignature(bytes: Uint8Array, secret: string, algorithm: SignatureAlgorithm = 'sha1'): string {
  return `${algorithm}=${createHmac(algorithm, secret).update(bytes).digest('hex')}`;
}

/**
 * The first of `secrets` that made `header` over `bytes`, or undefined. Hex and prefix may be in any case; nothing else is forgiven.
 * All secrets are compared, each in constant time: how long it takes tells nothing about which one was near.
 */
export function findSecret(
  header: string,
  bytes: Uint8Array,
  secrets: readonly string[],
  algorithm: SignatureAlgorithm = 'sha1',
): string | undefined {
  const digest = toDigest(header, algorithm);
  if (digest === undefined) return undefined;
  const fitting = secrets.filter(secret =>
    timingSafeEqual(createHmac(algorithm, secret).update(bytes).digest(), digest),
  );
  return fitting[0];
}

/** Why a header can't be right whatever the secret: `absent` or `malformed`; `wrong` otherwise. For the log. */
export function toSignatureFault(header: string): 'absent' | 'malformed' | 'wrong' {
  if (header === '') return 'absent';
  return toDigest(header, 'sha1') === undefined ? 'malformed' : 'wrong';
}

function toDigest(header: string, algorithm: SignatureAlgorithm): Buffer | undefined {
  const [prefix, hex] = header.split('=');
  if (prefix?.toLowerCase() !== algorithm || hex === undefined) return undefined;
  return hex.length === lengths[algorithm] &&
    /^[\da-f]+$/i.test(hex) &&
    header.length === algorithm.length + 1 + hex.length
    ? Buffer.from(hex, 'hex')
    : undefined;
}
