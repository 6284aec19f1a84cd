import {toByteTable} from './byte-table.ts';
import {countGsm, decodeGsm, encodeGsm} from './gsm0338.ts';
import type {Shifts} from './national.ts';

/** The names are those of Genesys' BYO SMPP advanced configuration. */
export const charsetNames = [
  'gsm_0338',
  'ASCII',
  'ISO-8859-1',
  'JIS0201',
  'ISO-8859-5',
  'ISO-8859-8',
  'utf-16be',
] as const;
export type CharsetName = (typeof charsetNames)[number];

export interface Charset {
  /** What a segment is counted in: 160 septets, 140 octets or 70 UTF-16 units. */
  unit: 'septet' | 'octet' | 'utf16';
  /** The whole text exactly, or undefined: never a replacement. */
  encode(text: string): Buffer | undefined;
  /** How many units a text of this charset takes. */
  count(text: string): number;
  decode(bytes: Buffer, shifts?: Shifts): string;
}

const latin1 = toByteTable(code => (code < 0x80 || code >= 0xa0 ? String.fromCharCode(code) : undefined));
const cyrillic = toByteTable(code => decodeWith('iso-8859-5', code));
const hebrew = toByteTable(code => decodeWith('iso-8859-8', code));
const jisX0201 = toByteTable(toJisX0201);
const ascii = toByteTable(code =>
  code < 0x80 && code !== 0x60 && !isControl(code) ? String.fromCharCode(code) : undefined,
);

/** What the SMSC will have to write with an escape when it turns ASCII into the GSM alphabet. */
const doubledInGsm = /[\^{}\\[\]~|]/g;

export const charsets: Readonly<Record<CharsetName, Charset>> = {
  gsm_0338: {unit: 'septet', encode: encodeGsm, count: countGsm, decode: decodeGsm},
  ASCII: {
    unit: 'septet',
    encode: ascii.encode,
    count: text => text.length + (text.match(doubledInGsm)?.length ?? 0),
    decode: bytes => bytes.toString('latin1'),
  },
  'ISO-8859-1': {unit: 'octet', ...latin1, decode: bytes => bytes.toString('latin1')},
  JIS0201: {unit: 'octet', ...jisX0201},
  'ISO-8859-5': {unit: 'octet', ...cyrillic},
  'ISO-8859-8': {unit: 'octet', ...hebrew},
  'utf-16be': {unit: 'utf16', encode: encodeUtf16, count: text => text.length, decode: decodeUtf16},
};

/** Big endian without a byte-order mark, as it stands on the wire. */
function encodeUtf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** Drops one leading byte-order mark; half a unit at the end is dropped too, it has no meaning. */
export function decodeUtf16(bytes: Buffer): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  const text = even.swap16().toString('utf16le');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function isControl(code: number): boolean {
  return code < 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x0c;
}

function decodeWith(label: string, code: number): string | undefined {
  const character = new TextDecoder(label).decode(Uint8Array.of(code));
  return character === '\ufffd' ? undefined : character;
}

/** JIS X 0201: ASCII with yen and overline, and the half-width katakana. */
function toJisX0201(code: number): string | undefined {
  if (code === 0x5c) return '¥';
  if (code === 0x7e) return '‾';
  if (code < 0x80) return String.fromCharCode(code);
  return code >= 0xa1 && code <= 0xdf ? String.fromCharCode(code - 0xa1 + 0xff61) : undefined;
}
