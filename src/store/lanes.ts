/**
 * Which lanes surely hold no job: each lane counts in one of 4 million buckets, and a bucket without a job has none of any of its lanes. Most lanes
 * hold one job in their life, so most questions for those who wait in a lane need not be asked. 4 MiB, however many jobs wait.
 */
export interface Lanes {
  /** False: nobody is in it. */
  mayHold(lane: number): boolean;
  enter(lane: number): void;
  leave(lane: number): void;
  /** So many jobs are in it already when the store is opened. */
  load(lane: number, jobs: number): void;
  commit(): void;
  rollback(): void;
}

const buckets = 2 ** 22;
/** A bucket that has been as full as this stays so: what left it is not known any more. */
const full = 255;

export function createLanes(): Lanes {
  const counts = new Uint8Array(buckets);
  let entered: number[] = [];
  let left: number[] = [];

  function add(lane: number, jobs = 1): void {
    counts[lane % buckets] = Math.min(full, (counts[lane % buckets] ?? 0) + jobs);
  }

  function subtract(lane: number): void {
    const count = counts[lane % buckets] ?? 0;
    if (count > 0 && count < full) counts[lane % buckets] = count - 1;
  }

  function clear(): void {
    entered = [];
    left = [];
  }

  return {
    mayHold: lane => counts[lane % buckets] !== 0,
    enter: lane => {
      add(lane);
      entered.push(lane);
    },
    leave: lane => {
      subtract(lane);
      left.push(lane);
    },
    load: add,
    commit: clear,
    rollback: () => {
      for (const lane of left) add(lane);
      for (const lane of entered) subtract(lane);
      clear();
    },
  };
}

/** What operations know of them; when a transaction ends is the ledger's to tell. */
export type KnownLanes = Omit<Lanes, 'commit' | 'rollback'>;

/** Where others put jobs into lanes as well. */
export const anyLane: KnownLanes = {
  mayHold: () => true,
  enter: () => undefined,
  leave: () => undefined,
  load: () => undefined,
};
