import * as sql from '../sql.ts';
import {outboundFacts, outboundFactsByName} from '../sql-facts.ts';
import {spend} from '../sql-guards.ts';
import {rememberParts} from '../sql-parts.ts';
import * as peopleSql from '../sql-people.ts';
import {claimDue, claimExpired} from './claim-sql.ts';

/** By the index that finds one row, whatever statistics say (see `batch.ts`): the others can't serve these conditions and orders. */
const lookups: ReadonlyArray<[string, string]> = [
  [sql.leasedJob, toOwnIndex(sql.leasedJob)],
  [sql.takePosted, toOwnIndex(sql.takePosted)],
  [sql.claimToStart, toOwnIndex(sql.claimToStart)],
  [sql.promoteLane, toOwnIndex(sql.promoteLane)],
  [sql.segmentsByKey, toOwnIndex(sql.segmentsByKey)],
  [sql.segmentsWithoutId, toOwnIndex(sql.segmentsWithoutId)],
  [sql.segmentsToPhone, toOwnIndex(sql.segmentsToPhone)],
  [sql.parkedByKey, toOwnIndex(sql.parkedByKey)],
  [sql.parkedFor, toOwnIndex(sql.parkedFor)],
];

function toOwnIndex(text: string): string {
  return text
    .replace(/\bstate = ('leased'|'waiting')/, "state || '' = $1")
    .replace(/\bid = (\(select [^)]*\))/, 'id = any(array$1)')
    .replace(/\b([ms]\.\w+) = ([jms]\.\w+)/g, '$1 = any(array[$2])')
    .replace('order by s.message desc', 'order by s.message + 0 desc')
    .replace('m.phone = $1', 'm.phone between $1 and $1')
    .replace('order by m.seq desc', 'order by m.phone desc, m.seq desc')
    .replaceAll('order by id limit 20', 'order by id + 0 limit 20');
}

/** Statements that read something other than what they say to SQLite, where nobody else writes meanwhile. */
export const forms: ReadonlyMap<string, string> = new Map([
  [outboundFacts, outboundFactsByName],
  [
    sql.insertEvent,
    `insert into event (message, n, at, event, detail)
      values ($1, coalesce($2, (select coalesce(max(n), 0) + 1 from event where message = $1)), $3, $4, $5)`,
  ],
  // A claim takes no lock on a phone: who is about to change a job has to have its row first.
  [sql.laneHead, `${sql.laneHead} for update`],
  ...lookups,
  [sql.jobById, `${sql.jobById} for update`],
  [sql.laneBulk, `${sql.laneBulk} for update`],
  [peopleSql.lastWaiting, `${peopleSql.lastWaiting} for update skip locked`],
  [peopleSql.firstReady, `${peopleSql.firstReady} for update skip locked`],
  // Each watch comes to one replica.
  [sql.dueWatches, `${sql.dueWatches} for update skip locked`],
  [rememberParts, rememberParts.replace('$3, $4', '$3::text, $4::bigint')],
  [
    sql.insertQueue,
    `insert into queue (name) values ($1) on conflict (name) do update set name = excluded.name returning id`,
  ],
]);

/** Run once for each set of values, whatever their form. */
export const single: ReadonlySet<string> = new Set([sql.insertQueue, claimDue, claimExpired, spend]);
