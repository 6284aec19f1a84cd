/**
 * Lanes that hold one job each, and the ids of those jobs: a hash table with linear probing in two flat arrays, 32 to 64 bytes a job while it
 * grows, where a Map would take more and its garbage. A job's id is never 0.
 */
export interface LoneJobs {
  /** 0: nobody is known to be alone in it. */
  get(lane: number): number;
  /** 0: nobody is in it any more. */
  set(lane: number, id: number): void;
  /** So many are about to be set: their places are made at once, and no garbage on the way. */
  reserve(jobs: number): void;
}

const smallest = 1024;

export function createLoneJobs(): LoneJobs {
  let lanes = new Float64Array(smallest);
  let ids = new Float64Array(smallest);
  let count = 0;

  /** Where the lane stands, or would. */
  function find(lane: number): number {
    const mask = ids.length - 1;
    let slot = lane & mask;
    while (ids[slot] !== 0 && lanes[slot] !== lane) slot = (slot + 1) & mask;
    return slot;
  }

  function put(slot: number, lane: number, id: number): void {
    lanes[slot] = lane;
    ids[slot] = id;
  }

  function add(slot: number, lane: number, id: number): void {
    put(slot, lane, id);
    count += 1;
    if (count > ids.length / 2) resize(ids.length * 2);
  }

  /** Who stands behind the hole because its own place was taken moves up, so that every search still ends where it should. */
  function remove(slot: number): void {
    const mask = ids.length - 1;
    let hole = slot;
    for (let next = (hole + 1) & mask; ids[next] !== 0; next = (next + 1) & mask) {
      const lane = lanes[next] ?? 0;
      if (((next - lane) & mask) < ((next - hole) & mask)) continue;
      put(hole, lane, ids[next] ?? 0);
      hole = next;
    }
    ids[hole] = 0;
    count -= 1;
    if (count < ids.length / 8 && ids.length > smallest) resize(ids.length / 2);
  }

  function resize(length: number): void {
    const [oldLanes, oldIds] = [lanes, ids];
    lanes = new Float64Array(length);
    ids = new Float64Array(length);
    for (let index = 0; index < oldIds.length; index += 1) {
      const id = oldIds[index] ?? 0;
      if (id === 0) continue;
      const lane = oldLanes[index] ?? 0;
      put(find(lane), lane, id);
    }
  }

  return {
    reserve(jobs) {
      const wanted = 2 ** Math.ceil(Math.log2(2 * Math.max(1, count + jobs)));
      if (wanted > ids.length) resize(wanted);
    },
    get: lane => ids[find(lane)] ?? 0,
    set(lane, id) {
      const slot = find(lane);
      const isThere = ids[slot] !== 0;
      if (id === 0 && isThere) remove(slot);
      else if (id !== 0 && isThere) put(slot, lane, id);
      else if (id !== 0) add(slot, lane, id);
    },
  };
}
