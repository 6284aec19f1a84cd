import type {Log} from '../../../core/log.ts';
import {decodePdu, numberField, type Pdu, UnreadablePdu} from '../codec.ts';

/** What came in one chunk, by urgency: answers free others, receipts end what was begun, texts make work. */
export interface Arrivals {
  responses: Pdu[];
  requests: Pdu[];
  /** Requests whose body can't be read; each is answered with its status. */
  unreadable: Array<{sequence: number; status: number}>;
}

/** Within each kind the order stays. */
export function sortFrames(frames: readonly Buffer[], log: Log): Arrivals {
  const arrivals: Arrivals = {responses: [], requests: [], unreadable: []};
  const others: Pdu[] = [];
  for (const frame of frames) {
    const pdu = read(frame, arrivals, log);
    if (pdu === undefined) continue;
    if (isResponse(frame)) arrivals.responses.push(pdu);
    else if (((numberField(pdu.fields, 'esm_class') ?? 0) & 0x3c) !== 0) arrivals.requests.push(pdu);
    else others.push(pdu);
  }
  arrivals.requests.push(...others);
  return arrivals;
}

function read(frame: Buffer, arrivals: Arrivals, log: Log): Pdu | undefined {
  try {
    return decodePdu(frame);
  } catch (error) {
    if (!(error instanceof UnreadablePdu)) throw error;
    const sequence = frame.readUInt32BE(12);
    log.warn('pdu.unreadable', {commandId: frame.readUInt32BE(4), sequence, octets: frame.length});
    if (!isResponse(frame)) arrivals.unreadable.push({sequence, status: error.status});
    return undefined;
  }
}

function isResponse(frame: Buffer): boolean {
  return (frame[4] ?? 0) >= 0x80;
}
