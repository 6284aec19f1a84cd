import Database from 'better-sqlite3';
import {StoreRefused} from '../refused.ts';
import {createPrivate} from './file.ts';

export interface Lock {
  release(): void;
}

/**
 * One process per file: an exclusive transaction on a small file beside it, held for the process' life. The kernel drops it when the
 * process dies, however it dies. The lock file itself is never opened by other means: closing any descriptor of it would drop the lock.
 */
export function lockFile(file: string): Lock {
  const path = `${file}.lock`;
  createPrivate(path);
  const database = new Database(path, {timeout: 0});
  try {
    database.pragma('journal_mode = memory');
    database.exec('begin exclusive');
  } catch (cause) {
    database.close();
    throw new StoreRefused(`another process uses ${file}; stop it, or give this one a file of its own`, {cause});
  }
  return {release: () => database.close()};
}
