import type {HeldPart, PartEvent, ReceiptEvent} from '../core/event.ts';
import type {Reason} from '../core/message.ts';
import type {Detail} from '../core/outcome.ts';
import type {AuditFilter, AuditRecord, NewAudit} from './audit.ts';
import type {ConsentFilter, ConsentRecord, NewConsent, PhonePurge} from './consent.ts';
import type {Claim, Resolution, SentRecord, Settlement, Start, Watched} from './delivery.ts';
import type {Accepted, NewInbound, NewOutbound, NewUnreadable, OverdueGroup} from './intake.ts';
import type {
  DeadLetter,
  Gate,
  MessageFilter,
  MessageRecord,
  NewGate,
  QueueDepth,
  QueueFilter,
  Retention,
  StoredWebhook,
  Tally,
  TallyFilter,
} from './people.ts';
import type {ReceiptCounts} from './receipt-counts.ts';
import type {ReplicaShares} from './replicas.ts';

export {StoreUnavailable} from '../core/store-unavailable.ts';
export type {Actor, AuditAction, AuditFilter, AuditRecord, NewAudit} from './audit.ts';
export type {
  ConsentFilter,
  ConsentRecord,
  ConsentSource,
  ConsentState,
  InboundConsent,
  NewConsent,
  PhonePurge,
} from './consent.ts';
export type {
  Claim,
  InboundWork,
  NewEvent,
  OutboundWork,
  ReceiptWork,
  Resolution,
  SegmentProgress,
  SentRecord,
  Settlement,
  Start,
  Watched,
} from './delivery.ts';
export type {Accepted, NewInbound, NewOutbound, NewUnreadable, OverdueGroup} from './intake.ts';
export type {
  DeadLetter,
  Gate,
  MessageFilter,
  MessageRecord,
  NewGate,
  QueueDepth,
  QueueFilter,
  Retention,
  StoredWebhook,
  Tally,
  TallyFilter,
} from './people.ts';
export type {ReceiptCounts} from './receipt-counts.ts';

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
   * receipt when the message became final. No such id: it settles an `unknown` only if account, phone and what it tells (`about`) leave exactly one
   * segment that has none; without any id, only if they leave exactly one of all those sent. Else parked, matched by `settle` when the id comes, aged
   * out by `prune`.
   * A failure with `again` gives the text its job back for another try, under a new id of the carrier's (event `send_again`), unless its time or its
   * tries are over; what still comes under the earlier id counts only if it tells `delivered`.
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
  resolve(resolution: Resolution, audit?: NewAudit): Promise<boolean>;
  /** Messages whose `watch` time has come: `unknown` ones to be decided, `sent` ones without a final receipt. Each comes once; `resolve` sets the next time. */
  dueWatches(limit: number): Promise<Watched[]>;

  /** What was sent of a text, for a look-up at its carrier; undefined once the text itself is forgotten. */
  sent(messageId: string): Promise<SentRecord | undefined>;
  /** Whether a segment of ours has this id of the carrier's. */
  isClaimed(carrier: string, carrierMessageId: string): Promise<boolean>;

  // ── the stop button ─────────────────────────────────────────────────────────────────────────────────────────────────
  gates(): Promise<Gate[]>;
  /** One gate per (kind, filter): setting it again keeps `since`, and `until` is as it was said last. */
  setGate(gate: NewGate, audit?: NewAudit): Promise<void>;
  clearGate(kind: Gate['kind'], filter: QueueFilter, audit?: NewAudit): Promise<boolean>;
  /** Ends up to `limit` waiting outbound jobs of the queues as failed by policy, with receipts; how many. Claimed ones are left alone. */
  purge(queues: string[], reason: Reason, limit: number): Promise<number>;

  // ── consent ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Words that came by another way than a text; how many changed anything. What carriers refuse as opted out the store notes by itself. */
  setConsent(entries: NewConsent[], audit?: NewAudit): Promise<number>;
  consents(filter: ConsentFilter): Promise<{consents: ConsentRecord[]; next: string | undefined}>;
  /**
   * Whether this text may reach its phone although it is on these lists: as the one answer, accepted within 5 minutes after the order it answers.
   * Asked again for the same text, the same is answered.
   */
  passConsent(messageId: string, lists: string[]): Promise<boolean>;
  /** Ends waiting bulk texts to a phone as failed by policy, with receipts; how many. Claimed ones are left alone. */
  purgePhone(purge: PhonePurge): Promise<number>;

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  find(filter: MessageFilter): Promise<{messages: MessageRecord[]; next: string | undefined}>;
  get(messageId: string, withText: boolean): Promise<MessageRecord | undefined>;
  /** A line for the message's history by somebody outside the flow (an operator's look at the text). */
  note(messageId: string, event: string, detail: Detail, audit?: NewAudit): Promise<boolean>;
  deadLetters(filter: {
    reason?: string;
    limit: number;
    before?: string;
  }): Promise<{deadLetters: DeadLetter[]; next: string | undefined}>;
  /** The stored webhook body of an `unreadable` one. */
  raw(messageId: string): Promise<StoredWebhook | undefined>;
  /** Replaces an `unreadable` message by what was read at last, under the same `messageId`; ends its dead letter. */
  replaceUnreadable(message: NewOutbound, audit?: NewAudit): Promise<boolean>;
  /** A new cycle for a message that ended badly: outbound is sent again from its first segment, inbound and its receipt are posted again. Ends its dead letter. */
  replay(messageId: string, expiresInMs: number, audit?: NewAudit): Promise<boolean>;
  depths(): Promise<QueueDepth[]>;
  /** How receipts find their texts, by carrier; those without any are absent. Counts but `parked` are this process's own since it began. */
  receiptCounts(): Promise<ReceiptCounts[]>;
  /** Counts of what was accepted since then, newest first: one step, with `next` while there is more. One kind may come in several steps. */
  tally(filter: TallyFilter): Promise<{tallies: Tally[]; next: string | undefined}>;

  // ── audit ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  // Where an operation above takes an `audit`, its row is written in the operation's own transaction; of what changed nothing with outcome `nothing`.
  /** A row for what the store itself does not do, or what takes many steps; its id. */
  audit(entry: NewAudit): Promise<string>;
  /** What became of something long: its outcome, and how many were left. */
  endAudit(id: string, outcome: string, after?: number): Promise<void>;
  /** The newest first. */
  audits(filter: AuditFilter): Promise<{audits: AuditRecord[]; next: string | undefined}>;

  // ── replicas ────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** Undefined where this process is the only one. */
  readonly replicas?: ReplicaShares;

  // ── upkeep ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  /** One small step of retention; true while there is more. */
  prune(rules: Retention): Promise<boolean>;
  /** Rejects with `StoreUnavailable` when nothing can be written. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
