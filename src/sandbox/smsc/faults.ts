/** What a test makes the SMSC do wrong. Everything may be changed while it runs. */
export interface Faults {
  /** For the next submissions, one each: a command_status, no answer at all, an answer so many ms late, or a cut connection (after taking it). */
  next: SubmitFault[];
  /** Every nth submission is answered 0x58; 0: none. */
  throttleEvery: number;
  /** Answers binds with this command_status. */
  refuseBinds: number | undefined;
  /** Sends no answers to submissions while true. */
  mute: boolean;
  /** Told with every answer as congestion_state (0 to 99). */
  congestion: number | undefined;
  receipts: ReceiptFaults;
}

export type SubmitFault = {status: number} | {silent: true} | {lateMs: number} | {cut: true} | {pass: true};

export interface ReceiptFaults {
  /** The receipt leaves before the answer to the submission. */
  early: boolean;
  /** Each receipt comes twice. */
  doubled: boolean;
  /** Receipts write the id in another way than the answer did. */
  notation: 'same' | 'decimal' | 'hex' | 'upper' | 'padded';
  /** Receipts come back on another session than the one that sent, where there is one. */
  elsewhere: boolean;
  delayMs: number;
}

export function createFaults(): Faults {
  return {
    next: [],
    throttleEvery: 0,
    refuseBinds: undefined,
    mute: false,
    congestion: undefined,
    receipts: {early: false, doubled: false, notation: 'same', elsewhere: false, delayMs: 0},
  };
}

/** `id` in the notation of receipts; ids are hexadecimal in answers where `decimal` is asked for, decimal where `hex` is. */
export function toReceiptId(id: string, notation: ReceiptFaults['notation']): string {
  if (notation === 'decimal') return BigInt(`0x${id}`).toString(10);
  if (notation === 'hex') return BigInt(id).toString(16);
  if (notation === 'upper') return id.toUpperCase();
  return notation === 'padded' ? id.padStart(20, '0') : id;
}
