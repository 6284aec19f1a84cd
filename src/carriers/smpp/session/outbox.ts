import type {Socket} from 'node:net';

/** One PDU on its way out. */
export interface Outgoing {
  bytes: Buffer;
  /** False as long as it certainly has not left: the socket has not seen it. */
  handed: boolean;
  /** The kernel has it. */
  flushed?: () => void;
}

export interface Outbox {
  /** Answers go before requests: an SMSC counts the answers it waits for. */
  answer(bytes: Buffer, flushed?: () => void): void;
  request(outgoing: Outgoing): void;
  /** The socket does not keep up: take no more requests. */
  isCongested(): boolean;
  /** Octets of answers that the socket has not seen. */
  owed(): number;
}

const maxBatchOctets = 64 * 1024;

/**
 * Writes one batch at a time and waits until the kernel has taken it: whatever gathers meanwhile leaves as one write, and what is still
 * waiting here when a link is cut has certainly not left.
 */
export function createOutbox(socket: Pick<Socket, 'write' | 'writable'>, onDrain: () => void): Outbox {
  const answers: Outgoing[] = [];
  const requests: Outgoing[] = [];
  let requestOctets = 0;
  let answerOctets = 0;
  let busy = false;
  let scheduled = false;

  return {
    answer(bytes, flushed) {
      answers.push({bytes, handed: false, ...(flushed === undefined ? {} : {flushed})});
      answerOctets += bytes.length;
      schedule();
    },
    request(outgoing) {
      requests.push(outgoing);
      requestOctets += outgoing.bytes.length;
      schedule();
    },
    isCongested: () => requestOctets > maxBatchOctets,
    owed: () => answerOctets,
  };

  function schedule(): void {
    if (busy || scheduled) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      write();
    });
  }

  function write(): void {
    // Nothing leaves by a socket that was cut or ended: what waits stays as it is.
    if (!socket.writable) return;
    const batch = takeBatch();
    if (batch.length === 0) return;
    busy = true;
    const bytes = batch.map(outgoing => outgoing.bytes);
    socket.write(bytes.length === 1 && bytes[0] !== undefined ? bytes[0] : Buffer.concat(bytes), error => {
      busy = false;
      if (error) return;
      for (const outgoing of batch) outgoing.flushed?.();
      if (answers.length > 0 || requests.length > 0) schedule();
      onDrain();
    });
  }

  function takeBatch(): Outgoing[] {
    const batch = answers.splice(0);
    answerOctets = 0;
    let octets = 0;
    let count = 0;
    while (count < requests.length && octets < maxBatchOctets) {
      octets += requests[count]?.bytes.length ?? 0;
      count += 1;
    }
    batch.push(...requests.splice(0, count));
    requestOctets -= octets;
    for (const outgoing of batch) outgoing.handed = true;
    return batch;
  }
}
