import {latencyLimitsMs} from '../core/latency.ts';
import type {Direction, MessageState, ReasonCode} from '../core/message.ts';

export {latencyLimitsMs} from '../core/latency.ts';

export interface LatencyRow {
  /** Whole hours since 1970. */
  hour: number;
  platform: string;
  channel: string;
  direction: Direction;
  state: MessageState;
  reason: ReasonCode | null;
  /** Which of the limits a delivered one kept; null for the others. */
  latency: number | null;
  messages: number;
  segments: number;
  /** Sent, and no receipt is expected any more. */
  silent: number;
}

const latency = latencyLimitsMs
  .slice(0, -1)
  .map((limit, index) => `when state_at - accepted_at <= ${limit} then ${index}`)
  .join(' ');

export const tallyOfWindow = `
  select accepted_at / 3600000 as hour, platform, channel, direction, state, reason_code as reason,
    case when state <> 'delivered' then null ${latency} else ${latencyLimitsMs.length - 1} end as latency,
    cast(count(*) as integer) as messages, cast(sum(coalesce(segments, 0)) as integer) as segments,
    cast(sum(case when state = 'sent' and ended_at is not null then 1 else 0 end) as integer) as silent
  from message where seq < $1 and seq > $2 and accepted_at >= $3
  group by 1, 2, 3, 4, 5, 6, 7`;

export const oldestAfter = `select accepted_at from message where seq > $1 order by seq limit 1`;
