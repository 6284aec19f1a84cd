import {openStore, type StoreOptions} from './index.ts';
import {StoreRefused} from './refused.ts';

/** How much of a stopped gateway's store was set aside as of a backup, or why nothing was. */
export type SetAside = {count: number} | {refused: string};

/** For a backup that the store itself can't know: a whole folder, disk or machine that was put back. */
export async function setStoreAside(options: Pick<StoreOptions, 'url' | 'secrecy' | 'log' | 'now'>): Promise<SetAside> {
  let count = 0;
  const onRestored = (restored: {count: number}) => {
    count = restored.count;
  };
  try {
    const store = await openStore({
      ...options,
      isRestored: true,
      onRestored,
      maxOutbound: Number.MAX_SAFE_INTEGER,
      onReady() {},
      onLost() {},
    });
    await store.close();
    return {count};
  } catch (error) {
    if (error instanceof StoreRefused) return {refused: error.message};
    throw error;
  }
}
