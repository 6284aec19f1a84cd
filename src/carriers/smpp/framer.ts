/** Cuts a byte stream into PDUs by command_length. Pure but for the bytes it keeps. */
export interface Framer {
  /** The whole PDUs that `chunk` completes. After a `fault` the stream is lost: nothing more can be cut from it. */
  push(chunk: Buffer): {frames: Buffer[]; fault: FrameFault | undefined};
  /** True while part of a PDU is waiting for the rest. */
  isPartial(): boolean;
}

export interface FrameFault {
  /** 0 when the header could not be read. */
  sequence: number;
  /** A sentence for the operator. */
  why: string;
}

const headerLength = 16;

export function createFramer(maxLength: number): Framer {
  let waiting: Buffer[] = [];
  let waitingLength = 0;
  let needed = headerLength;

  return {push, isPartial: () => waitingLength > 0};

  function push(chunk: Buffer) {
    const frames: Buffer[] = [];
    waiting.push(chunk);
    waitingLength += chunk.length;
    if (waitingLength < needed) return {frames, fault: earlyFault()};
    let bytes = gather();
    let fault: FrameFault | undefined;
    while (bytes.length >= headerLength) {
      const length = bytes.readUInt32BE(0);
      fault = toFault(bytes, length, maxLength);
      if (fault !== undefined) break;
      needed = length;
      if (bytes.length < length) break;
      frames.push(bytes.subarray(0, length));
      bytes = bytes.subarray(length);
      needed = headerLength;
    }
    keep(bytes);
    return {frames, fault};
  }

  /** What is no SMPP at all is told at its first four octets: its "length" may never come. */
  function earlyFault(): FrameFault | undefined {
    if (needed !== headerLength || waitingLength < 4) return undefined;
    const bytes = gather();
    keep(bytes);
    return toFault(bytes, bytes.readUInt32BE(0), maxLength);
  }

  function gather(): Buffer {
    const only = waiting[0];
    return waiting.length === 1 && only !== undefined ? only : Buffer.concat(waiting, waitingLength);
  }

  function keep(bytes: Buffer): void {
    waiting = bytes.length > 0 ? [bytes] : [];
    waitingLength = bytes.length;
  }
}

function toFault(bytes: Buffer, length: number, maxLength: number): FrameFault | undefined {
  if (length >= headerLength && length <= maxLength) return undefined;
  const sequence = bytes.length >= headerLength ? bytes.readUInt32BE(12) : 0;
  const first = bytes.toString('latin1', 0, 4);
  if (first === 'HTTP') return {sequence: 0, why: 'this port speaks HTTP, not SMPP: check host and port'};
  if (bytes[0] === 0x15 && bytes[1] === 0x03) {
    return {sequence: 0, why: 'this port wants TLS: set tls to true, or use the port for plain SMPP'};
  }
  if (/^(?:SSH-|220[ -]|\+OK)/.test(first)) {
    return {sequence: 0, why: 'this port speaks another protocol, not SMPP: check host and port'};
  }
  return {sequence, why: `a PDU claims ${length} octets, 16 to ${maxLength} are possible: the stream is lost`};
}
