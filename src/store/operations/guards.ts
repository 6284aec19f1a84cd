import type {Exchanged} from '../../core/guards.ts';
import type {Spending, Spent} from '../guards.ts';
import type {MessageRow} from '../rows.ts';
import {messageById} from '../sql.ts';
import * as sql from '../sql-guards.ts';
import {type Db, row, rows, run, type Work} from '../work.ts';

export function* exchange(_db: Db, messageId: string, limit: number): Work<Exchanged[]> {
  const message = yield* row<MessageRow>(messageById, messageId);
  if (message === undefined) return [];
  const {phone, seq, platform, channel} = message;
  return yield* rows<Exchanged>(sql.exchange, phone, seq, platform, channel, limit);
}

export function* spend(db: Db, {platform, channel, day, segments, cap}: Spending): Work<Spent> {
  yield* run(sql.beginDay, platform, channel, day, db.now);
  const spent = yield* row<{segments: number}>(sql.spend, platform, channel, day, segments, cap, db.now);
  if (spent !== undefined) return {granted: true, total: spent.segments};
  const before = yield* row<{segments: number}>(sql.spentOf, platform, channel, day);
  return {granted: false, total: before?.segments ?? 0};
}
