import type Router from '@koa/router';
import type {ZodType} from 'zod';
import type {CarrierEntry} from '../core/channel.ts';
import type {HeldPart, InboundAnswer, InboundEvent, LateEvent, PartEvent, ReceiptEvent} from '../core/event.ts';
import type {Examination} from '../core/examination.ts';
import type {Log} from '../core/log.ts';
import type {MediaLoad} from '../core/media.ts';
import type {Media, Outbound, Priority, Reason} from '../core/message.ts';
import type {NumberAccount} from '../core/number-account.ts';
import type {Outcome, Refused} from '../core/outcome.ts';
import type {CarrierStatus} from './status.ts';

export type {CarrierStatus, LinkStatus} from './status.ts';

/** One account with a way to phones. It tries once and tells; the relay owns order, pace, retries and what is remembered. */
export interface Carrier {
  readonly name: string;
  /** Segments a second over all links and replicas; the relay paces. Undefined: the carrier paces itself. */
  readonly messagesPerSecond: number | undefined;
  /** Begins to connect. Resolves at once and never rejects because the far side is down. */
  start(): Promise<void>;
  /**
   * Goes on under other settings of the same type, already checked: what is under way is not lost, links they do not touch stay up, others are replaced
   * one at a time and never more of them than the settings allow, each when the one before is up. Undefined: another carrier is made in its place.
   */
  change?(options: unknown): void;
  /** Takes no more submissions (`unavailable`, scope `throttled`), gives those in flight their outcome in a time of its own, says good-bye. Never rejects. */
  stop(): Promise<void>;
  /** How many submissions may be in flight now, over all usable links: 0 while there is none. */
  window(): number;
  /** How this text would travel: pure, the same for the same text and settings. `refused` when it can't (too many segments, an alphabet that lacks a character). */
  plan(outbound: Outbound, entry: CarrierEntry): Plan | Refused;
  /**
   * One try for one segment. Never rejects for what the far side does; a fault of ours rejects and counts as `unknown` if bytes may have left.
   * Resolves within the carrier's own response time-out, whatever the far side does.
   */
  send(submission: Submission): Promise<Outcome>;
  /**
   * What the far side says became of a segment whose fate we do not know: asked before policy decides on an `unknown`, and for a `sent` one
   * whose receipt never came. To be handed to the store like a receipt. Undefined: it can't tell for certain. `busy`: its budget of questions is spent
   * for now, or it is stopping. `unanswered`: the far side could not be asked, and may tell later. Never rejects.
   */
  lookUp?(sent: SentSegment): Promise<ReceiptEvent | 'busy' | 'unanswered' | undefined>;
  /** How long after it was sent a text without a final receipt is looked up, then at four times its age each. Undefined: only when its watch ends. */
  readonly lookUpAfterMs?: number;
  /** The bytes of an inbound text's file, which only this account can fetch. Resolves within the carrier's own time-out, never rejects. */
  loadMedia?(wanted: {media: Media; maxBytes: number}): Promise<MediaLoad>;
  /**
   * The limit of one sender, in SMS a second over all replicas, beside the account's `messagesPerSecond`; entries with one `key` share it.
   * Undefined: none that is known. Pure.
   */
  senderPace?(entry: CarrierEntry): {key: string; messagesPerSecond: number} | undefined;
  /** Puts the parts of a long inbound text together, in order; `missing` of them never came. Pure. Only for carriers that hand in parts. */
  join?(parts: readonly HeldPart[]): {text: string; missing: number};
  /** Routes below `/{type}/{name}` on the public port; every handler finds the body's bytes in `ctx.state.raw`. */
  readonly router?: Router;
  status(): CarrierStatus;
}

/** How one text travels by one carrier. `name` is kept with the message: a retry of a later segment must find the same plan. */
export interface Plan {
  /** Alphabet and manner, for people and for comparison: `gsm7 udh8`, `ucs2 udh8`, `twilio`. */
  name: string;
  segments: number;
  /** SMS on air for each segment, where the carrier cuts further: what a pace counts. One each unless given. */
  airSegments?: readonly number[];
}

/** A segment whose send was started. */
export interface SentSegment {
  outbound: Outbound;
  entry: CarrierEntry;
  /** From 0. */
  segment: number;
  attempt: number;
  /** Unix ms of the last start. */
  startedAt: number;
  /** When it was taken; absent while it is `unknown`. */
  carrierMessageId?: string;
  /** Whether the carrier's id belongs to another segment of ours: two equal texts must not both claim it. */
  isClaimed(carrierMessageId: string): Promise<boolean>;
}

