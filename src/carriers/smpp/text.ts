import type {Refused} from '../../core/outcome.ts';
import type {Plan} from '../carrier.ts';
import {type CharsetName, charsetNames, charsets} from './alphabet/charset.ts';
import type {CharsetChoice} from './alphabet/data-coding.ts';
import {fillBitsAfter, packSeptets} from './alphabet/packing.ts';
import {transliterate} from './alphabet/transliterate.ts';
import {cutText, toCapacity} from './segments.ts';

/** How a long text is told to be one: header with an 8- or 16-bit reference, SAR TLVs, or left to the SMSC whole. */
export const concatenations = ['udh8', 'udh16', 'sar', 'payload'] as const;
export type Concatenation = (typeof concatenations)[number];

export interface TextRules {
  /** In order of preference: the first that holds the text exactly is taken. */
  charsets: readonly CharsetChoice[];
  concatenation: Concatenation;
  maxSegments: number;
  /** Replaces typographic marks before paying for UTF-16. */
  transliterate: boolean;
  /** Packs septets into octets. */
  packed: boolean;
}

/** What a plan's name says. It alone decides how a later segment is encoded, whatever the settings are by then. */
export interface Manner {
  dcs: number;
  charset: CharsetName;
  concatenation: Concatenation | 'single';
  transliterated: boolean;
  packed: boolean;
}

/** User data header octets each way costs; the SMSC writes the one for SAR, with the wider reference at worst. */
const headerOctets = {single: 0, udh8: 6, udh16: 7, sar: 7, payload: 6} as const satisfies Record<
  Manner['concatenation'],
  number
>;

export function planText(text: string, rules: TextRules): Plan | Refused {
  const choice = chooseCharset(text, rules);
  if (choice === undefined) {
    const names = rules.charsets.map(each => each.charset).join(', ');
    return refuse('UnsupportedMessage', `no charset of this carrier (${names}) holds every character of the text`);
  }
  const written = choice.transliterated ? transliterate(text) : text;
  const charset = charsets[choice.charset];
  const packed = rules.packed && choice.charset === 'gsm_0338';
  const single: Manner = {...choice, packed, concatenation: 'single'};
  if (charset.count(written) <= toCapacity(charset.unit, 0)) return {name: toPlanName(single), segments: 1};
  const manner: Manner = {...single, concatenation: rules.concatenation};
  const segments = cutText(written, charset, capacityOf(manner)).length;
  if (segments > rules.maxSegments) {
    return refuse(
      'InvalidMessageStructure',
      `${segments} segments, this carrier's maxSegments is ${rules.maxSegments}`,
    );
  }
  if (rules.concatenation === 'payload') return {name: toPlanName(manner), segments: 1, airSegments: [segments]};
  return {name: toPlanName(manner), segments};
}

/** The user data of every segment, without headers. Empty when the plan's charset does not hold the text. */
export function encodeSegments(text: string, manner: Manner): Buffer[] {
  const charset = charsets[manner.charset];
  const written = manner.transliterated ? transliterate(text) : text;
  const whole = manner.concatenation === 'single' || manner.concatenation === 'payload';
  const pieces = whole ? [written] : cutText(written, charset, capacityOf(manner));
  const encoded = pieces.map(piece => charset.encode(piece));
  return encoded.every(piece => piece !== undefined) ? encoded.map(piece => pack(piece, manner)) : [];
}

/** `gsm_0338/0 udh8`, with ` packed` and ` transliterated` behind where they apply. */
export function toPlanName(manner: Manner): string {
  const words = [`${manner.charset}/${manner.dcs}`];
  if (manner.concatenation !== 'single') words.push(manner.concatenation);
  if (manner.packed) words.push('packed');
  if (manner.transliterated) words.push('transliterated');
  return words.join(' ');
}

export function parsePlanName(name: string): Manner | undefined {
  const [alphabet = '', ...words] = name.split(' ');
  const [charsetWord, dcsWord = ''] = alphabet.split('/');
  const charset = charsetNames.find(each => each === charsetWord);
  const dcs = Number(dcsWord);
  if (charset === undefined || !/^\d{1,3}$/.test(dcsWord) || dcs > 255) return undefined;
  return {
    dcs,
    charset,
    concatenation: concatenations.find(each => words.includes(each)) ?? 'single',
    packed: words.includes('packed'),
    transliterated: words.includes('transliterated'),
  };
}

function chooseCharset(text: string, rules: TextRules) {
  const exact = firstHolding(text, rules.charsets);
  if (!rules.transliterate || (exact !== undefined && exact.charset !== 'utf-16be')) {
    return exact === undefined ? undefined : {...exact, transliterated: false};
  }
  const narrow = rules.charsets.filter(choice => choice.charset !== 'utf-16be');
  const plain = firstHolding(transliterate(text), narrow);
  if (plain !== undefined) return {...plain, transliterated: true};
  return exact === undefined ? undefined : {...exact, transliterated: false};
}

function firstHolding(text: string, list: readonly CharsetChoice[]): CharsetChoice | undefined {
  return list.find(choice => charsets[choice.charset].encode(text) !== undefined);
}

function capacityOf(manner: Manner): number {
  return toCapacity(charsets[manner.charset].unit, headerOctets[manner.concatenation]);
}

function pack(septets: Buffer, manner: Manner): Buffer {
  if (!manner.packed) return septets;
  const header = manner.concatenation === 'udh8' || manner.concatenation === 'udh16';
  return packSeptets(septets, header ? fillBitsAfter(headerOctets[manner.concatenation]) : 0);
}

function refuse(code: 'UnsupportedMessage' | 'InvalidMessageStructure', message: string): Refused {
  return {kind: 'refused', scope: 'message', reason: {code, message}};
}
