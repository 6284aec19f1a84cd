import smpp from 'smpp';

/**
 * The PDUs that every text costs, written and read straight: several times cheaper than by the library (`bench/smpp.ts`).
 * `test/carriers/smpp/hot-codec.test.ts` holds it to the library's octets.
 */
const headerLength = 16;
const submitSm = 0x04;
const deliverSm = 0x05;
const submitSmResponse = 0x80000004;
const mandatory = new Set(Object.keys(smpp.commands.submit_sm?.params ?? {}));
const tlvNames = new Map(Object.values(smpp.tlvs).map(({id, tag}) => [id, tag]));

type Values = Readonly<Record<string, unknown>>;

/** Fields by the library's names; short_message and TLVs as bytes. */
export function encodeSubmit(sequence: number, fields: Values): Buffer {
  const message = bytesOf(fields.short_message);
  const tlvs = Object.keys(fields).filter(name => !mandatory.has(name));
  let length = headerLength + 12 + 5 + message.length;
  for (const name of strings) length += textOf(fields[name]).length;
  for (const name of tlvs) length += 4 + bytesOf(fields[name]).length;
  const bytes = Buffer.allocUnsafe(length);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(submitSm, 4);
  bytes.writeUInt32BE(0, 8);
  bytes.writeUInt32BE(sequence, 12);
  let at = writeString(bytes, headerLength, fields.service_type);
  at = writeAddress(bytes, at, fields.source_addr_ton, fields.source_addr_npi, fields.source_addr);
  at = writeAddress(bytes, at, fields.dest_addr_ton, fields.dest_addr_npi, fields.destination_addr);
  bytes[at] = octetOf(fields.esm_class);
  bytes[at + 1] = octetOf(fields.protocol_id);
  bytes[at + 2] = octetOf(fields.priority_flag);
  at = writeString(bytes, at + 3, fields.schedule_delivery_time);
  at = writeString(bytes, at, fields.validity_period);
  bytes[at] = octetOf(fields.registered_delivery);
  bytes[at + 1] = octetOf(fields.replace_if_present_flag);
  bytes[at + 2] = octetOf(fields.data_coding);
  bytes[at + 3] = octetOf(fields.sm_default_msg_id);
  bytes[at + 4] = message.length;
  bytes.set(message, at + 5);
  at += 5 + message.length;
  for (const name of tlvs) at = writeTlv(bytes, at, name, bytesOf(fields[name]));
  return bytes;
}

/** Whether a submission has a TLV that is none of these. */
export function hasTlv(fields: Values, but: readonly string[]): boolean {
  return Object.keys(fields).some(name => !mandatory.has(name) && !but.includes(name));
}

/** message_id of a submit_sm_resp without TLVs; undefined for everything else: the library reads that. */
export function decodeSubmitResponse(bytes: Buffer): string | undefined {
  if (bytes.length <= headerLength || bytes.readUInt32BE(4) !== submitSmResponse || bytes.readUInt32BE(8) !== 0) {
    return undefined;
  }
  const last = bytes.length - 1;
  return bytes.indexOf(0, headerLength) === last ? bytes.toString('latin1', headerLength, last) : undefined;
}

/**
 * Fields of a deliver_sm by the library's names, texts and TLVs as views of its bytes; undefined for what is cut short, or has a TLV nobody knows: the
 * library reads that.
 */
export function decodeDeliver(bytes: Buffer): Values | undefined {
  if (bytes.length < headerLength || bytes.readUInt32BE(4) !== deliverSm) return undefined;
  const service = endOfString(bytes, headerLength);
  const source = endOfString(bytes, service + 3);
  const destination = endOfString(bytes, source + 3);
  const schedule = endOfString(bytes, destination + 4);
  const validity = endOfString(bytes, schedule + 1);
  const textAt = validity + 6;
  const textEnd = textAt + (bytes[textAt - 1] ?? bytes.length);
  if (textEnd > bytes.length) return undefined;
  const fields: Record<string, unknown> = {
    service_type: readString(bytes, headerLength, service),
    source_addr_ton: bytes[service + 1],
    source_addr_npi: bytes[service + 2],
    source_addr: readString(bytes, service + 3, source),
    dest_addr_ton: bytes[source + 1],
    dest_addr_npi: bytes[source + 2],
    destination_addr: readString(bytes, source + 3, destination),
    esm_class: bytes[destination + 1],
    protocol_id: bytes[destination + 2],
    priority_flag: bytes[destination + 3],
    schedule_delivery_time: readString(bytes, destination + 4, schedule),
    validity_period: readString(bytes, schedule + 1, validity),
    registered_delivery: bytes[validity + 1],
    replace_if_present_flag: bytes[validity + 2],
    data_coding: bytes[validity + 3],
    sm_default_msg_id: bytes[validity + 4],
    short_message: bytes.subarray(textAt, textEnd),
  };
  return readTlvs(bytes, textEnd, fields) ? fields : undefined;
}

/** A response that says nothing but its status; deliver_sm_resp and data_sm_resp with the empty message_id the standard wants. */
export function encodeResponse(id: number, sequence: number, status: number, emptyId: boolean): Buffer {
  const bytes = Buffer.alloc(headerLength + (emptyId ? 1 : 0));
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(id, 4);
  bytes.writeUInt32BE(status, 8);
  bytes.writeUInt32BE(sequence, 12);
  return bytes;
}

const strings = [
  'service_type',
  'source_addr',
  'destination_addr',
  'schedule_delivery_time',
  'validity_period',
] as const;
const nothing = Buffer.alloc(0);

function writeAddress(bytes: Buffer, at: number, ton: unknown, npi: unknown, address: unknown): number {
  bytes[at] = octetOf(ton);
  bytes[at + 1] = octetOf(npi);
  return writeString(bytes, at + 2, address);
}

function writeString(bytes: Buffer, at: number, value: unknown): number {
  const text = textOf(value);
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text.charCodeAt(index);
  bytes[at + text.length] = 0;
  return at + text.length + 1;
}

function writeTlv(bytes: Buffer, at: number, name: string, value: Buffer): number {
  bytes.writeUInt16BE(smpp.tlvs[name]?.id ?? 0, at);
  bytes.writeUInt16BE(value.length, at + 2);
  value.copy(bytes, at + 4);
  return at + 4 + value.length;
}

/** Where the NUL stands, or the end of the bytes. */
function endOfString(bytes: Buffer, from: number): number {
  let end = from;
  while (end < bytes.length && bytes[end] !== 0) end += 1;
  return end;
}

function readString(bytes: Buffer, from: number, end: number): string {
  return from === end ? '' : bytes.toString('ascii', from, end);
}

/** False: one is not known here, or longer than what is there. */
function readTlvs(bytes: Buffer, from: number, fields: Record<string, unknown>): boolean {
  for (let at = from; at + 4 <= bytes.length; ) {
    const name = tlvNames.get(bytes.readUInt16BE(at));
    const valueAt = at + 4;
    at = valueAt + bytes.readUInt16BE(at + 2);
    if (name === undefined || at > bytes.length) return false;
    fields[name] = bytes.subarray(valueAt, at);
  }
  return true;
}

function octetOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function bytesOf(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : nothing;
}
