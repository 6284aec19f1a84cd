import * as sql from '../sql.ts';
import {answeredLately, waitingBulkOfLane} from '../sql-consent.ts';
import {parkedByKey, parkedFor} from '../sql-parked.ts';
import {oldestInQueue} from '../sql-people.ts';
import {claimToStart} from '../sql-start.ts';
import {claimToTake} from '../sql-taken.ts';

/**
 * The planner keeps a plan until somebody counts the table again, and where it was all but empty (as the table of jobs is most of the time, and every
 * table of a new store) all ways to a row seem to cost the same: it may walk a whole table for each text, until the next count. So rows are looked
 * up in words that one index alone can serve.
 */

/** Where a row is looked up for each of many: nothing can be merged by this condition, so nobody walks the table in the order of its key. */
export function toLookup(column: string, value: string): string {
  return `${column} = any(array[${value}])`;
}

/** Statements, and what they are here. */
export const lookups: ReadonlyArray<[string, string]> = [
  sql.leasedJob,
  sql.takePosted,
  claimToStart,
  claimToTake,
  sql.promoteLane,
  sql.segmentsByKey,
  sql.segmentsWithoutId,
  sql.segmentsToPhone,
  parkedByKey,
  parkedFor,
  oldestInQueue,
  answeredLately,
  waitingBulkOfLane,
].map(text => [text, toOwnIndex(text)]);

function toOwnIndex(text: string): string {
  return (
    text
      // Not by the index of all that are leased or waiting: the job's id is known.
      .replace(/\bstate = ('leased'|'waiting'(?=\s+returning))/, "state || '' = $1")
      .replace(/\bid = (\(select [^)]*\))/, 'id = any(array$1)')
      // What is joined is looked up.
      .replace(/\b([ems]\.\w+) = ([jms]\.\w+)/g, (_, column, value) => toLookup(column, value))
      // Not in the order of the key: few rows are found, and sorted.
      .replace('order by s.message desc', 'order by s.message + 0 desc')
      .replaceAll('order by id limit 20', 'order by id + 0 limit 20')
      // The last of a phone, in the order of the phones' index.
      .replace(/\bphone = \$1/, 'phone between $1 and $1')
      .replace(/order by (m\.)?seq desc/, 'order by $1phone desc, $1seq desc')
  );
}