export interface Submission {
  outbound: Outbound;
  entry: CarrierEntry;
  priority: Priority;
  plan: Plan;
  /** From 0. */
  segment: number;
  /** The concatenation reference, 0 to 65535, the same for every try of this message. */
  reference: number;
  /** From 1, counted for the message; goes out with whatever the carrier gives back to us. */
  attempt: number;
  /** What is left of `sendWithin`, ms. */
  sendWithinMs: number;
  /** Validity for the handset, ms. */
  deliverWithinMs: number;
}

/** What a carrier hands in. Acknowledge the far side when the promise resolves, not before; it rejects with `StoreUnavailable` when nothing could be stored. */
export interface CarrierEvents {
  /** A whole text from a phone. `duplicate` was stored before; both are answered OK. `unroutable` is stored as a dead letter. */
  inbound(event: InboundEvent): Promise<InboundAnswer>;
  /** One part of a long text; stored, and when it was the last one, joined and handed on. */
  part(event: PartEvent): Promise<InboundAnswer | 'held'>;
  /** What became of a segment. `parked`: no such id yet; kept and matched when its response is stored. */
  receipt(event: ReceiptEvent): Promise<'matched' | 'parked' | 'duplicate'>;
  /** An answer that came after `send` had given up on it: evidence for an `unknown`. */
  late(event: LateEvent): Promise<void>;
  /** The answer to the text with this fingerprint has certainly left: from now on an equal one is a new one (design rule 10). */
  answered(fingerprint: string): void;
  /** `window()` has grown: there may be room. */
  ready(): void;
  /** A receipt said more of its sender than of its text. Resolves when every queue of that sender is slowed or parked; never rejects. */
  troubled(trouble: SenderTrouble): Promise<void>;
}

/** Too fast (`throttled`), or nothing of it passes (`queue`) until somebody mends it or `retryAfterMs` are over. */
export interface SenderTrouble {
  isSender(entry: CarrierEntry): boolean;
  scope: 'throttled' | 'queue';
  reason: Reason;
  retryAfterMs?: number;
}

/** What the parts of a gateway give each carrier. */
export interface CarrierContext {
  name: string;
  log: Log;
  events: CarrierEvents;
  /** As outside parties see us: what Twilio signs. No slash at the end. */
  publicUrl: string | undefined;
  /** The senders that channels use with this carrier, as their entries have them: whose missed messages it may fetch, and who is no handset. */
  addresses?(): readonly string[];
  /** The entries of channels that name this carrier, without those that are leaving. */
  entries?(): readonly CarrierEntry[];
  /** A short-lived address on our public port under which the carrier can fetch a file of a text. Without it the file's own address is given out. */
  toMediaLink?(media: Media, outbound: Outbound): string;
  /** Where several replicas have the account together: how many links this one may have. Undefined: all of them. */
  links?: LinkLeases;
  now(): number;
  /** 0 to 1, for jitter. */
  noise(): number;
  newId(): string;
}

export interface LinkLeases {
  /**
   * Tells at once, and whenever it changes, which of the account's `count()` links, numbered from 0, this replica may have. Another may have those
   * that are gone when the promise of `use` resolves: they are closed by then. After `withinMs` another may have them anyway: what is not closed is
   * cut. The function answered closes all and gives them back.
   */
  follow(
    count: () => number,
    use: (numbers: readonly number[], withinMs?: number) => Promise<void>,
  ): () => Promise<void>;
}

/** What a carrier's folder exports; `carriers/index.ts` lists them. */
export interface CarrierType<Options = unknown> {
  type: string;
  /** Its settings in the file, without `type`. */
  options: ZodType<Options>;
  /** What a channel's entry may say beyond `carrier`, `address` and `senderMayChange`. */
  entry: ZodType<Record<string, unknown>>;
  /** It can't work without `publicUrl`: its absence is a start-up error. */
  needsPublicUrl?: boolean;
  /** How far back it may hand in texts from phones once more, and the setting that says so: for so long the store has to know them. */
  asksBack?(options: Options): {ms: number; setting: readonly string[]} | undefined;
  create(options: Options, context: CarrierContext): Carrier;
  /** The account's numbers, where the carrier has them and they can be pointed at `publicUrl`. Calls nobody by itself. */
  numbers?(options: Options, own: {name: string; publicUrl: string}): NumberAccount;
  /** For `doctor`: whether the account and its senders are as they should be. Calls nobody by itself. */
  examine?(options: Options, own: ExamineOwn): Examination;
}

/** What of the file one carrier's examination needs. */
export interface ExamineOwn {
  name: string;
  publicUrl: string | undefined;
  /** The senders that channels use with this carrier. */
  addresses: readonly string[];
}

export function defineCarrier<Options>(carrier: CarrierType<Options>): CarrierType<Options> {
  return carrier;
}
