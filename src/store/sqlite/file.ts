import {chmodSync, closeSync, existsSync, mkdirSync, openSync, realpathSync, statfsSync, statSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {isNetworkFileSystem} from '../../core/file-system.ts';
import {StoreRefused} from '../refused.ts';

const ownerOnly = 0o600;

/** Makes sure of folder and file, both for their owner only, and that the file is on a disk of this machine; answers its true path. */
export function prepareFile(path: string): string {
  if (path === '') throw new StoreRefused('the store has no file; write store: sqlite:data/gateway.db');
  try {
    mkdirSync(dirname(path), {recursive: true, mode: 0o700});
    const folder = realpathSync(dirname(path));
    if (isNetworkFileSystem(statfsSync(folder).type)) {
      throw new StoreRefused(
        `${path} is on a network file system, where SQLite loses data; use a local disk, or store: postgres://…`,
      );
    }
    createPrivate(join(folder, basename(path)));
    return realpathSync(path);
  } catch (cause) {
    if (cause instanceof StoreRefused) throw cause;
    throw new StoreRefused(`${path} can't be used (${toCode(cause)}); its folder must be writable for this user`, {
      cause,
    });
  }
}

/** Never opens a file that is there: closing it would drop this process' locks on it (POSIX fcntl). SQLite gives -wal and -shm its mode. */
export function createPrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', ownerOnly));
  const stats = statSync(path);
  if (!stats.isFile()) throw new StoreRefused(`${path} is not a file; name one in store: sqlite:…`);
  if ((stats.mode & 0o777) !== ownerOnly) chmodSync(path, ownerOnly);
}

function toCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
