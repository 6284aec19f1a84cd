import {hash} from 'node:crypto';

type Algorithm = 'sha1' | 'sha256';

const blockBytes = 64;
const mostKept = 65_536;
/** Made once: memory of our own is given out to nobody else, so that no key has to be cleared from it after each use. */
const key = Buffer.alloc(blockBytes);
const innerBlocks = Buffer.alloc(blockBytes + mostKept);
const outerBlocks = {sha1: Buffer.alloc(blockBytes + 20), sha256: Buffer.alloc(blockBytes + 32)} as const;

/**
 * HMAC (RFC 2104) of two hashes made in one go each: where the bytes are as few as a webhook's, making an Hmac object costs more than both.
 * @param secret as UTF-8
 */
export function toMac(algorithm: Algorithm, secret: string, bytes: Uint8Array): Buffer {
  const fits = bytes.length <= mostKept;
  const inner = fits ? innerBlocks.subarray(0, blockBytes + bytes.length) : Buffer.alloc(blockBytes + bytes.length);
  const outer = outerBlocks[algorithm];
  readKey(algorithm, secret);
  for (let index = 0; index < blockBytes; index += 1) {
    const byte = key[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  inner.set(bytes, blockBytes);
  outer.write(hash(algorithm, inner, 'binary'), blockBytes, 'binary');
  return Buffer.from(hash(algorithm, outer, 'binary'), 'binary');
}

/** No longer than a block, and zeros behind it. */
function readKey(algorithm: Algorithm, secret: string): void {
  const isLong = Buffer.byteLength(secret) > blockBytes;
  const end = isLong ? key.write(hash(algorithm, secret, 'binary'), 'binary') : key.write(secret);
  for (let index = end; index < blockBytes; index += 1) key[index] = 0;
}
