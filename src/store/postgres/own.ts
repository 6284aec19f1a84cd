import {addDone, audit} from '../operations/audit.ts';
import {setOne} from '../operations/consent.ts';
import {holdPhone} from '../operations/hold.ts';
import {prune} from '../operations/prune.ts';
import {endWaiting} from '../operations/stop.ts';
import {findTexts} from '../operations/sweep.ts';
import {oldestInQueue, soonMs} from '../sql-people.ts';
import type {NewAudit, NewConsent, Purge, QueueDepth, Retention, TextsStep} from '../store.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';
import {beside} from './beside.ts';

/** Operations this engine carries out in a way of its own. */

/** From the back, so that no purge promotes what it is about to end. */
const toPurge = `
  select j.id from json_array_elements_text($1::json) with ordinality as a (name, place) join queue q on q.name = a.name
  cross join lateral (
    select id, state from job where queue = q.id and state = 'waiting' order by id desc limit $2::bigint) as j
  limit $2::bigint`;

const toPurgeReady = toPurge.replace(
  `state = 'waiting' order by id desc`,
  `state = 'ready' order by due_at desc, id desc`,
);

export function* purge(db: Db, {queues, reason, limit, audit}: Purge): Work<number> {
  const names = JSON.stringify(queues);
  const waiting = yield* rows<{id: number}>(toPurge, names, limit);
  const ready = yield* rows<{id: number}>(toPurgeReady, names, limit - waiting.length);
  const ended = yield* beside(db, [...waiting, ...ready], (own, {id}) => endWaiting(own, id, reason));
  const purged = ended.filter(Boolean).length;
  yield* addDone(audit, purged);
  return purged;
}

export function* purgeTexts(
  db: Db,
  {reason, audit, ...step}: Purge & TextsStep,
): Work<{purged: number; next: string | undefined}> {
  const {jobs, next} = yield* findTexts(db, step);
  const waiting = jobs.filter(({state}) => state !== 'leased');
  const ended = yield* beside(db, waiting, (own, {id}) => endWaiting(own, id, reason));
  const purged = ended.filter(Boolean).length;
  yield* addDone(audit, purged);
  return {purged, next};
}

/** A phone may say otherwise to another replica meanwhile: its last word is read once it is held. */
export function* setConsent(db: Db, entries: NewConsent[], entry?: NewAudit): Work<number> {
  const set = yield* beside(db, entries, function* (own, one) {
    yield* holdPhone(own, one.phone);
    return yield* setOne(own, one);
  });
  const changed = set.filter(Boolean).length;
  if (entry !== undefined) yield* audit(db, {...entry, done: changed});
  return changed;
}

const counted = `
  select q.id, q.name, sum(c.waiting) as waiting from queue_count c join queue q on q.id = c.queue
  group by q.id, q.name having sum(c.waiting) > 0 order by q.id`;

export function* depths(db: Db): Work<QueueDepth[]> {
  const found = yield* rows<{id: number; name: string; waiting: number}>(counted);
  return yield* beside(db, found, toDepth);
}

function* toDepth(db: Db, {id, name, waiting}: {id: number; name: string; waiting: number}): Work<QueueDepth> {
  const oldest = yield* row<{at: number | null}>(oldestInQueue, id, db.now + soonMs);
  return {queue: name, waiting, oldestAt: oldest?.at ?? db.now};
}

const tryLock = 'select pg_try_advisory_xact_lock($1::bigint) as got';

/** One replica at a time forgets; the others have nothing to do meanwhile. */
export function createPrune(toLockKey: (key: string) => number) {
  return function* (db: Db, rules: Retention): Work<boolean> {
    const locked = yield* row<{got: boolean}>(tryLock, toLockKey('prune'));
    return locked?.got === true && (yield* prune(db, rules, beside));
  };
}

export function* probe(db: Db): Work<void> {
  const statement = `insert into meta (key, value) values ('probed_at', $1) on conflict (key) do update set value = excluded.value`;
  yield* run(statement, db.now);
}
