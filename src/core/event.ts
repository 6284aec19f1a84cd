import type {Media, Reason} from './message.ts';
import type {Outcome} from './outcome.ts';
import type {ReceiptState} from './state.ts';
import type {TextMark} from './text-mark.ts';

/** What carriers hand in. */

export type InboundAnswer = 'stored' | 'duplicate' | 'unroutable';

export interface InboundEvent {
  from: string;
  to: string;
  text: string;
  media: Media[];
  receivedAt: number;
  /** The carrier's own id: what comes twice with the same is one text, for ever. Without it, `fingerprint` decides. */
  carrierMessageId?: string;
  /** Hash of addresses and bytes: the same one within 10 minutes, unless the first was `answered`, is the same text. */
  fingerprint?: string;
  traceId?: string;
  missingParts?: number;
  /** The carrier itself took the text for an order about consent (and may have answered it). */
  consent?: 'stop' | 'start' | 'help';
  /** The raw event as it came, for the history: no secrets in it. */
  raw?: string;
  /** Whether the carrier still waits for its answer. Else it delivers it again, perhaps to another replica, which may have answered. */
  isAwaited?(): boolean;
}

export interface PartEvent {
  from: string;
  to: string;
  /** Which long text it belongs to: unique per (source, destination, reference, width, total). */
  group: string;
  /** From 1. */
  part: number;
  total: number;
  /** User data without its header, hex. */
  body: string;
  /** What `join` needs to read the body (data_coding, shift tables). */
  coding: string;
  receivedAt: number;
  fingerprint: string;
}

export interface HeldPart {
  part: number;
  total: number;
  body: string;
  coding: string;
}

export interface ReceiptEvent {
  /** The carrier's id as it wrote it, in any notation; absent when only our own id came. */
  carrierMessageId?: string;
  /** The other id of a receipt that names two and is handed in under both: once the one is matched, the other waits for nothing. */
  otherId?: string;
  /** Ours, when the carrier gives it back (a callback URL, an echoed reference). */
  messageId?: string;
  attempt?: number;
  /** Of that message, from 0, where what came back tells it too. */
  segment?: number;
  /** The handset, when the receipt names it: weak id matches need it. */
  phone?: string;
  /** Nothing but its words shows that it is a receipt, and any phone can write those: it speaks of texts to one of these alone, the ends it came with. */
  onlyTo?: readonly string[];
  state: ReceiptState;
  /** No state of this segment follows. `sent` with `final: false` only informs. */
  final: boolean;
  /** This carrier receipts one segment for the whole message: all segments take this state. */
  coversMessage?: boolean;
  reason?: Reason;
  /**
   * The failure may pass: this segment is to be sent again as a new message after so long, at most so many times for one text, while `sendWithin` lasts.
   * The platform is told of the last try only. Needs `carrierMessageId`.
   */
  again?: {inMs: number; times: number};
  receivedAt: number;
  /** As it came: kept in the history. Never the message's text. */
  raw: string;
  /** What else it says of its text, for one whose id fits nothing: to be compared, never for the history. */
  about?: ReceiptHints;
}

export interface ReceiptHints {
  /** Our sender. */
  sender?: string;
  /** Unix ms; whole minutes where the SMSC gives no seconds. */
  submittedAt?: number;
  /** Of the first characters of the segment's text. */
  text?: TextMark;
}

export interface LateEvent {
  messageId: string;
  segment: number;
  attempt: number;
  outcome: Outcome;
}
