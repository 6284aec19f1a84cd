/** SMPP 3.4 as an SMSC writes and reads it: enough of it for a pretend one, and none of the gateway's own code. */

export const command = {
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submitSm: 0x04,
  deliverSm: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
  dataSm: 0x103,
  genericNack: 0x80000000,
} as const;

export const responseBit = 0x80000000;

export interface Header {
  id: number;
  status: number;
  sequence: number;
}

/** The fields submit_sm and deliver_sm share (4.4.1, 4.6.1). */
export interface Message {
  serviceType: string;
  sourceTon: number;
  sourceNpi: number;
  source: string;
  destinationTon: number;
  destinationNpi: number;
  destination: string;
  esmClass: number;
  protocolId: number;
  priorityFlag: number;
  validityPeriod: string;
  registeredDelivery: number;
  dataCoding: number;
  shortMessage: Buffer;
  /** By tag. */
  tlvs: ReadonlyMap<number, Buffer>;
}

export function readHeader(frame: Buffer): Header {
  return {id: frame.readUInt32BE(4), status: frame.readUInt32BE(8), sequence: frame.readUInt32BE(12)};
}

export function writePdu({id, status, sequence}: Header, body: Buffer = Buffer.alloc(0)): Buffer {
  const frame = Buffer.allocUnsafe(16 + body.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(id, 4);
  frame.writeUInt32BE(status, 8);
  frame.writeUInt32BE(sequence, 12);
  body.copy(frame, 16);
  return frame;
}

export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'latin1');
}

/** system_id and password of a bind. */
export function readBind(frame: Buffer): {systemId: string; password: string} {
  const read = createReader(frame);
  return {systemId: read.cString(), password: read.cString()};
}

export function readMessage(frame: Buffer): Message {
  const read = createReader(frame);
  const serviceType = read.cString();
  const [sourceTon, sourceNpi, source] = [read.octet(), read.octet(), read.cString()];
  const [destinationTon, destinationNpi, destination] = [read.octet(), read.octet(), read.cString()];
  const [esmClass, protocolId, priorityFlag] = [read.octet(), read.octet(), read.octet()];
  const [, validityPeriod] = [read.cString(), read.cString()];
  const [registeredDelivery, , dataCoding] = [read.octet(), read.octet(), read.octet(), read.octet()];
  return {
    serviceType,
    sourceTon,
    sourceNpi,
    source,
    destinationTon,
    destinationNpi,
    destination,
    esmClass,
    protocolId,
    priorityFlag,
    validityPeriod,
    registeredDelivery,
    dataCoding,
    shortMessage: read.counted(),
    tlvs: read.tlvs(),
  };
}

/** The body of a deliver_sm. */
export function writeMessage(message: Partial<Message>): Buffer {
  const text = message.shortMessage ?? Buffer.alloc(0);
  const parts = [
    cString(message.serviceType ?? ''),
    Buffer.of(message.sourceTon ?? 1, message.sourceNpi ?? 1),
    cString(message.source ?? ''),
    Buffer.of(message.destinationTon ?? 1, message.destinationNpi ?? 1),
    cString(message.destination ?? ''),
    Buffer.of(message.esmClass ?? 0, message.protocolId ?? 0, message.priorityFlag ?? 0, 0, 0),
    Buffer.of(message.registeredDelivery ?? 0, 0, message.dataCoding ?? 0, 0, text.length),
    text,
  ];
  for (const [tag, value] of message.tlvs ?? []) parts.push(writeTlv(tag, value));
  return Buffer.concat(parts);
}

function writeTlv(tag: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag >> 8, tag & 0xff, value.length >> 8, value.length & 0xff), value]);
}

function createReader(frame: Buffer) {
  let at = 16;
  return {
    octet: () => frame[at++] ?? 0,
    cString() {
      const end = frame.indexOf(0, at);
      const text = frame.toString('latin1', at, end < 0 ? frame.length : end);
      at = end < 0 ? frame.length : end + 1;
      return text;
    },
    counted() {
      const length = frame[at] ?? 0;
      at += 1 + length;
      return frame.subarray(at - length, at);
    },
    tlvs() {
      const found = new Map<number, Buffer>();
      while (at + 4 <= frame.length) {
        const length = frame.readUInt16BE(at + 2);
        found.set(frame.readUInt16BE(at), frame.subarray(at + 4, at + 4 + length));
        at += 4 + length;
      }
      return found;
    },
  };
}
