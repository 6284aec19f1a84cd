import {toHash} from '../keys.ts';
import {isRestored, setAside} from '../operations/set-aside.ts';
import {meta, setMeta} from '../sql-prune.ts';
import {type Db, row, run, type Work} from '../work.ts';
import {beside} from './beside.ts';

/** How a replica that starts finds out that the database was put back to an earlier time. */

/** In place of a doubt: an operator said so while replicas live. */
export const others = 'others live';
const livingMs = 10_000;

/** Longer than that no replica is away while others run, and no outage passes unnoticed. */
const silentMs = 3_600_000;

const lock = `select pg_advisory_xact_lock($1::bigint) is null as locked`;
const lastSeen = `select max(seen_at) as at from replica`;
/** Another server, or tables made anew: what a dump was read into. */
const whichTables = `
  select system_identifier::text as server, 'message'::regclass::oid::text as tables from pg_control_system()`;

/**
 * Why this can't be the database the replicas used last; undefined: it is, or nobody can tell. A dump is known by its tables, a copy of files or
 * disks by replicas that never said good-bye and have not been seen for long.
 */
export function createDoubt(toLockKey: (key: string) => number) {
  return function* doubtStore(db: Db, isSaid: boolean): Work<string | undefined> {
    yield* row(lock, toLockKey('restored'));
    if (isSaid && (yield* seenAt()) > db.now - livingMs) return others;
    const doubt = isSaid ? 'an operator said so' : yield* findDoubt(db);
    if (doubt !== undefined) yield* run(setMeta, 'restored', 1);
    else if (yield* isRestored()) return 'setting aside was cut short, or another replica is at it';
    return doubt;
  };
}

export function setSomeAside(db: Db): Work<number> {
  return setAside(db, beside);
}

function* findDoubt(db: Db): Work<string | undefined> {
  const known = (yield* row<{value: number}>(meta, 'identity'))?.value;
  const tables = yield* row<{server: string; tables: string}>(whichTables);
  const identity = toHash(tables?.server ?? '', tables?.tables ?? '');
  yield* run(setMeta, 'identity', identity);
  if (known !== undefined && known !== identity) return 'its tables were made anew since a replica was here';
  const isSilent = (yield* seenAt(db.now)) <= db.now - silentMs;
  return isSilent ? 'no replica was seen here for more than an hour, and none said good-bye' : undefined;
}

/** When any replica was seen last; `none` when there is none. */
function* seenAt(none = Number.NEGATIVE_INFINITY): Work<number> {
  return (yield* row<{at: number | null}>(lastSeen))?.at ?? none;
}
