import type {HeldPart, PartEvent, ReceiptEvent} from '../core/event.ts';
import type {
  Direction,
  HistoryEvent,
  Inbound,
  JobKind,
  Media,
  MessageState,
  Outbound,
  Priority,
  Reason,
  Receipt,
} from '../core/message.ts';
import type {Detail} from '../core/outcome.ts';
import type {Queue} from '../core/queue.ts';
import type {EndedBy, SegmentState} from '../core/state.ts';

/**
 * What the relay owes, durable. Every promise that resolves is on disk (fsync); one that rejects with `StoreUnavailable` changed nothing.
 * Times are the store's own clock: the injected `now` on SQLite, the database's on PostgreSQL.
 *
 * A lane (kind, platform, channel, phone; for receipts: their message) keeps order: only its head can be claimed, and whatever ends or
 * holds the head promotes the next in the same transaction, at the highest priority waiting in the lane.
 */
export interface Store {
  // ── intake ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  /**
   * `duplicate` when the same `messageId` is known (the id is made of platform, channel, id, recipient and content), for the longer of
   * 7 days and the retention. Another message with the same `externalKey` is stored and gets the event `id_reused`.
   * A bulk text to a phone that wrote to this channel within `replyWindowMs` becomes interactive.
   */
  acceptOutbound(message: NewOutbound): Promise<Accepted>;
  /** A signed webhook that can't be read: message state `failed`, no job, dead letter `unreadable`, raw body kept. */
  acceptUnreadable(message: NewUnreadable): Promise<Accepted>;
  /** With an empty `platform` no job: message state `failed`, dead letter `unroutable`. Drops the held parts of `group`. */
  acceptInbound(message: NewInbound): Promise<Accepted>;
  /** The fingerprints' texts were answered for certain: equal ones are new from now on. */
  forgetFingerprints(fingerprints: string[]): Promise<void>;
  /**
   * Stores one part; `parts` holds all of them once the last has come, `receivedAt` is the first one's. A part that is held already is `duplicate`
   * (or `complete` again, while nobody joined the group); so is one of a group joined within 10 minutes.
   */
  holdPart(
    carrier: string,
    part: PartEvent,
  ): Promise<{result: 'held' | 'duplicate'} | {result: 'complete'; parts: HeldPart[]; receivedAt: number}>;
  /** Groups whose first part is older than `olderThanMs`, and complete ones nobody joined. They stay until `acceptInbound` names the group. */
  overdueParts(olderThanMs: number, limit: number): Promise<OverdueGroup[]>;
  /**
   * Finds the segment by our id, else by the carrier's under every notation (`toIdCandidates`; newest unfinished first; a weak match needs
   * the phone and no second candidate), folds it into the message (`core/state.ts`), keeps the raw receipt as an event, and owes the platform a
   * receipt when the message became final. No such id: parked, matched by `settle` when the id comes, aged out by `prune`.
   * An `unknown` message whose segment is now known to be taken, with segments left and its `sendWithin` not over, gets its job back.
   */
  receipt(carrier: string, receipt: ReceiptEvent): Promise<'matched' | 'parked' | 'duplicate'>;

  // ── delivery ────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Heads that are due, from the queues in the order named, at most `limit`: leased to this store, each with a new fence. */
  claim(queues: string[], limit: number): Promise<Claim[]>;
  /** The same for outbound heads past their `expiresAt`, whatever their due time. */
  claimOverdue(queues: string[], limit: number): Promise<Claim[]>;
  /** Before the first byte of a segment leaves. False: the claim is no longer ours; do not send. Message state becomes `sending`. */
  start(start: Start): Promise<boolean>;
  /** What came of it. False: the claim was no longer ours; what the settlement knows of a segment is kept as evidence all the same. */
  settle(settlement: Settlement): Promise<boolean>;
  /** An unclaimed message's fate, decided by policy, evidence or an operator. False: it is no longer in a state this applies to. */
  resolve(resolution: Resolution): Promise<boolean>;
  /** Messages whose `watch` time has come: `unknown` ones to be decided, `sent` ones without a final receipt. Each comes once; `resolve` sets the next time. */
  dueWatches(limit: number): Promise<Watched[]>;

  // ── the stop button ─────────────────────────────────────────────────────────────────────────────────────────────────
  gates(): Promise<Gate[]>;
  /** One gate per (kind, filter): setting it again keeps `since`. */
  setGate(gate: NewGate): Promise<void>;
  clearGate(kind: Gate['kind'], filter: QueueFilter): Promise<boolean>;
  /** Ends up to `limit` waiting outbound jobs of the queues as failed by policy, with receipts; how many. Claimed ones are left alone. */
  purge(queues: string[], reason: Reason, limit: number): Promise<number>;

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  find(filter: MessageFilter): Promise<{messages: MessageRecord[]; next: string | undefined}>;
  get(messageId: string, withText: boolean): Promise<MessageRecord | undefined>;
  /** A line for the message's history by somebody outside the flow (an operator's look at the text). */
  note(messageId: string, event: string, detail: Detail): Promise<boolean>;
  deadLetters(filter: {
    reason?: string;
    limit: number;
    before?: string;
  }): Promise<{deadLetters: DeadLetter[]; next: string | undefined}>;
  /** The stored webhook body of an `unreadable` one. */
  raw(messageId: string): Promise<{platform: string; channel: string; raw: string} | undefined>;
  /** Replaces an `unreadable` message by what was read at last, under the same `messageId`; ends its dead letter. */
  replaceUnreadable(message: NewOutbound): Promise<boolean>;
  /** A new cycle for a message that ended badly: outbound is sent again from its first segment, inbound and its receipt are posted again. Ends its dead letter. */
  replay(messageId: string, expiresInMs: number): Promise<boolean>;
  depths(): Promise<QueueDepth[]>;

