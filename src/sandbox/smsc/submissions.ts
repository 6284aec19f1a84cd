import type {Deliveries} from './deliveries.ts';
import {type Faults, type SubmitFault, toReceiptId} from './faults.ts';
import type {Message} from './pdu.ts';
import type {Phones} from './phones.ts';
import {type Stat, toReceipt} from './receipts.ts';
import type {Session} from './session.ts';

/** One submit_sm as it came. */
export interface Submit {
  source: string;
  destination: string;
  /** Of this segment alone. */
  text: string;
  shortMessage: Buffer;
  esmClass: number;
  dataCoding: number;
  registeredDelivery: number;
  message: Message;
  /** Undefined when it was refused. */
  messageId: string | undefined;
  /** Unix ms. */
  at: number;
  /** The session that took it. */
  session: number;
}

export interface SubmissionsOptions {
  faults: Faults;
  phones: Phones;
  deliveries: Deliveries;
  latencyMs: number;
  remember: boolean;
  newMessageId(): string;
  now(): number;
  toStat(submit: Submit): Stat | undefined;
  after(ms: number, work: () => void): void;
  onSubmit(submit: Submit): void;
  onReceipt(messageId: string, stat: Stat, answer: number): void;
}

export interface Submissions {
  readonly all: readonly Submit[];
  take(session: Session, sequence: number, message: Message): void;
}

const throttled = 0x58;

/** What the SMSC does with a submit_sm: takes and answers it, then owes a receipt, unless it was told to do it wrongly. */
export function createSubmissions(options: SubmissionsOptions): Submissions {
  const {faults, phones, deliveries, latencyMs} = options;
  const all: Submit[] = [];
  let count = 0;

  return {all, take};

  function take(session: Session, sequence: number, message: Message): void {
    count += 1;
    const fault: SubmitFault = faults.next.shift() ?? (faults.mute ? {silent: true} : {pass: true});
    const isThrottled = faults.throttleEvery > 0 && count % faults.throttleEvery === 0;
    const refusal = 'status' in fault ? fault.status : isThrottled ? throttled : 0;
    const submit = record(session, message, refusal === 0);
    if ('cut' in fault) session.destroy();
    if ('cut' in fault || 'silent' in fault) return;
    const waitMs = latencyMs + ('lateMs' in fault ? fault.lateMs : 0);
    if (waitMs === 0) answer(session, sequence, refusal, submit);
    else options.after(waitMs, () => answer(session, sequence, refusal, submit));
  }

  function answer(session: Session, sequence: number, refusal: number, submit: Submit): void {
    if (faults.receipts.early) owe(submit);
    session.respond(sequence, refusal, submit.messageId ?? '', faults.congestion);
    if (!faults.receipts.early) owe(submit);
  }

  function record(session: Session, message: Message, taken: boolean): Submit {
    const at = options.now();
    const submit: Submit = {
      source: message.source,
      destination: message.destination,
      text: taken && options.remember ? phones.take(message, at) : '',
      shortMessage: message.shortMessage,
      esmClass: message.esmClass,
      dataCoding: message.dataCoding,
      registeredDelivery: message.registeredDelivery,
      message,
      messageId: taken ? options.newMessageId() : undefined,
      at,
      session: session.id,
    };
    if (options.remember) all.push(submit);
    options.onSubmit(submit);
    return submit;
  }

  /** The receipt this submission asked for. */
  function owe(submit: Submit): void {
    const {messageId} = submit;
    const asked = submit.registeredDelivery & 3;
    const stat = messageId === undefined || asked === 0 ? undefined : options.toStat(submit);
    if (messageId === undefined || stat === undefined || (asked === 2 && stat === 'DELIVRD')) return;
    const {notation, elsewhere, doubled, delayMs} = faults.receipts;
    const id = toReceiptId(messageId, notation);
    const message = toReceipt(submit.message, {id, stat, at: submit.at, text: submit.text});
    const delivery = {
      message,
      avoid: elsewhere ? submit.session : undefined,
      insist: true,
      answered: (code: number) => options.onReceipt(messageId, stat, code),
    };
    const send = () => {
      deliveries.add(delivery);
      if (doubled) deliveries.add(delivery);
    };
    if (delayMs === 0) send();
    else options.after(delayMs, send);
  }
}
