import {type CharsetName, charsets, decodeUtf16} from './charset.ts';
import {decodeGsm} from './gsm0338.ts';
import type {Shifts} from './national.ts';

/** Which charset travels under which data_coding: the account's list, in order of preference. */
export interface CharsetChoice {
  dcs: number;
  charset: CharsetName;
}

export interface DecodingRules {
  charsets: readonly CharsetChoice[];
  /** For SMSCs that send UTF-16 the wrong way round. */
  ucs2LittleEndian: boolean;
}

type Alphabet = CharsetName | 'binary' | 'shift_jis' | 'iso-2022-jp' | 'euc-jp' | 'euc-kr';

/** SMPP 3.4 5.2.19, for codes the account's list does not name. */
const standardAlphabets: Readonly<Record<number, Alphabet>> = {
  0: 'gsm_0338',
  1: 'ASCII',
  2: 'binary',
  3: 'ISO-8859-1',
  4: 'binary',
  5: 'shift_jis',
  6: 'ISO-8859-5',
  7: 'ISO-8859-8',
  8: 'utf-16be',
  10: 'iso-2022-jp',
  13: 'euc-jp',
  14: 'euc-kr',
};

/** Bytes without their header to text. What no alphabet explains comes out as hex: an agent can see that something came. */
export function decodeText(bytes: Buffer, dcs: number, shifts: Shifts, rules: DecodingRules): string {
  const alphabet = toAlphabet(dcs, rules.charsets);
  if (alphabet === 'binary') return toHex(bytes);
  if (alphabet === 'gsm_0338') return decodeGsm(bytes, shifts);
  if (alphabet === 'utf-16be') return decodeUtf16(rules.ucs2LittleEndian ? swapped(bytes) : bytes);
  if (Object.hasOwn(charsets, alphabet)) return charsets[alphabet as CharsetName].decode(bytes);
  try {
    return new TextDecoder(alphabet, {fatal: true}).decode(bytes);
  } catch {
    return toHex(bytes);
  }
}

/** Whether the septets of this data_coding may come packed. */
export function isGsm(dcs: number, list: readonly CharsetChoice[]): boolean {
  return toAlphabet(dcs, list) === 'gsm_0338';
}

/** Above 0x0F the groups of 3GPP TS 23.038 section 4 count: a mask of four bits would read 0xE0 as GSM and 0xF6 as nothing. */
function toAlphabet(dcs: number, list: readonly CharsetChoice[]): Alphabet {
  const own = list.find(choice => choice.dcs === dcs);
  if (own !== undefined) return own.charset;
  if (dcs <= 0x0f) return standardAlphabets[dcs] ?? 'binary';
  if (dcs < 0x80) {
    const compressed = (dcs & 0x20) !== 0;
    return compressed ? 'binary' : toGeneralAlphabet(dcs);
  }
  if (dcs >= 0xf0) return (dcs & 0x04) === 0 ? 'gsm_0338' : 'binary';
  if (dcs >= 0xe0) return 'utf-16be';
  return dcs >= 0xc0 ? 'gsm_0338' : 'binary';
}

function toGeneralAlphabet(dcs: number): Alphabet {
  const bits = (dcs >> 2) & 3;
  if (bits === 0) return 'gsm_0338';
  return bits === 2 ? 'utf-16be' : 'binary';
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}

function toHex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
