import type {Query, Value} from '../work.ts';

/** One statement for many sets of values. */
export interface Batch {
  sql: string;
  all: Value[][];
}

/**
 * Writes nobody waits for, until they are sent. Those of one operation stay in their order; those of several that want the same statement become
 * one, for what operations of one group write does not depend on each other: each holds its keys until it has ended.
 */
export interface Unsent {
  /** @param after the place of what its operation wrote last, -1 for nothing. @returns its own place */
  add(query: Query, after: number): number;
  /** All, in the order in which they have to be sent. */
  take(): Batch[];
}

export function createUnsent(): Unsent {
  let batches: Batch[] = [];
  /** Places are never given twice: what was sent stands before all that is not. */
  let sent = 0;

  return {
    add({sql, values}, after) {
      for (let index = Math.max(0, after + 1 - sent); index < batches.length; index += 1) {
        const batch = batches[index];
        if (batch?.sql !== sql) continue;
        batch.all.push(values);
        return sent + index;
      }
      batches.push({sql, all: [values]});
      return sent + batches.length - 1;
    },
    take() {
      const taken = batches;
      sent += taken.length;
      batches = [];
      return taken;
    },
  };
}
