import {createHash} from 'node:crypto';
import type {HeldPart, InboundEvent, PartEvent} from '../../core/event.ts';
import {cleanText} from '../../core/text.ts';
import {type DestinationRules, fromDestination, fromNumbering} from './address.ts';
import {type DecodingRules, decodeText, isGsm} from './alphabet/data-coding.ts';
import type {Shifts} from './alphabet/national.ts';
import {fillBitsAfter, unpackSeptets} from './alphabet/packing.ts';
import {bytesField, type Fields, numberField, textField} from './codec.ts';
import {parseHeader, type UserDataHeader} from './user-data-header.ts';

export interface InboundRules extends DecodingRules {
  packed: boolean;
}

export interface InboundOptions extends DestinationRules {
  account: string;
  rules: InboundRules;
  receivedAt: number;
}

export type InboundReading = {kind: 'whole'; event: InboundEvent} | {kind: 'part'; event: PartEvent};

const udhIndicator = 0x40;

/** short_message, or message_payload when it is empty (SMPP 3.4 4.6.1). */
export function bodyOf(fields: Fields): Buffer {
  const short = bytesField(fields, 'short_message');
  return short !== undefined && short.length > 0 ? short : (bytesField(fields, 'message_payload') ?? Buffer.alloc(0));
}

/** A text from a phone, or a part of one. */
export function readInbound(fields: Fields, options: InboundOptions): InboundReading {
  const {rules, receivedAt} = options;
  const esmClass = numberField(fields, 'esm_class') ?? 0;
  const dcs = numberField(fields, 'data_coding') ?? 0;
  const body = bodyOf(fields);
  const header = (esmClass & udhIndicator) === 0 ? undefined : parseHeader(body);
  const data = toUnits(body.subarray(header?.octets ?? 0), header, dcs, rules);
  const shifts = header?.shifts ?? {};
  const source = {ton: numberField(fields, 'source_addr_ton') ?? 0, address: textField(fields, 'source_addr')};
  const from = fromNumbering(source, options.country);
  const destination = {ton: numberField(fields, 'dest_addr_ton') ?? 0, address: textField(fields, 'destination_addr')};
  const to = fromDestination(destination, options);
  const fingerprint = toFingerprint([options.account, from, to, String(esmClass), String(dcs)], body, fields);
  const parts = header?.concatenation ?? readSar(fields);
  if (parts === undefined || parts.total === 1) {
    const text = cleanText(decodeText(data, dcs, shifts, rules));
    return {kind: 'whole', event: {from, to, text, media: [], receivedAt, fingerprint}};
  }
  const {reference, width, part, total} = parts;
  const event: PartEvent = {
    from,
    to,
    group: [from, to, reference, width, total].join('|'),
    part,
    total,
    body: data.toString('hex'),
    coding: toCoding(dcs, shifts),
    receivedAt,
    fingerprint,
  };
  return {kind: 'part', event};
}

/**
 * Neighbours of one coding are put together as bytes before they are decoded: an escape pair or a surrogate pair may be cut between them.
 * A part that came twice counts once.
 */
export function joinParts(parts: readonly HeldPart[], rules: InboundRules): {text: string; missing: number} {
  const sorted = parts
    .toSorted((left, right) => left.part - right.part)
    .filter((part, index, all) => part.part !== all[index - 1]?.part);
  const total = Math.max(0, ...parts.map(part => part.total));
  let text = '';
  let run: HeldPart[] = [];
  for (const part of sorted) {
    const last = run.at(-1);
    if (last !== undefined && (last.coding !== part.coding || last.part + 1 !== part.part)) {
      text += decodeRun(run, rules);
      run = [];
    }
    run.push(part);
  }
  text += decodeRun(run, rules);
  return {text: cleanText(text), missing: Math.max(0, total - sorted.length)};
}

function decodeRun(run: readonly HeldPart[], rules: InboundRules): string {
  const first = run[0];
  if (first === undefined) return '';
  const {dcs, shifts} = parseCoding(first.coding);
  return decodeText(Buffer.from(run.map(part => part.body).join(''), 'hex'), dcs, shifts, rules);
}

/** `8`, or `0;single=3;locking=3`. */
function toCoding(dcs: number, {single, locking}: Shifts): string {
  const words = [String(dcs)];
  if (single !== undefined) words.push(`single=${single}`);
  if (locking !== undefined) words.push(`locking=${locking}`);
  return words.join(';');
}

function parseCoding(coding: string): {dcs: number; shifts: Shifts} {
  const [dcs, ...words] = coding.split(';');
  const pairs = words.map(word => word.split('='));
  return {dcs: Number(dcs), shifts: Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]))};
}

/** Septets one an octet, where they came packed. */
function toUnits(data: Buffer, header: UserDataHeader | undefined, dcs: number, rules: InboundRules): Buffer {
  if (!rules.packed || !isGsm(dcs, rules.charsets)) return data;
  return unpackSeptets(data, header === undefined ? 0 : fillBitsAfter(header.octets));
}

/** SMPP 3.4 5.3.2.22 to .24. */
function readSar(fields: Fields): UserDataHeader['concatenation'] {
  const reference = numberField(fields, 'sar_msg_ref_num');
  const total = numberField(fields, 'sar_total_segments');
  const part = numberField(fields, 'sar_segment_seqnum');
  if (reference === undefined || total === undefined || part === undefined) return undefined;
  if (total === 0 || part === 0 || part > total) return undefined;
  return {reference, width: 'sar', part, total};
}

/** MO carry no id: account, addresses and every octet of the text with what says how to read it. */
function toFingerprint(words: readonly string[], body: Buffer, fields: Fields): string {
  const hash = createHash('sha256').update(words.join('\0')).update('\0');
  for (const name of ['sar_msg_ref_num', 'sar_total_segments', 'sar_segment_seqnum']) {
    hash.update(bytesField(fields, name) ?? '-');
  }
  return hash.update(body).digest('hex');
}
