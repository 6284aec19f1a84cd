import {createPace, type Pace} from '../core/pace.ts';
import {createSharedPace} from '../core/shared-pace.ts';
import type {Store} from '../store/store.ts';

/** The pace of an account or of one of its senders, by a key of its own: this process's, or one that all replicas have together. */
export type OpenPace = (key: string, ratePerSecond: number | undefined) => Pace;

export interface PacesOptions {
  store: Pick<Store, 'replicas'>;
  now(): number;
  /** There may be room. */
  onRoom(): void;
}

export function createPaces({store: {replicas}, now, onRoom}: PacesOptions): OpenPace {
  return (key, ratePerSecond) => {
    if (replicas === undefined || ratePerSecond === undefined) return createPace(ratePerSecond);
    return createSharedPace({ratePerSecond, ask: wanted => replicas.paceBlock(key, wanted), now, onRoom});
  };
}
