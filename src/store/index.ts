import type {Log} from '../core/log.ts';

export interface StoreOptions {
  /** `sqlite:data/gateway.db` or `postgres://…`. */
  url: string;
  /** Outbound jobs in all; above it `acceptOutbound` rejects with `StoreUnavailable`. */
  maxOutbound: number;
  now(): number;
  log: Log;
  /** Queues that have a head to claim which they had not before. */
  onReady(queues: string[]): void;
  /** The store is gone for good (its worker died): end the process. */
  onLost(error: Error): void;
}
