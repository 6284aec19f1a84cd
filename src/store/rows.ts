import type {Direction, Inbound, JobKind, Outbound, OutboundState, Priority, ReasonCode} from '../core/message.ts';
import type {EndedBy, SegmentState} from '../core/state.ts';

/** Rows as the statements of `sql.ts` return them. */

export interface MessageRow {
  seq: number;
  id: string;
  direction: Direction;
  platform: string;
  channel: string;
  /** The one that has it or is to have it. */
  carrier: string;
  /** The far side: `to` of outbound, `from` of inbound. */
  phone: string;
  /** Our side. */
  address: string;
  priority: Priority;
  /** Of an inbound one it is an `InboundState`: those who read it so say so. */
  state: OutboundState;
  ended_by: EndedBy | null;
  reason_code: ReasonCode | null;
  reason_message: string | null;
  /** From 1; a replay starts the next. */
  cycle: number;
  /** The cycle whose final receipt is owed or was posted; 0: none yet. */
  owed: number;
  segments: number | null;
  plan: string | null;
  reference: number;
  trace: string;
  accepted_at: number;
  expires_at: number;
  state_at: number;
  ended_at: number | null;
  watch_at: number | null;
  /** What was captured of its webhook's headers, JSON: a receipt needs it when the payload is gone. */
  headers: string | null;
}

/** As a claim reads it; the body as it is stored, null where nobody asks for it. */
export type ClaimedRow = Omit<
  MessageRow,
  | 'direction'
  | 'state'
  | 'ended_by'
  | 'reason_code'
  | 'reason_message'
  | 'owed'
  | 'expires_at'
  | 'state_at'
  | 'ended_at'
  | 'watch_at'
> & {body: string | null};

/** What has no column: kept as JSON in the payload, whatever the vocabulary grows by. */
export type OutboundBody = Omit<Outbound, 'messageId' | 'platform' | 'channel' | 'from' | 'to' | 'traceId' | 'headers'>;
export type InboundBody = Omit<Inbound, keyof Omit<Outbound, keyof OutboundBody> | 'carrier'>;

export type JobState = 'waiting' | 'ready' | 'leased';

export interface JobRow {
  id: number;
  message: number;
  kind: JobKind;
  queue: number;
  /** Null: it is alone in its lane, or in none. */
  lane: number | null;
  /** The lane it is alone in. The ledger knows it by heart; who comes into this lane lists it as `lane` first. */
  lone: number | null;
  state: JobState;
  due_at: number;
  attempts: number;
  fence: number;
  priority: Priority;
  queued_at: number;
  expires_at: number;
  /** What to tell the platform, JSON. */
  receipt: string | null;
  /** 1: owed something newer while it was leased. */
  renewed: number;
}

export interface SegmentRow {
  message: number;
  cycle: number;
  idx: number;
  attempt: number;
  carrier: string;
  state: SegmentState;
  id_key: string | null;
  carrier_message_id: string | null;
  started_at: number;
  answered_at: number | null;
  /** 1: a try before got no answer, and may have left. */
  unanswered: number | null;
}

/** One slot per message and kind, so that jobs stand in the order of their messages. */
const slots = {outbound: 0, inbound: 1, receipt: 2} satisfies Record<JobKind, number>;

export function toJobId(message: number, kind: JobKind): number {
  return message * 4 + slots[kind];
}

export function isReceiptJob(job: number): boolean {
  return job % 4 === slots.receipt;
}

export function toMessageSeq(job: number): number {
  return Math.floor(job / 4);
}
