import type {CarrierStatus} from '../carriers/carrier.ts';
import type {Actor} from '../core/audit.ts';
import type {Log} from '../core/log.ts';
import type {Priority} from '../core/message.ts';
import type {QueueFilter, Store} from '../store/store.ts';
import type {Activity} from './activity.ts';
import type {EventRing} from './event-ring.ts';

/** What the gateway hands to its management port. Whatever rejects with `StoreUnavailable` is answered 503. */
export interface ManagementParts {
  store: Pick<
    Store,
    'find' | 'get' | 'note' | 'deadLetters' | 'gates' | 'depths' | 'receiptCounts' | 'tally' | 'audit' | 'endAudit'
  >;
  operations: Operations;
  carriers(): CarrierStatus[];
  /** Names of the queues a filter matches, configured ones and those the store still holds something of. */
  queues(filter: QueueFilter): readonly string[];
  readiness(): Promise<Readiness>;
  /** Prometheus' text. */
  metrics: {contentType: string; metrics(): Promise<string>};
  /** Reads the configuration again and takes it over when it has no mistake. */
  reload(by: Actor): Promise<Reloaded>;
  channels: readonly KnownChannel[];
  /** Segments a second a carrier may send at present, and at most; no `limit`: it paces itself. */
  paceOf(carrier: string): {rate: number; limit: number | undefined} | undefined;
  activity: Pick<Activity, 'perMinute' | 'lastHour'>;
  events: Pick<EventRing, 'recent' | 'counts'>;
  now(): number;
  log: Log;
}

/** A channel as people may see it: no secrets. */
export interface KnownChannel {
  id: string;
  platform: string;
  description: string;
  address: string;
  priority: Priority;
  carriers: readonly string[];
}

/** What a person may do. The name of `by` stands in the message's history, in the log and in the audit, which operations write themselves. */
export interface Operations {
  /** `not_ended`: it is still on its way. `unreadable`: the stored webhook can't be read under today's settings either. */
  replay(messageId: string, by: Actor): Promise<'replayed' | 'not_found' | 'not_ended' | 'unreadable'>;
  /** Decides an `unknown` one: it was sent, it failed, or it is sent again. `not_unknown`: there is nothing to decide. */
  settle(messageId: string, as: SettleAs, by: Actor): Promise<'settled' | 'not_found' | 'not_unknown'>;
  pause(filter: QueueFilter, reason: string, by: Actor): Promise<void>;
  /** False: nothing was paused by this very filter. */
  resume(filter: QueueFilter, by: Actor): Promise<boolean>;
  /** Ends every waiting outbound text of these queues as failed, with receipts; how many. */
  purge(queues: readonly string[], reason: string, by: Actor): Promise<number>;
}

export type SettleAs = 'sent' | 'failed' | 'retry';

export interface Readiness {
  ready: boolean;
  /** One word or sentence each: `{store: 'ok', stopping: 'no'}`. */
  checks: Record<string, string>;
}

export interface Reloaded {
  applied: boolean;
  /** Each with its place in the file; empty when applied. */
  mistakes: readonly string[];
  warnings: readonly string[];
}

export interface ManagementToken {
  name: string;
  role: 'reader' | 'operator';
  token: string;
}
