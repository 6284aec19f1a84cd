import type {Direction, HistoryEvent, Media, MessageState, Priority, Reason, ReasonCode} from '../core/message.ts';
import type {Queue} from '../core/queue.ts';
import type {SegmentState} from '../core/state.ts';

export type QueueFilter = Partial<Queue>;

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

export interface QueueDepth {
  queue: string;
  waiting: number;
  /** Unix ms of the oldest job in it. */
  oldestAt: number;
}

export interface TallyFilter {
  /** Unix ms. */
  since: number;
  /** `next` of the step before. */
  before?: string;
}

/** Messages accepted in one hour that have this state today. */
export interface Tally {
  /** Unix ms of the hour's begin, UTC. */
  hourAt: number;
  platform: string;
  channel: string;
  direction: Direction;
  state: MessageState;
  reason?: ReasonCode;
  messages: number;
  segments: number;
  /** Of `sent` ones: no receipt is expected any more. */
  withoutReceipt: number;
  /** Of `delivered` ones: how many took how long, by the limits of `core/latency.ts`. */
  latencies: number[];
}

export interface Retention {
  /** After a message ended: its text and media go. */
  textMs: number;
  /** After it ended: everything else. */
  allMs: number;
  /** After it was done: the row that tells what an operator did. */
  auditMs: number;
  /** Unmatched receipts become events of nobody and go. */
  parkedReceiptMs: number;
  limit: number;
}

/** What came and could not be read. */
export interface StoredWebhook {
  platform: string;
  channel: string;
  raw: string;
  headers?: Readonly<Record<string, string>>;
}
