import type {Direction, HistoryEvent, Media, MessageState, Priority, Reason} from '../core/message.ts';
import type {Queue} from '../core/queue.ts';
import type {SegmentState} from '../core/state.ts';

export type QueueFilter = Partial<Queue>;

export interface NewGate {
  /** `paused` by a person, `parked` by an outcome of scope `queue`. */
  kind: 'paused' | 'parked';
  filter: QueueFilter;
  reason: string;
  by: string;
}

export interface Gate extends NewGate {
  since: number;
}

export interface MessageFilter {
  phone?: string;
  channel?: string;
  platform?: string;
  carrier?: string;
  state?: MessageState;
  direction?: Direction;
  /** The carrier's id of one of its segments, in any notation. */
  carrierMessageId?: string;
  /** Accepted at this time or later, Unix ms. */
  since?: number;
  /** Accepted before this time, Unix ms. */
  until?: number;
  limit: number;
  /** `next` of the page before. */
  before?: string;
}

export interface MessageRecord {
  messageId: string;
  channel: string;
  platform: string;
  direction: Direction;
  from: string;
  to: string;
  state: MessageState;
  carrier: string;
  priority: Priority;
  acceptedAt: number;
  traceId: string;
  reason?: Reason;
  segments: Array<{index: number; carrierMessageId: string | null; state: SegmentState; startedAt?: number}>;
  events: HistoryEvent[];
  text?: string;
  media?: Media[];
}

export interface DeadLetter {
  messageId: string;
  reason: string;
  at: number;
  platform: string;
  channel: string;
  detail: string;
}

export interface QueueDepth {
  queue: string;
  waiting: number;
  /** Unix ms of the oldest job in it. */
  oldestAt: number;
}

export interface Retention {
  /** After a message ended: its text and media go. */
  textMs: number;
  /** After it ended: everything else. */
  allMs: number;
  /** Unmatched receipts become events of nobody and go. */
  parkedReceiptMs: number;
  limit: number;
}
