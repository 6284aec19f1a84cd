import {type FSWatcher, watch} from 'node:fs';
import type {Log} from '../core/log.ts';
import {readSources} from './sources.ts';

export interface WatchOptions {
  /** Of the configuration file. */
  path: string;
  /** Nothing has happened for this long before the files are read: an editor or a volume may take several steps. */
  settleMs: number;
  /** They are looked at this often all the same: some file systems tell nothing. */
  lookMs: number;
  /** The digest of what stood in them when they were read. */
  since: string;
  /** What stands in the files is not what stood there before. */
  onChange(): Promise<unknown>;
  log: Log;
}

const mostSettles = 5;

/**
 * Folders are watched, not files: an editor renames a new file into place, and Kubernetes swaps a symbolic link beside it, so that a watched file is
 * soon one that nobody reads any more. What tells a change is what stands in the files, not that somebody touched them.
 */
export function watchSources({path, since, settleMs, lookMs, onChange, log}: WatchOptions): () => Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  const broken = new Set<string>();
  let digest = since;
  let {folders} = readSources(path);
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let touchedAt: number | undefined;
  let stopped = false;

  function follow(): void {
    for (const [folder, watcher] of watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) if (!watchers.has(folder)) open(folder);
  }

  /** A folder that is not there yet is found by looking. */
  function open(folder: string): void {
    try {
      const watcher = watch(folder, touch);
      watchers.set(folder, watcher);
      watcher.on('error', error => lose(folder, error));
    } catch (error) {
      lose(folder, error);
    }
  }

  function lose(folder: string, error: unknown): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'a fault';
    if (why === 'ENOENT' || broken.has(folder)) return;
    broken.add(folder);
    log.warn('config.watch_failed', {folder, why});
  }

  /** Whoever never stops, as a database beside the file, does not put the look off for ever. */
  function touch(): void {
    const now = performance.now();
    touchedAt ??= now;
    lookIn(Math.max(0, Math.min(settleMs, touchedAt + mostSettles * settleMs - now)));
  }

  function lookIn(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(look, ms);
  }

  function look(): void {
    touchedAt = undefined;
    running = lookNow().finally(() => lookIn(touchedAt === undefined ? lookMs : settleMs));
  }

  async function lookNow(): Promise<void> {
    const before = digest;
    ({digest, folders} = readSources(path));
    follow();
    if (digest !== before) await onChange();
  }

  follow();
  lookIn(settleMs);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
    await running;
  };
}
