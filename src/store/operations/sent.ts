import {toIdCandidates} from '../../core/carrier-id.ts';
import type {SentRecord} from '../delivery.ts';
import type {MessageRow, OutboundBody, SegmentRow} from '../rows.ts';
import * as sql from '../sql.ts';
import {type Db, row, rows, type Work} from '../work.ts';
import {bodyOf} from './payload.ts';
import {toHeaders} from './to-claim.ts';

/** What was sent of a text, for a carrier to look it up. Undefined once the text itself is forgotten. */
export function* sent(db: Db, messageId: string): Work<SentRecord | undefined> {
  const message = yield* row<MessageRow>(sql.messageById, messageId);
  if (message === undefined || message.direction !== 'outbound') return undefined;
  const stored = yield* bodyOf(db, message);
  if (stored === undefined) return undefined;
  const body: OutboundBody = JSON.parse(stored);
  const {platform, channel, carrier, address: from, phone: to, trace: traceId} = message;
  const segments = yield* rows<SegmentRow>(sql.segmentsOf, message.seq, message.cycle);
  return {
    outbound: {messageId, platform, channel, from, to, traceId, ...toHeaders(message), ...body},
    carrier,
    segments: segments.map(({idx: index, state, attempt, started_at: startedAt, carrier_message_id: id}) => ({
      index,
      state,
      attempt,
      startedAt,
      carrierMessageId: id ?? undefined,
    })),
  };
}

/** Whether a segment of ours has this id of the carrier's, in any notation. */
export function* isClaimed(_: Db, carrier: string, carrierMessageId: string): Work<boolean> {
  for (const {key, weak} of toIdCandidates(carrierMessageId)) {
    if (!weak && (yield* row(sql.segmentsByKey, key, carrier)) !== undefined) return true;
  }
  return false;
}
