import * as peopleSql from '../sql-people.ts';
import {type LatencyRow, latencyLimitsMs, oldestAfter, tallyOfWindow} from '../sql-tally.ts';
import type {Tally, TallyFilter} from '../store.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {toCursor} from './look.ts';

/** What one step may read: it reads whole rows, and those who write wait for it. */
const windowSize = 20_000;
const hourMs = 3_600_000;

/** One step backwards through what was accepted since then. */
export function* tally(_db: Db, {since, before}: TallyFilter): Work<{tallies: Tally[]; next: string | undefined}> {
  const last = (yield* row<{seq: number}>(peopleSql.lastSeq))?.seq ?? 0;
  const end = before === undefined ? last + 1 : toCursor(before);
  const after = Math.max(0, end - windowSize - 1);
  const found = yield* rows<LatencyRow>(tallyOfWindow, end, after, since);
  const oldest = yield* row<{accepted_at: number}>(oldestAfter, after);
  const isOver = after === 0 || oldest === undefined || oldest.accepted_at < since;
  return {tallies: toTallies(found), next: isOver ? undefined : String(after + 1)};
}

/** Rows differ by latency too: those of one kind become one, with their latencies beside. */
function toTallies(found: readonly LatencyRow[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const {hour, platform, channel, direction, state, reason, latency, messages, segments, silent} of found) {
    const key = JSON.stringify([hour, platform, channel, direction, state, reason]);
    const empty = {messages: 0, segments: 0, withoutReceipt: 0, latencies: latencyLimitsMs.map(() => 0)};
    const names = {hourAt: hour * hourMs, platform, channel, direction, state, ...(reason !== null && {reason})};
    const tally = tallies.get(key) ?? {...names, ...empty};
    tally.messages += messages;
    tally.segments += segments;
    tally.withoutReceipt += silent;
    if (latency !== null) tally.latencies[latency] = (tally.latencies[latency] ?? 0) + messages;
    tallies.set(key, tally);
  }
  return [...tallies.values()];
}
