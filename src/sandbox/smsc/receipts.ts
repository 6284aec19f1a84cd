import type {Message} from './pdu.ts';

export type Stat = 'DELIVRD' | 'UNDELIV' | 'EXPIRED' | 'REJECTD' | 'ACCEPTD' | 'UNKNOWN';

export interface ReceiptOptions {
  id: string;
  stat: Stat;
  /** Unix ms. */
  at: number;
  text: string;
}

const states: Readonly<Record<Stat, number>> = {DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, ACCEPTD: 6, UNKNOWN: 7, REJECTD: 8};
const tag = {receiptedMessageId: 0x001e, messageState: 0x0427} as const;

/** A receipt as SMPP 3.4 appendix B shows it, with the TLVs of 5.3.2.12 and 5.3.2.35. */
export function toReceipt(submit: Message, {id, stat, at, text}: ReceiptOptions): Partial<Message> {
  const date = new Date(at).toISOString().slice(2, 16).replace(/\D/g, '');
  const delivered = stat === 'DELIVRD';
  const words = [
    `id:${id}`,
    'sub:001',
    `dlvrd:${delivered ? '001' : '000'}`,
    `submit date:${date}`,
    `done date:${date}`,
    `stat:${stat}`,
    `err:${delivered ? '000' : '011'}`,
    `text:${text.slice(0, 20)}`,
  ];
  return {
    sourceTon: submit.destinationTon,
    sourceNpi: submit.destinationNpi,
    source: submit.destination,
    destinationTon: submit.sourceTon,
    destinationNpi: submit.sourceNpi,
    destination: submit.source,
    esmClass: 0x04,
    shortMessage: Buffer.from(words.join(' '), 'latin1').subarray(0, 254),
    tlvs: new Map([
      [tag.receiptedMessageId, Buffer.from(`${id}\0`, 'latin1')],
      [tag.messageState, Buffer.of(states[stat])],
    ]),
  };
}
