import type {Log} from '../core/log.ts';
import type {JobKind} from '../core/message.ts';
import type {Meter} from '../core/meter.ts';
import type {Offer} from './offers.ts';
import {openPostgresStore} from './postgres/index.ts';
import {StoreRefused} from './refused.ts';
import {openSqliteStore} from './sqlite/index.ts';
import type {Store} from './store.ts';
import type {Secrecy} from './vault.ts';

export {type Moved, moveStore} from './move.ts';
export {StoreRefused} from './refused.ts';
export {type SetAside, setStoreAside} from './set-aside.ts';
export type {Secrecy} from './vault.ts';

export interface StoreOptions {
  /** `sqlite:data/gateway.db` or `postgres://…`. */
  url: string;
  /** Outbound jobs in all; above it `acceptOutbound` rejects with `StoreUnavailable`. */
  maxOutbound: number;
  /** Of each platform; as many as of all unless given. */
  maxOutboundPerPlatform?: number | undefined;
  /** Keys to what is sealed on the disk; none unless given. */
  secrecy?: Secrecy;
  /** It is a backup, says an operator: what it owes is set aside. */
  isRestored?: boolean;
  /** It was found to be one, or was said to be. */
  onRestored?(restored: {why: string; count: number}): void;
  now(): number;
  log: Log;
  /** Told of every commit, when it is given. */
  meter?: Pick<Meter, 'committed'>;
  /** Room for jobs of these kinds that one transaction may bring; undefined: none. Each offer is ended when that is over. */
  offer?(kinds: ReadonlySet<JobKind>): Offer | undefined;
  /** Queues that have a head to claim which they had not before. */
  onReady(queues: string[]): void;
  /** The store is gone for good (its worker died): end the process. */
  onLost(error: Error): void;
}

/** Rejects with `StoreRefused` when the store can't be used as configured. */
export async function openStore({url, ...options}: StoreOptions): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqliteStore({...options, file: url.slice('sqlite:'.length)});
  if (/^postgres(ql)?:/.test(url)) return openPostgresStore({...options, url});
  throw new StoreRefused(
    'store must begin with sqlite: or postgres:, as in store: sqlite:data/gateway.db or store: postgres://user@host/database',
  );
}
