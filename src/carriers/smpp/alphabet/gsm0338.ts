import {lockingShift, type Shifts, singleShift} from './national.ts';

/** GSM 7-bit default alphabet (3GPP TS 23.038 6.2.1), one character for each septet; 0x1B is the escape. */
export const basicAlphabet =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** Its extension (6.2.1.1): what follows an escape. */
export const extensionAlphabet: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
};

const escapeCode = 0x1b;
const doubled = 0x100;
const none = -1;
const septets = toSeptets();

/** One septet an octet; undefined when the text holds a character the alphabet lacks. */
export function encodeGsm(text: string): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(text.length * 2);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const septet = septets[text.charCodeAt(index)] ?? none;
    if (septet === none) return undefined;
    if (septet >= doubled) bytes[length++] = escapeCode;
    bytes[length++] = septet & 0x7f;
  }
  return bytes.subarray(0, length);
}

/** Septets that a text of this alphabet takes. */
export function countGsm(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    count += (septets[text.charCodeAt(index)] ?? none) >= doubled ? 2 : 1;
  }
  return count;
}

/**
 * Septets, one an octet, to text. An escape before a code without a meaning shows that code's own character, a doubled or trailing
 * one a space (6.2.1.1). An octet above 0x7F is no septet: SMSCs that send one mean Latin-1.
 */
export function decodeGsm(bytes: Buffer, shifts: Shifts = {}): string {
  const base = lockingShift(shifts.locking) ?? basicAlphabet;
  const extension = singleShift(shifts.single) ?? extensionAlphabet;
  let text = '';
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes[index] ?? 0;
    if (code !== escapeCode) {
      text += code > 0x7f ? String.fromCharCode(code) : base[code];
      continue;
    }
    index += 1;
    const next = bytes[index];
    if (next === undefined || next === escapeCode) text += ' ';
    else text += extension[next] ?? base[next] ?? String.fromCharCode(next);
  }
  return text;
}

/** By UTF-16 unit, up to the euro: a look-up in an array is several times cheaper than in a map, and every text is looked up. */
function toSeptets(): Int16Array {
  const codes = new Int16Array('€'.charCodeAt(0) + 1).fill(none);
  for (let code = 0; code < basicAlphabet.length; code += 1) {
    if (code !== escapeCode) codes[basicAlphabet.charCodeAt(code)] = code;
  }
  for (const [code, character] of Object.entries(extensionAlphabet)) {
    codes[character.charCodeAt(0)] = Number(code) + doubled;
  }
  return codes;
}
