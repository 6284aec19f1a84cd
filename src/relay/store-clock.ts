import type {Store} from '../store/store.ts';

/** Clocks that are kept differ by less. */
const tolerableMs = 1000;

/**
 * This process's clock where it is the store's too, or goes as that one does. A replica whose own is wrong goes by the store's, which has told when
 * everything was accepted and until when it may leave: else it would end texts whose time is not over.
 */
export function createStoreClock(now: () => number, replicas: Pick<NonNullable<Store['replicas']>, 'now'> | undefined) {
  if (replicas === undefined) return now;
  let correctionMs = 0;
  return () => {
    const own = now();
    const stores = replicas.now();
    if (Math.abs(stores - own - correctionMs) > tolerableMs) correctionMs = Math.round(stores - own);
    return own + correctionMs;
  };
}
