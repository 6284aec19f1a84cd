import {holdMessage} from '../operations/hold.ts';
import {free} from '../operations/recover.ts';
import type {JobRow} from '../rows.ts';
import {leasedJob} from '../sql.ts';
import {type Db, row, rows, run, runCounted, type Work} from '../work.ts';
import {beside} from './beside.ts';

/** What replicas know of each other; a lease is good as long as its holder is seen. */

export interface Seen {
  now: number;
  /** False: the others have given this one up, and its leases are gone. */
  isAlive: boolean;
  /** Replicas that have not been seen for too long. */
  dead: number[];
  /** How many others there are. */
  peers: number;
  /** Outbound jobs of each platform in the counts of others. */
  outbound: Array<{platform: string; count: number}>;
}

const freeAtOnce = 500;

const insertReplica = 'insert into replica (started_at, seen_at) values ($1, $1) returning id';
/** Versions before leased some under names that had been given up. */
const freeSlotsOfNobody = 'delete from slot where holder not in (select id from replica)';
/** Who has been given up in part already stays so, however many steps it takes. */
const setSeen = 'update replica set seen_at = $2 where id = $1 and seen_at > 0';
const setGivenUp = 'update replica set seen_at = 0 where id = $1';
const others = 'select id, seen_at from replica where id <> $1';
/** What is counted under no queue counts for all together. */
const outboundOfOthers = `
  select coalesce(split_part(q.name, '|', 2), '') as platform, sum(c.outbound) as count
  from queue_count c left join queue q on q.id = c.queue where c.replica <> $1 group by 1`;
const unseen = 'select id from replica where id = $1 and seen_at <= $2 for update skip locked';
const leasesOf = `select id, fence from job where holder = $1 and state = 'leased' order by id limit $2`;
const freeSlots = 'delete from slot where holder = $1';
const deleteReplica = 'delete from replica where id = $1';
const inheritCounts = `
  with gone as (delete from queue_count where replica = $1 returning queue, waiting, outbound)
  insert into queue_count (replica, writer, queue, waiting, outbound)
  select 0, 0, queue, sum(waiting), sum(outbound) from gone group by queue
  on conflict (replica, writer, queue) do update
  set waiting = queue_count.waiting + excluded.waiting, outbound = queue_count.outbound + excluded.outbound`;

export function* join(db: Db): Work<number> {
  const joined = yield* row<{id: number}>(insertReplica, db.now);
  if (joined === undefined) throw new Error('the replica was given no number');
  yield* run(freeSlotsOfNobody);
  return joined.id;
}

export function* beat(db: Db, id: number, deadAfterMs: number): Work<Seen> {
  const isAlive = (yield* runCounted(setSeen, id, db.now)) > 0;
  const found = yield* rows<{id: number; seen_at: number}>(others, id);
  const outbound = yield* rows<Seen['outbound'][number]>(outboundOfOthers, id);
  const dead = found.filter(other => other.seen_at <= db.now - deadAfterMs).map(other => other.id);
  return {now: db.now, isAlive, dead, peers: found.length - dead.length, outbound};
}

const lock = 'select pg_advisory_xact_lock($1::bigint) is null as locked';
const lacking = `
  insert into queue_count (replica, writer, queue, waiting, outbound)
  select 0, 0, coalesce(c.queue, j.queue), 0, coalesce(j.jobs, 0) - coalesce(c.outbound, 0) from
    (select queue, sum(outbound) as outbound from queue_count group by queue) c
    full join (select queue, count(*) as jobs from job where kind = 'outbound' group by queue) j on j.queue = c.queue
  where coalesce(j.jobs, 0) <> coalesce(c.outbound, 0)
  on conflict (replica, writer, queue) do update set outbound = queue_count.outbound + excluded.outbound`;

/**
 * Makes the counts of outbound jobs what the jobs are: a version that counted them all together may have been here. Whatever is under way meanwhile
 * changes jobs and counts in one transaction, so that one look at both is right at any time; only two at once would correct twice.
 */
export function createRecount(toLockKey: (key: string) => number) {
  return function* recount(_db: Db): Work<void> {
    yield* row(lock, toLockKey('recount'));
    yield* run(lacking);
  };
}

/** One step of taking over what a dead replica, or one that says good-bye, leaves; true while there is more. */
export function* inherit(db: Db, id: number, unseenForMs: number): Work<boolean> {
  const gone = yield* row(unseen, id, db.now - unseenForMs);
  if (gone === undefined) return false;
  const leases = yield* rows<{id: number; fence: number}>(leasesOf, id, freeAtOnce);
  yield* beside(db, leases, freeLease);
  if (leases.length === freeAtOnce) {
    yield* run(setGivenUp, id);
    return true;
  }
  yield* run(freeSlots, id);
  yield* run(inheritCounts, id);
  yield* run(deleteReplica, id);
  return false;
}

function* freeLease(db: Db, lease: {id: number; fence: number}): Work<void> {
  yield* holdMessage(db, Math.floor(lease.id / 4));
  const job = yield* row<JobRow>(leasedJob, lease.id, lease.fence);
  if (job !== undefined) yield* free(db, job);
}
