import type {Priority, Reason} from '../core/message.ts';
import type {StopFilter, TextFilter} from '../core/stop.ts';

export type {StopFilter, TextFilter} from '../core/stop.ts';

export interface NewGate {
  /**
   * `paused` by a person; `parked` by an outcome of scope `queue`; `draining` by a person: with a carrier in its filter nothing more is claimed for
   * it, without one the platform's webhooks are refused and what waits is sent.
   */
  kind: 'paused' | 'parked' | 'draining';
  filter: StopFilter;
  reason: string;
  by: string;
  /** Of a parked one: none of it is to be tried before. */
  forMs?: number;
}

export interface Gate extends Omit<NewGate, 'forMs'> {
  since: number;
  /** Unix ms before which none of it is to be tried. */
  until?: number;
}

/** Some texts of these queues, one step from the newest backwards. */
export interface TextsStep {
  queues: string[];
  texts: TextFilter;
  /** Only those that were accepted as this, whatever hurries them by now. */
  acceptedAs?: Priority;
  limit: number;
  /** `next` of the step before. */
  before?: string;
}

/** Ends waiting outbound texts as failed by policy, each with its receipt. */
export interface Purge {
  queues: string[];
  reason: Reason;
  limit: number;
  /** The audit row that counts them, in the same transaction. */
  audit?: string;
}

export interface TextsCount {
  waiting: number;
  /** Claimed: being sent, or about to be. */
  underWay: number;
  next: string | undefined;
}
