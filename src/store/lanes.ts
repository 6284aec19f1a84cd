import {createLoneJobs} from './lone-jobs.ts';

/**
 * What is known of lanes without asking the rows. Most lanes hold one job in their life: such a job is known by heart, and its row stands in no index
 * of lanes (it would be a random page to write for each text and another when it ends). Of the others it is known which lanes surely are empty: each
 * counts in one of 4 million buckets, and a bucket without a job has none of any of its lanes.
 */
export interface Lanes {
  /** False: nobody is in it. */
  mayHold(lane: number): boolean;
  /** The job that is alone in it and in no index; undefined: whoever is in it is in the index. */
  loneJob(lane: number): number | undefined;
  enterAlone(lane: number, job: number): void;
  leaveAlone(lane: number): void;
  /** Of jobs in the index, as is `leave`. */
  enter(lane: number): void;
  leave(lane: number): void;
  /** So many jobs that are alone are about to be loaded. */
  reserve(jobs: number): void;
  /** So many jobs of it are in the index when the store is opened. */
  load(lane: number, jobs: number): void;
  loadAlone(lane: number, job: number): void;
  commit(): void;
  rollback(): void;
}

const buckets = 2 ** 22;
/** A bucket that has been as full as this stays so: what left it is not known any more. */
const full = 255;

export function createLanes(): Lanes {
  const counts = new Uint8Array(buckets);
  const lone = createLoneJobs();
  let entered: number[] = [];
  let left: number[] = [];
  /** Lanes whose lone job changed, and the one before (0: none), in their order. */
  let changed: number[] = [];
  let before: number[] = [];

  function add(lane: number, jobs = 1): void {
    counts[lane % buckets] = Math.min(full, (counts[lane % buckets] ?? 0) + jobs);
  }

  function subtract(lane: number): void {
    const count = counts[lane % buckets] ?? 0;
    if (count > 0 && count < full) counts[lane % buckets] = count - 1;
  }

  function setLone(lane: number, job: number): void {
    changed.push(lane);
    before.push(lone.get(lane));
    lone.set(lane, job);
  }

  function clear(): void {
    entered = [];
    left = [];
    changed = [];
    before = [];
  }

  return {
    mayHold: lane => counts[lane % buckets] !== 0 || lone.get(lane) !== 0,
    loneJob: lane => lone.get(lane) || undefined,
    enterAlone: setLone,
    leaveAlone: lane => setLone(lane, 0),
    enter: lane => {
      add(lane);
      entered.push(lane);
    },
    leave: lane => {
      subtract(lane);
      left.push(lane);
    },
    reserve: lone.reserve,
    load: add,
    loadAlone: lone.set,
    commit: clear,
    rollback: () => {
      for (const lane of left) add(lane);
      for (const lane of entered) subtract(lane);
      for (const [index, lane] of [...changed.entries()].reverse()) lone.set(lane, before[index] ?? 0);
      clear();
    },
  };
}

/** What operations know of them; when a transaction ends is the ledger's to tell. */
export type KnownLanes = Omit<Lanes, 'commit' | 'rollback'>;

/** Where others put jobs into lanes as well: nobody is known to be alone. */
export const anyLane: KnownLanes = {
  mayHold: () => true,
  loneJob: () => undefined,
  enterAlone: () => undefined,
  leaveAlone: () => undefined,
  enter: () => undefined,
  leave: () => undefined,
  reserve: () => undefined,
  load: () => undefined,
  loadAlone: () => undefined,
};
