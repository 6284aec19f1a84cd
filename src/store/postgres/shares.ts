import type {PaceTimes, WantedBlock} from '../replicas.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';

/** What replicas share, as operations. */

const reserve = `
  insert into pace as p (key, free_at) values ($1::text, $2::double precision + $3::double precision)
  on conflict (key) do update set free_at = greatest(p.free_at, $2::double precision) + $3::double precision
  returning free_at`;

export function* paceBlock(db: Db, key: string, wanted: WantedBlock): Work<PaceTimes> {
  const everyMs = (1000 + wanted.longerMs) / wanted.ratePerSecond;
  const spanMs = wanted.count * everyMs;
  const reserved = yield* row<{free_at: number}>(reserve, key, db.now + wanted.leadMs, spanMs);
  if (reserved === undefined) throw new Error(`no pace is kept for ${key}`);
  return {at: reserved.free_at - spanMs, now: db.now, everyMs};
}

/** Who was given up for dead would hold slots under a name nobody inherits from. */
const isAlive = 'select id from replica where id = $1 for key share skip locked';
const slotsOf = 'select slot, holder from slot where account = $1 order by slot for update';
const aliveReplicas = 'select count(*) as count from replica';
const holdSlot = `
  insert into slot (account, slot, holder) values ($1, $2, $3) on conflict (account, slot) do nothing`;
const returnSlot = 'delete from slot where account = $1 and slot = $2 and holder = $3';

export function createLeaseSlots(replica: () => number) {
  function* leaseSlots(_db: Db, account: string, count: number): Work<number[]> {
    const holder = replica();
    if ((yield* row(isAlive, holder)) === undefined) return [];
    const held = yield* rows<{slot: number; holder: number}>(slotsOf, account);
    const alive = (yield* row<{count: number}>(aliveReplicas))?.count ?? 1;
    const fair = Math.ceil(count / Math.max(1, alive));
    const own = held.filter(slot => slot.holder === holder && slot.slot < count).map(({slot}) => slot);
    const taken = new Set(held.map(({slot}) => slot));
    const free = Array.from({length: count}, (_, slot) => slot).filter(slot => !taken.has(slot));
    for (const slot of free.slice(0, Math.max(0, fair - own.length))) {
      if ((yield* runCounted(holdSlot, account, slot, holder)) > 0) own.push(slot);
    }
    return own.slice(0, fair);
  }

  function* returnSlots(_db: Db, account: string, slots: number[]): Work<void> {
    for (const slot of slots) yield* run(returnSlot, account, slot, replica());
  }

  return {leaseSlots, returnSlots};
}
