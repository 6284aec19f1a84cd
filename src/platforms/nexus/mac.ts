import {hash} from 'node:crypto';

type Algorithm = 'sha1' | 'sha256';

const blockBytes = 64;
const digestBytes = {sha1: 20, sha256: 32} as const;

/**
 * HMAC (RFC 2104) of two hashes made in one go each: where the bytes are as few as a webhook's, making an Hmac object costs more than both.
 * @param secret as UTF-8
 */
export function toMac(algorithm: Algorithm, secret: string, bytes: Uint8Array): Buffer {
  const inner = Buffer.allocUnsafe(blockBytes + bytes.length);
  const outer = Buffer.allocUnsafe(blockBytes + digestBytes[algorithm]);
  const key = toKey(algorithm, secret);
  for (let index = 0; index < blockBytes; index += 1) {
    const byte = key[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  inner.set(bytes, blockBytes);
  outer.write(hash(algorithm, inner, 'binary'), blockBytes, 'binary');
  const mac = Buffer.from(hash(algorithm, outer, 'binary'), 'binary');
  // Memory that was not cleared is given out again as it is.
  key.fill(0);
  for (const padded of [inner, outer]) padded.fill(0, 0, blockBytes);
  return mac;
}

/** No longer than a block. */
function toKey(algorithm: Algorithm, secret: string): Buffer {
  const key = Buffer.from(secret);
  return key.length > blockBytes ? Buffer.from(hash(algorithm, key, 'binary'), 'binary') : key;
}
