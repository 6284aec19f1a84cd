import type {Direction} from './message.ts';
import type {Outcome} from './outcome.ts';

/** What a caller said of its own trace, in B3's headers (openzipkin/b3-propagation, "Multiple Headers"). */
export interface B3 {
  /** 16 lower-case hex digits. */
  spanId?: string;
  /** Whether this trace is to be told; absent when the caller left it to us. */
  sampled?: boolean;
}

/** Where a step stands: the trace its message carries, and what was kept with the message. */
export interface Traced {
  messageId: string;
  traceId: string;
  headers?: Readonly<Record<string, string>> | undefined;
}

/** When a step was over, Unix ms, and how long it took. */
interface Took {
  endedAt: number;
  tookMs: number;
}

export interface TakenStep extends Traced, Took {
  direction: Direction;
  platform: string;
  channel: string;
  /** Of an inbound text. */
  carrier?: string;
  result: 'stored' | 'duplicate' | 'unreadable' | 'unroutable';
  /** Of all that, the store. */
  storeMs: number;
  b3?: B3 | undefined;
}

export interface SentStep extends Traced, Took {
  channel: string;
  carrier: string;
  segment: number;
  attempt: number;
  acceptedAt: number;
  outcome: Outcome;
}

export interface PostedStep extends Traced, Took {
  kind: 'inbound' | 'receipt';
  platform: string;
  channel: string;
  attempt: number;
  outcome: Outcome;
  /** The one that was opened for it. */
  spanId: string;
  /** Of a receipt's first post: from the segment's leaving to the carrier's word, Unix ms. */
  receipt?: {submittedAt: number; at: number};
}

/**
 * Told of the steps of each message when they are over; never throws, never waits. One message is one trace, over all replicas and restarts: its id is
 * stored with the message, and the span that holds the others has an id made of the message's. Its words are names of the configuration, closed
 * lists and our own ids: never a phone, a text or a secret.
 *
 * There is none where nobody asked for traces: it is called as `tracer?.sent({…})`, which then makes nothing, not even the object.
 */
export interface Tracer {
  taken(step: TakenStep): void;
  sent(step: SentStep): void;
  posted(step: PostedStep): void;
  /** What has to be kept with a text so that all its steps are told, or none: its caller's word, where it is not what the trace's id says. */
  keep(traceId: string, b3: B3 | undefined): Readonly<Record<string, string>> | undefined;
  /** A span that will be told when it is over, for the headers of a call. */
  open(traced: Traced): {spanId: string; sampled: boolean};
}
