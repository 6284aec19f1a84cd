/**
 * A second key for receipts: user_message_reference (SMPP 3.4 5.3.2.17), which some SMSCs give back in receipts. Two octets, kept in memory:
 * after a restart the SMSC's own id has to do.
 */
export interface References {
  next(sent: SentReference): number;
  /** What went out under this number to this phone. */
  find(reference: number, phone: string | undefined): SentReference | undefined;
}

export interface SentReference {
  messageId: string;
  segment: number;
  attempt: number;
  to: string;
}

const highest = 0xffff;

/** @param noise 0 to 1: where to start, so that the numbers of the run before are not met again at once */
export function createReferences(noise: number): References {
  const sent = new Map<number, SentReference>();
  let last = Math.floor(noise * highest);

  return {
    next(reference) {
      last = last >= highest ? 1 : last + 1;
      sent.set(last, reference);
      return last;
    },
    find(reference, phone) {
      const found = sent.get(reference);
      return found?.to === phone ? found : undefined;
    },
  };
}