  // ── upkeep ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** One small step of retention; true while there is more. */
  prune(rules: Retention): Promise<boolean>;
  /** Rejects with `StoreUnavailable` when nothing can be written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

export {StoreUnavailable} from '../core/store-unavailable.ts';

export interface Accepted {
  messageId: string;
  result: 'stored' | 'duplicate';
}

export interface NewOutbound {
  outbound: Outbound;
  /** The whole webhook body. */
  raw: string;
  /** Platform, channel and the platform's own id, when it gave one. */
  externalKey?: string;
  /** Another id this text may be known under: then it is a `duplicate`, answered with that id. */
  earlierId?: string;
  priority: Priority;
  replyWindowMs: number;
  /** The first carrier's name. */
  carrier: string;
  expiresInMs: number;
}

export interface NewUnreadable {
  messageId: string;
  platform: string;
  channel: string;
  traceId: string;
  raw: string;
  why: string;
}

export interface NewInbound {
  inbound: Inbound;
  raw?: string;
  /** With it an equal text within 10 minutes is a duplicate until forgotten; without it the `messageId` alone decides. */
  fingerprint?: string;
  /** Held parts this text was joined from; remembered for 10 minutes. */
  group?: string;
}

export interface OverdueGroup {
  carrier: string;
  group: string;
  from: string;
  to: string;
  receivedAt: number;
  parts: HeldPart[];
}

export interface Claim {
  job: number;
  fence: number;
  kind: JobKind;
  queue: string;
  /** Tries so far that counted. */
  attempts: number;
  acceptedAt: number;
  /** Outbound: past it the text may not leave. */
  expiresAt: number;
  /** Since when the head has been waiting for its present carrier, for `failoverAfter`. */
  queuedAt: number;
  work: OutboundWork | InboundWork | ReceiptWork;
}

export interface OutboundWork {
  kind: 'outbound';
  outbound: Outbound;
  priority: Priority;
  /** Fixed at the first start; undefined before. */
  plan: {name: string; segments: number} | undefined;
  /** 0 to 65535, fixed when accepted: the next one for this (channel, phone). */
  reference: number;
  /** By index; those never started are absent. */
  segments: SegmentProgress[];
}

export interface SegmentProgress {
  index: number;
  state: SegmentState;
  attempt: number;
  carrierMessageId?: string;
}

export interface InboundWork {
  kind: 'inbound';
  inbound: Inbound;
}

export interface ReceiptWork {
  kind: 'receipt';
  messageId: string;
  platform: string;
  channel: string;
  from: string;
  to: string;
  traceId: string;
  receipt: Receipt;
}

interface Held {
  job: number;
  fence: number;
  /** What the history gets; the store stamps the time. */
  events: NewEvent[];
}

export interface NewEvent {
  event: string;
  detail?: Detail;
}

export interface Start {
  job: number;
  fence: number;
  segment: number;
  attempt: number;
  carrier: string;
  plan: {name: string; segments: number};
}

/**
 * What ends or moves a claim.
 * - `taken`: this segment has left and was accepted. The last one makes the message `sent` (or more, if receipts are waiting) and ends the job;
 *   otherwise the claim stays, for the next segment. `receiptWithinMs` sets the watch.
 * - `retry`: back to the queue, due in `dueInMs` (0: at the head); a started `segment` becomes `idle` again. `carrier`: to another carrier's queue.
 *   `counts`: whether it was an attempt.
 * - `unknown`: the segment may have left. The message is `unknown`, the job ends, the lane goes on; `watchInMs` until policy looks at it.
 * - `ended`: outbound as failed or expired with a receipt to the platform, inbound as failed, a receipt job dropped; a dead letter when named.
 * - `posted`: the platform has it.
 */
export type Settlement =
  | (Held & {to: 'taken'; segment: number; attempt: number; carrierMessageId?: string; receiptWithinMs: number})
  | (Held & {to: 'retry'; dueInMs: number; counts: boolean; segment?: number; carrier?: string})
  | (Held & {to: 'unknown'; segment: number; attempt: number; watchInMs: number})
  | (Held & {
      to: 'ended';
      state: 'failed' | 'expired';
      by: EndedBy;
      reason: Reason;
      segment?: number;
      deadLetter?: string;
    })
  | (Held & {to: 'posted'});

export interface Watched {
  messageId: string;
  platform: string;
  channel: string;
  carrier: string;
  state: 'unknown' | 'sent';
  /** When it became so. */
  since: number;
}

/**
 * - `hold`: look again in `watchInMs`.
 * - `requeue`: an `unknown` message's unknown segment is sent again with the same reference, then the rest.
 * - `sent`: an `unknown` one is taken as sent (what is left of it is sent too).
 * - `failed`: of an `unknown` or `sent` one, by policy, with a receipt; a dead letter when named.
 * - `quiet`: a `sent` or `unknown` one stays so; nothing is expected any more; event `no_receipt`. `tell` posts that final receipt without changing the state;
 *   a dead letter when named.
 * - `late`: the outcome `send` had given up on.
 */
export type Resolution = {messageId: string; events: NewEvent[]} & (
  | {to: 'hold'; watchInMs: number; deadLetter?: string}
  | {to: 'requeue'}
  | {to: 'sent'; receiptWithinMs: number}
  | {to: 'failed'; reason: Reason; deadLetter?: string}
  | {to: 'quiet'; tell?: 'delivered' | 'failed'; reason?: Reason; deadLetter?: string}
  | {
      to: 'late';
      segment: number;
      attempt: number;
      taken: boolean;
      carrierMessageId?: string;
      reason?: Reason;
      receiptWithinMs: number;
    }
);

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
  segments: Array<{index: number; carrierMessageId: string | null; state: SegmentState}>;
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
