import type {Inbound, JobKind, Outbound, Priority, Reason, Receipt} from '../core/message.ts';
import type {Detail} from '../core/outcome.ts';
import type {EndedBy, SegmentState} from '../core/state.ts';

export interface Claim {
  job: number;
  fence: number;
  /** Where there are several replicas: the `standing` of the one that holds it. */
  holder?: number;
  kind: JobKind;
  queue: string;
  /** Tries so far that counted. */
  attempts: number;
  acceptedAt: number;
  /** Outbound: past it the text may not leave. Posts: since when it is owed. */
  expiresAt: number;
  work: OutboundWork | InboundWork | ReceiptWork;
}

export interface OutboundWork {
  kind: 'outbound';
  outbound: Outbound;
  priority: Priority;
  /** Its own, when `priority` was lifted by a text behind it. */
  acceptedAs: Priority;
  /** When its phone last wrote to this channel, Unix ms. */
  heardAt?: number;
  /** Fixed at the first start; undefined before. */
  plan: {name: string; segments: number} | undefined;
  /** Its first segment's first try was written down with the text: it may leave without a `start`, or goes back `isUnsent`. */
  isStarted?: boolean;
  /** Of its `attempts` those of the cycles before; undefined in its first. */
  earlierAttempts?: number;
  /** 0 to 65535, fixed when accepted: the next one for this (channel, phone). */
  reference: number;
  /** By index; those never started are absent. */
  segments: SegmentProgress[];
  /** The opt-out lists its phone is on at the time of the claim, whichever channel's they are. */
  optedOut: string[];
}

export interface SegmentProgress {
  index: number;
  state: SegmentState;
  attempt: number;
  carrierMessageId?: string;
  /** A try before got no answer and may have left: only the carrier it has may send it again. */
  unanswered?: true;
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
  /** What was captured with the message. */
  headers?: Readonly<Record<string, string>>;
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
  /** Of the claim: what an agent's text waits for need not stand behind a campaign. */
  priority?: Priority;
}

/**
 * What ends or moves a claim.
 * - `taken`: this segment has left and was accepted. The last one makes the message `sent` (or more, if receipts are waiting) and ends the job;
 *   otherwise the claim stays, for the next segment. `receiptWithinMs` sets the watch.
 * - `retry`: back to the queue, due in `dueInMs` (0: at the head); a started `segment` becomes `idle` again. `carrier`: to another carrier's queue.
 *   `counts`: whether it was an attempt. `aside`: until it is due its lane goes on without it; those aside keep their own order.
 * - `unknown`: the segment may have left. The message is `unknown`, the job ends, the lane goes on; `watchInMs` until policy looks at it.
 * - `ended`: outbound as failed or expired with a receipt to the platform, inbound as failed, a receipt job dropped; a dead letter when named.
 * - `posted`: the platform has it.
 *
 * `isUnsent`: the claim said `isStarted`, and nothing has left. It is as if it had only been claimed.
 * `attempt`: of the `segment`, so that the word of a claim that was lost meanwhile still counts for the try it is about, and for no other.
 */
export type Settlement =
  | (Held & {to: 'taken'; segment: number; attempt: number; carrierMessageId?: string; receiptWithinMs: number})
  | (Held & {
      to: 'retry';
      dueInMs: number;
      counts: boolean;
      segment?: number;
      attempt?: number;
      carrier?: string;
      aside?: true;
      isUnsent?: boolean;
    })
  | (Held & {to: 'unknown'; segment: number; attempt: number; watchInMs: number})
  | (Held & {
      to: 'ended';
      state: 'failed' | 'expired';
      by: EndedBy;
      reason: Reason;
      segment?: number;
      attempt?: number;
      deadLetter?: string;
      isUnsent?: boolean;
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
export type Resolution = {
  messageId: string;
  events: NewEvent[];
  /** It was decided for a message in this state, and for no other. */
  was?: Watched['state'];
} & (
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

/** What was sent of a text so far, in its present cycle. */
export interface SentRecord {
  outbound: Outbound;
  carrier: string;
  segments: Array<SegmentProgress & {startedAt: number}>;
}
