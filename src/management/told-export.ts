import {Readable} from 'node:stream';
import type {Actor} from '../core/audit.ts';
import type {Log} from '../core/log.ts';
import type {Detail} from '../core/outcome.ts';
import type {Store} from '../store/store.ts';

/** Part of an export; `lines` of it tell of somebody. */
export interface Piece {
  lines: number;
  text: string;
}

export interface TellingParts {
  store: Pick<Store, 'audit' | 'addDone' | 'endAudit'>;
  log: Log;
}

/** An export as it leaves, and as the audit tells of it: the asking is on disk before the first line leaves, and how many have left when it ends. */
export async function tellExport(
  {store, log}: TellingParts,
  by: Actor,
  target: Detail,
  pieces: AsyncGenerator<Piece>,
): Promise<Readable> {
  const run = await store.audit({by, action: 'export', target, outcome: 'begun'});

  async function finish(count: number, outcome: string): Promise<void> {
    try {
      await store.addDone(run, count);
      await store.endAudit(run, outcome);
    } catch {
      log.warn('export.not_ended', {run, count});
    }
  }

  return Readable.from(toText(pieces, finish));
}

/** `stopped`: whoever asked has gone, or the store has. */
async function* toText(
  pieces: AsyncGenerator<Piece>,
  onEnd: (count: number, outcome: string) => Promise<void>,
): AsyncGenerator<string> {
  let count = 0;
  let outcome = 'stopped';
  try {
    for await (const {lines, text} of pieces) {
      yield text;
      count += lines;
    }
    outcome = 'done';
  } finally {
    await onEnd(count, outcome);
  }
}
