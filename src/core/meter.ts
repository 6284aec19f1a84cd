import type {GuardName} from './guards.ts';
import type {Direction, JobKind, Priority} from './message.ts';
import type {Outcome} from './outcome.ts';
import type {ReceiptState} from './state.ts';

/**
 * Told of what happened and how long it took by those who saw it; where it is counted is not their concern. Never throws, never waits.
 * Its words become labels of metrics: names of the configuration and closed lists only, never a phone, a message or a path.
 */
export interface Meter {
  /** The public port answered. `route` is the route's pattern; empty when there was none. */
  answered(request: {route: string; status: number; tookMs: number}): void;
  /** A text was stored, or was known already; or it was not taken: no room, or no store. */
  accepted(text: {
    direction: Direction;
    platform: string;
    result: 'stored' | 'duplicate' | 'unreadable' | 'unavailable';
  }): void;
  /** The first segment of a text leaves for the first time in this claim. */
  submitted(text: {carrier: string; priority: Priority; sinceAcceptedMs: number}): void;
  /** The carrier answered for one segment, or was given up. */
  responded(segment: {carrier: string; outcome: Outcome['kind']; tookMs: number}): void;
  /** A receipt of a carrier found its segment, was parked, or was known. */
  receipted(receipt: {carrier: string; state: ReceiptState; result: 'matched' | 'parked' | 'duplicate'}): void;
  /** A text ended without the carrier having delivered it. */
  ended(text: {carrier: string; state: 'failed' | 'expired'}): void;
  /** A guard of its channel refused a text, or made it wait for its hours. */
  guarded(text: {platform: string; guard: GuardName}): void;
  /** The platform answered a post. `sinceMs`: since the carrier told us; only when it was taken. */
  posted(post: {
    kind: Exclude<JobKind, 'outbound'>;
    platform: string;
    outcome: Outcome['kind'];
    tookMs: number;
    sinceMs?: number;
    /** Of a receipt: from the segment's start to the carrier's word. */
    submitToReceiptMs?: number;
  }): void;
  /** The store wrote this many calls with one fsync. */
  committed(group: {calls: number; tookMs: number}): void;
}
