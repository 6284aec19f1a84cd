import type {HeldPart, PartEvent, ReceiptEvent} from '../core/event.ts';
import type {Exchanged} from '../core/guards.ts';
import type {Inbound} from '../core/message.ts';
import type {Detail} from '../core/outcome.ts';
import type {AuditFilter, AuditRecord, NewAudit} from './audit.ts';
import type {ConsentFilter, ConsentRecord, NewConsent, PhonePurge} from './consent.ts';
import type {DeadLetter, DeadLetterCount, DeadLetterPage, ReplayOptions} from './dead-letters.ts';
import type {Claim, Resolution, SentRecord, Settlement, Start, Watched} from './delivery.ts';
import type {Spending, Spent} from './guards.ts';
import type {Accepted, NewInbound, NewOutbound, NewUnreadable, OverdueGroup, ReadAgain} from './intake.ts';
import type {MessageFilter, MessageRecord, QueueDepth, Retention, StoredWebhook, Tally, TallyFilter} from './people.ts';
import type {Privacy} from './privacy.ts';
import type {ReceiptCounts} from './receipt-counts.ts';
import type {ReplicaShares} from './replicas.ts';
import type {Gate, NewGate, Purge, StopFilter, TextsCount, TextsStep} from './stop.ts';

export {StoreUnavailable} from '../core/store-unavailable.ts';
export type * from './audit.ts';
export type * from './consent.ts';
export type * from './dead-letters.ts';
export type * from './delivery.ts';
export type * from './guards.ts';
export type * from './intake.ts';
export type {Offer, Room} from './offers.ts';
export type * from './people.ts';
export type * from './privacy.ts';
export type {ReceiptCounts} from './receipt-counts.ts';
export type {Gate, NewGate, Purge, StopFilter, TextFilter, TextsCount, TextsStep} from './stop.ts';

/**
 * What the relay owes, durable. Every promise that resolves is on disk (fsync); one that rejects with `StoreUnavailable` changed nothing.
 * Times are the store's own clock: the injected `now` on SQLite, the database's on PostgreSQL.
 *
 * A lane (kind, platform, channel, phone; for receipts: their message) keeps order: only its head can be claimed, and whatever ends or
 * holds the head promotes the next in the same transaction, at the highest priority waiting in the lane.
 */
export interface Store extends Privacy {
  // ── intake ──────────────────────────────────────────────────────────────────────────────────────────────────────────
  /**
   * `duplicate` when the same `messageId` is known (the id is made of platform, channel, id, recipient and content), for the longer of
   * 7 days and the retention. Another message whose id begins with the same `nameLength` characters is stored and gets the event `id_reused`.
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
  /** Before the first byte of a segment leaves, unless its claim `isStarted`. False: the claim is no longer ours; do not send. Message state becomes `sending`. */
  start(start: Start): Promise<boolean>;
  /**
   * What came of it. False: the claim was no longer ours; what the settlement knows is kept as evidence all the same: that a segment was taken, was
   * refused, or has certainly not left (an `unknown` one is sent then), that a platform has a text from a phone.
   */
  settle(settlement: Settlement): Promise<boolean>;
  /** An unclaimed message's fate, decided by policy, evidence or an operator. False: it is no longer in a state this applies to. */
  resolve(resolution: Resolution, audit?: NewAudit): Promise<boolean>;
  /** Messages whose `watch` time has come: `unknown` ones to be decided, `sent` ones without a final receipt. Each comes once; `resolve` sets the next time. */
  dueWatches(limit: number): Promise<Watched[]>;

  /** The last texts between this one's channel and phone, both ways, itself first and none that came later; at most `limit`. */
  exchange(messageId: string, limit: number): Promise<Exchanged[]>;
  /** Counts segments for a channel's day if there is room for all of them: durable, one count for all replicas. */
  spend(spending: Spending): Promise<Spent>;

  /** What was sent of a text, for a look-up at its carrier; undefined once the text itself is forgotten. */
  sent(messageId: string): Promise<SentRecord | undefined>;
  /** Whether a segment of ours has this id of the carrier's. */
  isClaimed(carrier: string, carrierMessageId: string): Promise<boolean>;

  // ── the stop button ─────────────────────────────────────────────────────────────────────────────────────────────────
  gates(): Promise<Gate[]>;
  /** One gate per (kind, filter): setting it again keeps `since`, and `until` is as it was said last. */
  setGate(gate: NewGate, audit?: NewAudit): Promise<void>;
  clearGate(kind: Gate['kind'], filter: StopFilter, audit?: NewAudit): Promise<boolean>;
  /** Ends up to `limit` waiting outbound jobs of the queues as failed by policy, with receipts; how many. Claimed ones are left alone. */
  purge(purge: Purge): Promise<number>;
  /** How many claimed outbound, inbound and receipt jobs each queue has: those without any are absent. */
  underWay(): Promise<Array<{queue: string; count: number}>>;
  /** How many of these outbound texts have not left: one step, with `next` while there is more to look at. */
  countTexts(step: TextsStep): Promise<TextsCount>;
  /** The same as `purge` for some texts of the queues: one step, with `next` while there is more to look at. */
  purgeTexts(purge: Purge & TextsStep): Promise<{purged: number; next: string | undefined}>;
  /** Those of them that wait for a later time are due at once: one step, with `next` while there is more to look at. */
  hastenTexts(step: TextsStep): Promise<{next: string | undefined}>;

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
  /** The newest first. */
  deadLetters(filter: DeadLetterPage): Promise<{deadLetters: DeadLetter[]; next: string | undefined}>;
  /** How many fit: one step, with `next` while there is more. */
  countDeadLetters(filter: DeadLetterCount): Promise<{count: number; next: string | undefined}>;
  /** The stored webhook body of an `unreadable` one. */
  raw(messageId: string): Promise<StoredWebhook | undefined>;
  /**
   * Replaces an `unreadable` message by what was read at last, under the same `messageId`; ends its dead letter. Where the platform has delivered the
   * same text again meanwhile, and it could be read, that one is sent and this one is not.
   */
  replaceUnreadable(message: ReadAgain, audit?: NewAudit): Promise<boolean>;
  /** A text from a phone that is a dead letter `unroutable`, while its text is kept. */
  unroutable(messageId: string): Promise<Inbound | undefined>;
  /** Gives an `unroutable` one the channel that was found for it; ends its dead letter. Undefined: it is none (any more). */
  replaceUnroutable(message: NewInbound, audit?: NewAudit): Promise<Accepted | undefined>;
  /**
   * A new cycle for a message that ended badly: outbound is sent again from its first segment, inbound and its receipt are posted again. Ends its dead letter.
   * It stands at the end of its queue, and in its lane where it was. Of several who ask at once one is told true.
   */
  replay(messageId: string, expiresInMs: number, options?: ReplayOptions): Promise<boolean>;
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
  /** So many more of something long are done. */
  addDone(id: string, count: number): Promise<void>;
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
