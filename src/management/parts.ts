import type {CarrierStatus} from '../carriers/carrier.ts';
import type {Actor} from '../core/audit.ts';
import type {HealthStatus} from '../core/breaker.ts';
import type {Log} from '../core/log.ts';
import type {Priority} from '../core/message.ts';
import type {StopFilter} from '../core/stop.ts';
import type {DeadLetterFilter, Store} from '../store/store.ts';
import type {Activity} from './activity.ts';
import type {EventRing} from './event-ring.ts';

/** What the gateway hands to its management port. Whatever rejects with `StoreUnavailable` is answered 503. */
export interface ManagementParts {
  store: Pick<
    Store,
    | 'find'
    | 'get'
    | 'note'
    | 'deadLetters'
    | 'countDeadLetters'
    | 'gates'
    | 'depths'
    | 'receiptCounts'
    | 'tally'
    | 'audit'
    | 'endAudit'
    | 'addDone'
    | 'audits'
  >;
  operations: Operations;
  carriers(): CarrierStatus[];
  /** Of every account, and every URL at a platform that was tried, as this replica found them. */
  health(): HealthStatus[];
  /** Names of the queues a filter matches, configured ones and those the store still holds something of. */
  queues(filter: StopFilter): readonly string[];
  readiness(): Promise<Readiness>;
  /** Prometheus' text. */
  metrics: {contentType: string; metrics(): Promise<string>};
  /** Reads the configuration again and takes it over when it has no mistake. */
  reload(by: Actor): Promise<Reloaded>;
  reloadState(): ReloadState;
  leaving(): Promise<readonly LeavingPart[]>;
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
  /** It left the configuration and finishes what it owes. */
  leaving?: boolean;
}

/** What a person may do. The name of `by` stands in the message's history, in the log and in the audit, which operations write themselves. */
export interface Operations {
  replay(messageId: string, by: Actor): Promise<Replayed>;
  /** One page of all that fit; the next is asked for by `next`. Whatever was done is a dead letter no more, so that nothing is done twice. */
  replayMany(page: Page): Promise<Done>;
  /** Decides an `unknown` one: it was sent, it failed, or it is sent again. `not_unknown`: there is nothing to decide, or no text to send again. `no_carrier`: it can only be sent again by a carrier its channel has no more. */
  settle(messageId: string, as: SettleAs, by: Actor): Promise<'settled' | 'not_found' | 'not_unknown' | 'no_carrier'>;
  /** The same for those of them that are unknown. */
  settleMany(as: SettleAs, page: Page): Promise<Done>;
  pause(filter: StopFilter, reason: string, by: Actor): Promise<void>;
  /** Refuses the platforms' texts and sends what waits; with a carrier, lets nothing more go by it. */
  drain(filter: StopFilter, reason: string, by: Actor): Promise<void>;
  /** False: nothing was paused or drained by this very filter. */
  resume(filter: StopFilter, by: Actor): Promise<boolean>;
  count(filter: StopFilter): Promise<Counted>;
  /** The same, as a purge counts. */
  countToPurge(filter: StopFilter): Promise<Counted>;
  /** Ends every waiting outbound text that fits as failed, with receipts. */
  purge(filter: StopFilter, reason: string, by: Actor): Promise<Purged>;
}

export interface Counted {
  waiting: number;
  /** Claimed: being sent or about to be. A purge leaves them alone. */
  underWay: number;
}

/** `waiting`: before. */
export interface Purged extends Counted {
  purged: number;
  /** What still waits: came meanwhile, or was given back. */
  left: number;
}

/**
 * `not_ended`: it is still on its way. `unknown`: it is settled instead. `unreadable`, `unroutable`: its webhook can't be read, or there is no
 * channel for it, under today's settings either.
 */
export type Replayed = 'replayed' | 'not_found' | 'not_ended' | 'unknown' | 'unreadable' | 'unroutable';

export type SettleAs = 'sent' | 'failed' | 'retry';

export interface Page {
  filter: DeadLetterFilter;
  by: Actor;
  /** At most so many are looked at. */
  limit: number;
  perSecond: number;
  /** `next` of the page before. */
  at?: Place;
}

export interface Place {
  before?: string;
  until: number;
  run: string;
}

export interface Done {
  done: number;
  /** Those that could not be, by why: they stay dead letters. */
  left: Record<string, number>;
  /** Told with the first page: how many fit when it began. */
  of?: number;
  next: Place | undefined;
}

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
  /** What was taken over: `carrier smsc-a changed (password)`. */
  changes: readonly string[];
  /** Settings that changed and can't while the gateway runs. */
  needsRestart: readonly string[];
}

/** Of the last reading of the configuration; times are Unix ms. */
export interface ReloadState {
  successful: boolean;
  /** When one was taken over last. */
  successAt: number;
  at: number;
  by: string;
  /** Why it was refused. */
  mistakes: readonly string[];
  needsRestart: readonly string[];
}

/** What left the configuration and is not empty yet: a channel, or one channel's way by a carrier. */
export interface LeavingPart {
  platform: string;
  channel: string;
  carrier?: string;
  waiting: number;
}

export interface ManagementToken {
  name: string;
  role: 'reader' | 'operator';
  token: string;
}
