import type {HeldPart} from '../core/event.ts';
import type {NewAudit} from './audit.ts';
import type {ConsentRecord} from './consent.ts';
import type {MessageRecord} from './people.ts';

/** What is kept of one phone, and how it is told, forgotten and sealed. */

export interface PhoneHoldings {
  messages: number;
  /** Of them with a text or a webhook that is still kept. */
  texts: number;
  deadLetters: number;
  /** Outbound texts that wait: they are ended as failed before they are forgotten. */
  waiting: number;
  /** On their way to a carrier or a platform at this moment: their end is waited for. */
  underWay: number;
  /** What became of a text, and the platform has not been told yet: that is waited for. */
  receiptsOwed: number;
  /** Sent, and the carrier has not told their end: what it tells later will be dropped. */
  withoutReceipt: number;
  /** Receipts that wait for a text that fits. */
  parkedReceipts: number;
  /** Webhooks nobody could read that have the number in them. */
  unreadable: number;
  /** Of long texts that are not complete. */
  parts: number;
  /** Words about consent that name the phone. */
  consents: number;
  /** Words about consent that are kept under a keyed hash. */
  hashedConsents: number;
  /** 1: it is being forgotten. */
  orders: number;
}

export interface ForgetOrder {
  phone: string;
  /** Who asked for it. */
  by: string;
  /** Does not wait until the platform was told what became of texts: those receipts are dropped. */
  atOnce: boolean;
}

export interface ForgetStep {
  forgotten: number;
  underWay: number;
  receiptsOwed: number;
  /** Given to the next step; undefined: this was the last of a pass. */
  next: number | undefined;
}

export interface PhoneRecord extends MessageRecord {
  /** The webhook it came in, while it is kept. */
  webhook?: string;
  deadLetter?: string;
}

export interface LooseEnds {
  consents: ConsentRecord[];
  /** Receipts nothing fitted yet, as JSON. */
  receipts: string[];
  /** Webhooks nobody could read that have the number in them. */
  webhooks: Array<{messageId: string; webhook: string}>;
  parts: Array<HeldPart & {carrier: string; receivedAt: number}>;
}

export interface Tidied {
  /** What was deleted can't be read from the store's files any more. */
  isClean: boolean;
  /** Of the store. */
  bytes: number;
}

export interface Resealed {
  changed: number;
  /** Given to the next step; undefined: nothing is left. */
  next: number | undefined;
}

export interface Privacy {
  /** What is kept of this phone, counted. */
  holdings(phone: string): Promise<PhoneHoldings>;
  /** One page of its messages with their texts, the newest first. */
  dossier(phone: string, limit: number, before?: string): Promise<{messages: PhoneRecord[]; next: string | undefined}>;
  /** What is kept of it and belongs to no message. */
  looseEnds(phone: string): Promise<LooseEnds>;
  /**
   * The order to forget what is stored of this phone by now; it stays until it is carried out. False: the phone is on lists and no key is there
   * under which it could stay there.
   */
  orderForget(order: ForgetOrder, audit?: NewAudit): Promise<boolean>;
  forgetOrders(): Promise<ForgetOrder[]>;
  /**
   * One step, from the newest message to the oldest: texts that wait are ended as failed with a receipt; what is on its way, or has a receipt to be
   * posted, is left for a later pass; all else is forgotten. Ids of messages stay as long as a platform may deliver them again.
   */
  forgetMore(phone: string, before: number | undefined, limit: number): Promise<ForgetStep>;
  /** The same for webhooks nobody could read and that have the number in them. */
  forgetUnreadable(phone: string, before: number | undefined, limit: number): Promise<ForgetStep>;
  /**
   * When no message is left: parked receipts, parts, conversations; words about consent go on under a hash; the order ends. False: it has to wait,
   * or there was none.
   */
  forgetRest(phone: string): Promise<boolean>;
  /** Whether what was deleted may still stand in the store's files. */
  isTidyOwed(): Promise<boolean>;
  /** Makes what was deleted unreadable in the files as well. `rewrite` even if that holds up everything for long. */
  tidy(rewrite: boolean): Promise<Tidied>;
  /** One step of bringing all texts under the key that seals now, or into the clear when none does. */
  reseal(after: number, limit: number): Promise<Resealed>;
}
