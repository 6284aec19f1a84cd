import {randomInt} from 'node:crypto';
import {closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync} from 'node:fs';
import {dirname} from 'node:path';
import {meta, setMeta} from '../sql-prune.ts';
import {row, run, type Work} from '../work.ts';
import type {Connection} from './connection.ts';
import {createPrivate} from './file.ts';

/**
 * What a file that was put back can't know: how far its store had come. The store counts its beats, and a small file beside it says how many there
 * were. The count is committed in the store first, so that no crash leaves the witness ahead; a backup of the store alone is behind it for ever.
 */
export interface Witness {
  /** In the transaction of a group that has changed something, once a second at most. */
  beat(now: number): void;
  /** The transaction is committed. */
  committed(): void;
  close(): void;
}

const beatEveryMs = 1000;
const width = 40;
const largestId = 2 ** 47;

/** Why this can't be the store that was here last; undefined: it is, or nobody can tell. */
export function* findDoubt(file: string): Work<string | undefined> {
  const id = (yield* row<{value: number}>(meta, 'store'))?.value;
  if (id === undefined) return undefined;
  const beat = (yield* row<{value: number}>(meta, 'beat'))?.value ?? 0;
  const seen = read(`${file}.seen`);
  if (seen === undefined) return `there is no ${file}.seen beside it: it was copied here`;
  if (seen.id !== id) return `${file}.seen is of another store`;
  return seen.beat > beat ? `it is older than the store that was here last` : undefined;
}

/** From now on this is the store that was here last. */
export function openWitness(file: string, connection: Connection): Witness {
  const path = `${file}.seen`;
  let changes = 0;
  let beatAt = Number.NEGATIVE_INFINITY;
  /** Of the transaction under way: one that is rolled back has told nothing. */
  let next: {beat: number; at: number} | undefined;
  const {id, beat: first} = connection.transaction(() => connection.drive(begin(read(path)?.beat ?? 0)));
  let beat = first;
  const isNew = !existsSync(path);
  createPrivate(path);
  const descriptor = openSync(path, 'r+');
  write();
  fsyncSync(descriptor);
  if (isNew) syncFolder(dirname(path));

  /** In place and of one length, in one sector. */
  function write(): void {
    writeSync(descriptor, `${`${id} ${beat}`.padEnd(width - 1)}\n`, 0);
  }

  return {
    beat(now) {
      next = undefined;
      if (connection.changes() === changes || Math.abs(now - beatAt) < beatEveryMs) return;
      connection.drive(run(setMeta, 'beat', beat + 1));
      next = {beat: beat + 1, at: now};
    },
    committed() {
      if (next === undefined) return;
      ({beat, at: beatAt} = next);
      next = undefined;
      changes = connection.changes();
      try {
        write();
      } catch {
        // A disk that only reads: a witness that lags behind accuses nobody.
      }
    },
    close: () => closeSync(descriptor),
  };
}

function* begin(seen: number): Work<{id: number; beat: number}> {
  const id = (yield* row<{value: number}>(meta, 'store'))?.value ?? randomInt(1, largestId);
  const beat = Math.max(seen, (yield* row<{value: number}>(meta, 'beat'))?.value ?? 0) + 1;
  yield* run(setMeta, 'store', id);
  yield* run(setMeta, 'beat', beat);
  return {id, beat};
}

function read(path: string): {id: number; beat: number} | undefined {
  if (!existsSync(path)) return undefined;
  const [, id, beat] = /^(\d+) (\d+)\s*$/.exec(readFileSync(path, 'utf8')) ?? [];
  return id === undefined || beat === undefined ? undefined : {id: Number(id), beat: Number(beat)};
}

/** The name itself must be on the disk. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
