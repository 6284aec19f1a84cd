import * as sql from '../sql.ts';
import {outboundFacts, outboundFactsByName} from '../sql-facts.ts';
import {spend} from '../sql-guards.ts';
import * as peopleSql from '../sql-people.ts';
import {claimDue, claimExpired} from './claim-sql.ts';
import {lookups} from './lookups.ts';

/** Statements that read something other than what they say to SQLite, where nobody else writes meanwhile. */
export const forms: ReadonlyMap<string, string> = new Map([
  [outboundFacts, outboundFactsByName],
  [
    sql.insertEvent,
    `insert into event (message, n, at, event, detail)
      values ($1, coalesce($2, (select coalesce(max(n), 0) + 1 from event where message = $1)), $3, $4, $5)`,
  ],
  [
    sql.insertLeasedJob,
    `insert into job (id, message, kind, queue, lane, lone, state, due_at, priority, queued_at, expires_at, receipt, attempts, fence, holder)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
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
  [
    sql.insertQueue,
    `insert into queue (name) values ($1) on conflict (name) do update set name = excluded.name returning id`,
  ],
]);

/** Run once for each set of values, whatever their form. */
export const single: ReadonlySet<string> = new Set([sql.insertQueue, claimDue, claimExpired, spend]);
