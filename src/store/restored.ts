import type {Log} from '../core/log.ts';

/** @param restored why the store is taken for a backup, and how many texts, posts and receipts were set aside */
export function tellRestored(log: Log, restored: {why: string; count: number}): void {
  log.error('store.restored', restored);
}
