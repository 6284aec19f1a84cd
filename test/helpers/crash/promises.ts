/** What the outside was promised: every text with who has said yes to it. Serials rise in the order of each lane. */
export interface Sent {
  serial: number;
  channel: string;
  /** E.164. */
  phone: string;
  text: string;
  /** What the webhook was answered with; all its redeliveries must be answered alike. */
  messageId: string;
}

export interface Heard {
  serial: number;
  channel: string;
  phone: string;
  text: string;
  /** The carrier was told that we have it. */
  acknowledged: boolean;
}

export interface Promises {
  sent: Sent[];
  heard: Heard[];
  /** Serials of texts that the SMSC reports as undeliverable. */
  failing: Set<number>;
  /** Answers that nobody should get. */
  strange: string[];
  nextSerial(): number;
}

export function createPromises(): Promises {
  let serial = 0;
  return {
    sent: [],
    heard: [],
    failing: new Set(),
    strange: [],
    nextSerial() {
      serial += 1;
      return serial;
    },
  };
}
