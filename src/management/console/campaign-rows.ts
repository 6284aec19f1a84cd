import {latencyLimitsMs, toPercentileMs} from '../../core/latency.ts';
import type {Tally} from '../../store/store.ts';

/** What became of the texts one channel was given in one hour. */
export interface CampaignRow {
  hourAt: number;
  platform: string;
  channel: string;
  accepted: number;
  segments: number;
  delivered: number;
  /** Failed and expired, by reason. */
  failed: ReadonlyMap<string, number>;
  /** Sent, and no receipt came in its time. */
  withoutReceipt: number;
  unknown: number;
  /** Not at their end yet. */
  underWay: number;
  medianMs: number | undefined;
  p95Ms: number | undefined;
}

/** One row for each hour and channel, the newest hour first; pure. */
export function toCampaignRows(tallies: readonly Tally[]): CampaignRow[] {
  const outbound = tallies.filter(({direction}) => direction === 'outbound');
  const groups = Map.groupBy(outbound, ({hourAt, platform, channel}) => JSON.stringify([hourAt, platform, channel]));
  return [...groups.values()]
    .map(toRow)
    .sort(
      (one, other) => other.hourAt - one.hourAt || other.accepted - one.accepted || compare(one.channel, other.channel),
    );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : 1;
}

function toRow(group: readonly Tally[]): CampaignRow {
  const {hourAt = 0, platform = '', channel = ''} = group[0] ?? {};
  const count = (fits: (tally: Tally) => boolean) => group.filter(fits).reduce((sum, {messages}) => sum + messages, 0);
  const withoutReceipt = group.reduce((sum, tally) => sum + tally.withoutReceipt, 0);
  const latencies = latencyLimitsMs.map((_, index) =>
    group.reduce((sum, tally) => sum + (tally.latencies[index] ?? 0), 0),
  );
  return {
    hourAt,
    platform,
    channel,
    accepted: count(() => true),
    segments: group.reduce((sum, {segments}) => sum + segments, 0),
    delivered: count(({state}) => state === 'delivered'),
    failed: toReasons(group),
    withoutReceipt,
    unknown: count(({state}) => state === 'unknown'),
    underWay: count(({state}) => ['accepted', 'sending', 'sent'].includes(state)) - withoutReceipt,
    medianMs: toPercentileMs(latencies, 0.5),
    p95Ms: toPercentileMs(latencies, 0.95),
  };
}

function toReasons(group: readonly Tally[]): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const {state, reason = state, messages} of group) {
    if (state === 'failed' || state === 'expired') reasons.set(reason, (reasons.get(reason) ?? 0) + messages);
  }
  return reasons;
}

/** For a spreadsheet: times in ISO 8601, durations in seconds. */
export function toCsv(rows: readonly CampaignRow[]): string {
  const head =
    'hour,platform,channel,accepted,segments,delivered,failed,failed_by_reason,no_receipt,unknown,under_way,median_s,p95_s';
  const lines = rows.map(row =>
    [
      new Date(row.hourAt).toISOString(),
      row.platform,
      row.channel,
      row.accepted,
      row.segments,
      row.delivered,
      sum(row.failed),
      [...row.failed].map(([reason, count]) => `${reason} ${count}`).join('; '),
      row.withoutReceipt,
      row.unknown,
      row.underWay,
      toSeconds(row.medianMs),
      toSeconds(row.p95Ms),
    ]
      .map(toField)
      .join(','),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}

export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function toSeconds(ms: number | undefined): string {
  return ms === undefined ? '' : (ms / 1000).toFixed(1);
}

/** A spreadsheet would calculate what begins like a formula: it is made a word. */
function toField(value: string | number): string {
  const text = typeof value === 'string' && /^[=+@\t\r-]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
