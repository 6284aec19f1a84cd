import type {ConsentOrder, KeywordRules} from '../core/consent.ts';
import type {Reason} from '../core/message.ts';
import type {Detail} from '../core/outcome.ts';
import type {NewOutbound} from './intake.ts';

/** Who may be written to: the last word of each (list, phone), and every word before it as evidence that no retention drops. */

export type ConsentState = 'in' | 'out';
export type ConsentSource = 'keyword' | 'carrier' | 'import' | 'operator';

export interface NewConsent {
  list: string;
  /** Canonical E.164, or what has no phone number in it. */
  phone: string;
  state: ConsentState;
  source: ConsentSource;
  /** Unix ms, no later than the store's own time. Given, and older than the last word, it changes nothing; without it the word is said now, and the last. */
  at?: number;
  /** The evidence: ids of the text, its word, who did it. Never a text. */
  detail: Detail;
}

export interface ConsentRecord extends NewConsent {
  at: number;
}

export interface ConsentFilter {
  phone?: string;
  list?: string;
  state?: ConsentState;
  /** Every word instead of the last one of each list; the newest first. */
  history?: boolean;
  limit: number;
  /** `next` of the page before. */
  before?: string;
}

/** A text from a phone that is an order: what follows is decided and written in the transaction that stores it. */
export interface InboundConsent {
  order: ConsentOrder;
  rules: Pick<KeywordRules, 'mode' | 'owner'>;
  networkAnswers: boolean;
  /** The first gets the word STOP; START takes the phone off all of them. */
  lists: readonly string[];
  detail: Detail;
  /** Sent to the phone if an answer is ours to give; the platform is told nothing of it. */
  answer: NewOutbound;
}

/** The waiting bulk texts of these channels to one phone. */
export interface PhonePurge {
  channels: ReadonlyArray<{platform: string; channel: string}>;
  phone: string;
  /** Nothing is ended unless the phone is on it by then: a later word may stand. */
  list?: string;
  reason: Reason;
  limit: number;
}
