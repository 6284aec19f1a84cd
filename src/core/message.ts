/**
 * The vocabulary. One word for a thing, everywhere: code, SQL, API, console, README.
 * `outbound` and `inbound` are told from the contact centre's side.
 */

import type {Order} from './keywords.ts';

export type Direction = 'outbound' | 'inbound';

/** Agents before campaigns: `interactive` overtakes `bulk` on one carrier. */
export type Priority = 'interactive' | 'bulk';

/** A job is one delivery the relay owes: a text to a carrier, or a post to a platform. */
export type JobKind = 'outbound' | 'inbound' | 'receipt';

export type OutboundState = 'accepted' | 'sending' | 'sent' | 'delivered' | 'failed' | 'expired' | 'unknown';
/** `handled`: an order that was followed here and goes to no platform. */
export type InboundState = 'accepted' | 'posted' | 'handled' | 'failed';
export type MessageState = OutboundState | InboundState;

/** So many characters at the front of an outbound text's id stand for its platform, its channel and the platform's own id. */
export const nameLength = 8;

export interface Media {
  /** Where the bytes are: `https://…` or a reference only its owner can resolve (`genesys://nexus/…`). */
  url: string;
  contentType?: string;
  filename?: string;
}

/** A text on its way from a platform to a phone. */
export interface Outbound {
  /** Ours, what the platform was answered: URL-safe, at most 64 characters, the same for each redelivery. */
  messageId: string;
  platform: string;
  channel: string;
  /** The sender as the channel's `address` has it: E.164, short code or name. */
  from: string;
  /** The recipient: canonical E.164 (`+14155550123`), or what has no phone number in it (`whatsapp:…`). */
  to: string;
  /** Free of NUL and lone surrogates. */
  text: string;
  media: Media[];
  /** Follows the message through every log line and every call made for it: 32 lower-case hex digits. */
  traceId: string;
  /** Headers of the webhook that the settings capture, names in lower case: passed on with each call about the message. */
  headers?: Readonly<Record<string, string>>;
  /** Why no text can say what the platform sent; such a message is stored, and failed when its turn comes. */
  unsupported?: string;
  /** The reason's code then, unless it is `UnsupportedMessage`. */
  unsupportedCode?: ReasonCode;
  /** Ours, in answer to this order of the phone; the platform knows nothing of it. */
  answers?: Order;
}

/** A text on its way from a phone to a platform. */
export interface Inbound {
  messageId: string;
  /** Empty when `to` belongs to no channel. */
  platform: string;
  channel: string;
  carrier: string;
  from: string;
  to: string;
  text: string;
  media: Media[];
  traceId: string;
  /** Unix time in ms at which the carrier handed it to us. */
  receivedAt: number;
  /** Parts of a long message that never came. */
  missingParts?: number;
  /** A word to stop stands in it, and more: nobody was opted out, somebody should look. */
  suspectedOptOut?: true;
}

/** Why a message ended badly, in the words of Genesys' `reasons[].code`. */
export type ReasonCode =
  | 'MessageExpired'
  | 'RateLimited'
  | 'MessageNotAllowed'
  | 'GeneralError'
  | 'UnsupportedMessage'
  | 'UnknownMessage'
  | 'InvalidMessageStructure'
  | 'InvalidDestination'
  | 'ServerError'
  | 'MediaTypeNotAllowed'
  | 'InvalidMediaContentLength'
  | 'RecipientOptedOut';

export interface Reason {
  code: ReasonCode;
  /** The carrier's own code and words, or ours. Never the message's text. */
  message: string;
}

/** What a platform is told became of an outbound message. */
export interface Receipt {
  status: 'Delivered' | 'Failed';
  final: boolean;
  reasons: Reason[];
  /** Unix time in ms of the state it tells. */
  at: number;
  /** When the segment it is about was submitted; absent when no carrier told the state. */
  submittedAt?: number;
}

/** One line of a message's history. `detail` never holds the message's text or a secret. */
export interface HistoryEvent {
  at: number;
  event: string;
  detail?: Record<string, unknown>;
}
