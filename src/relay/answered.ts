import type {Log} from '../core/log.ts';

const flushMs = 1000;

/**
 * Gathers the fingerprints whose answers have left, and tells the store once a second. Until it has, an equal text counts as a repetition:
 * the safe side.
 */
export function createAnswered(forget: (fingerprints: string[]) => Promise<void>, log: Log) {
  let gathered: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    timer = undefined;
    const fingerprints = gathered;
    gathered = [];
    if (fingerprints.length === 0) return;
    try {
      await forget(fingerprints);
    } catch (error) {
      gathered.push(...fingerprints);
      log.warn('inbound.answered_not_stored', {count: fingerprints.length, why: String(error)});
      schedule();
    }
  }

  function schedule(): void {
    timer ??= setTimeout(() => void flush(), flushMs);
  }

  return {
    add(fingerprint: string): void {
      gathered.push(fingerprint);
      schedule();
    },
    async stop(): Promise<void> {
      clearTimeout(timer);
      await flush();
      clearTimeout(timer);
    },
  };
}
