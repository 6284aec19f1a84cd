import smpp from 'smpp';
import {decodeDeliver, decodeSubmitResponse, encodeResponse, encodeSubmit} from './hot-codec.ts';

/** The longest legal PDU: a `message_payload` of 64 KiB and the rest of a submission. */
export const maxPduLength = 70_000;

/** What a PDU said. Texts are raw bytes, every TLV is raw bytes: its length decides what it is, not the type the standard gives it. */
export interface Pdu {
  command: string;
  status: number;
  sequence: number;
  fields: Fields;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A request that is framed rightly but can't be read: it is answered with this status and the link lives on. */
export class UnreadablePdu extends Error {
  readonly status: number;

  constructor(status: number, options?: {cause?: unknown}) {
    super(`unreadable PDU, command_status ${status}`, options);
    this.name = 'UnreadablePdu';
    this.status = status;
  }
}

const deliverSmResponse = 0x80000005;
const invalidMessageLength = 0x01;
const invalidTlvStream = 0xc0;

prepareCodec();

/** A fresh PDU for every try: the library's own object keeps sequence and lengths of its first encoding. */
export function encodePdu(command: string, sequence: number, fields: Fields = {}, status = 0): Buffer {
  if (command === 'submit_sm') return encodeSubmit(sequence, fields);
  if (command === 'deliver_sm_resp') return encodeResponse(deliverSmResponse, sequence, status, status === 0);
  return new smpp.PDU(command, {...fields, command_status: status, sequence_number: sequence}).toBuffer();
}

/** @throws {UnreadablePdu} */
export function decodePdu(bytes: Buffer): Pdu {
  const messageId = decodeSubmitResponse(bytes);
  if (messageId !== undefined) {
    return {command: 'submit_sm_resp', status: 0, sequence: bytes.readUInt32BE(12), fields: {message_id: messageId}};
  }
  const delivered = decodeDeliver(bytes);
  if (delivered !== undefined) {
    return {
      command: 'deliver_sm',
      status: bytes.readUInt32BE(8),
      sequence: bytes.readUInt32BE(12),
      fields: delivered,
    };
  }
  try {
    const pdu = new smpp.PDU(bytes);
    return {command: pdu.command, status: pdu.command_status, sequence: pdu.sequence_number, fields: pdu};
  } catch (error) {
    throw error instanceof UnreadablePdu ? error : new UnreadablePdu(invalidTlvStream, {cause: error});
  }
}

/** The standard's longest id has 64 octets, its longest address 64; an index of PostgreSQL has no room for whatever fits into a PDU. */
const longestText = 255;

export function textField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value.length > longestText ? value.slice(0, longestText) : value;
  if (!Buffer.isBuffer(value)) return '';
  const end = value.indexOf(0);
  return value.toString('latin1', 0, Math.min(longestText, end < 0 ? value.length : end)).trim();
}

export function numberField(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  if (typeof value === 'number') return value;
  if (!Buffer.isBuffer(value) || value.length === 0 || value.length > 6) return undefined;
  return value.readUIntBE(0, value.length);
}

export function bytesField(fields: Fields, name: string): Buffer | undefined {
  const value = fields[name];
  return Buffer.isBuffer(value) ? value : undefined;
}

/** The library's name of a TLV, for one written as a tag too: a vendor's is registered, for only named ones go out. */
export function toTlvName(written: string): string {
  const tag = toTag(written);
  if (tag === undefined) return written;
  const known = Object.entries(smpp.tlvs).find(([, tlv]) => tlv.id === tag);
  if (known !== undefined) return known[0];
  const name = `tlv_${tag.toString(16).padStart(4, '0')}`;
  smpp.addTLV(name, {id: tag, type: smpp.types.tlv.buffer});
  return name;
}

/** A name the library knows, or a tag: `0x1403`, `5123`. */
export function isTlvName(name: string): boolean {
  return toTag(name) !== undefined || Object.hasOwn(smpp.tlvs, name);
}

function toTag(written: string): number | undefined {
  if (!/^(?:0x[\da-f]{1,4}|\d{1,5})$/i.test(written)) return undefined;
  const tag = Number(written);
  return tag <= 0xffff ? tag : undefined;
}

/** The library decodes texts, times and TLVs by its own mind, which is often wrong (facts of the codec's trial); here it only cuts fields. */
function prepareCodec(): void {
  smpp.PDU.maxLength = maxPduLength;
  for (const command of Object.values(smpp.commands)) {
    for (const field of Object.values(command.params ?? {})) delete field.filter;
  }
  for (const tlv of Object.values(smpp.tlvs)) {
    delete tlv.filter;
    tlv.multiple = false;
    tlv.type = smpp.types.tlv.buffer;
  }
  smpp.types.buffer.read = readCounted;
}

/** The library cuts a short_message that claims more octets than there are; that must be told to the sender instead. */
function readCounted(bytes: Buffer, offset: number): Buffer {
  const length = bytes[offset] ?? 0;
  const end = offset + 1 + length;
  if (end > bytes.length) throw new UnreadablePdu(invalidMessageLength);
  return bytes.subarray(offset + 1, end);
}
