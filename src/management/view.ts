import type {MessageRecord} from '../store/store.ts';

/** A message as the API tells it. Text and media only when they were asked for; times are Unix ms. */
export function toView(record: MessageRecord, withText: boolean): Record<string, unknown> {
  const {messageId, channel, platform, direction, from, to, state, carrier, priority, acceptedAt, traceId} = record;
  return {
    messageId,
    channel,
    platform,
    direction,
    from,
    to,
    state,
    carrier,
    priority,
    acceptedAt,
    traceId,
    ...(record.reason !== undefined && {reason: record.reason}),
    segments: record.segments.map(({index, carrierMessageId, state}) => ({index, carrierMessageId, state})),
    events: record.events.map(({at, event, detail}) => ({at, event, detail})),
    ...(withText && {text: record.text ?? null, media: record.media ?? []}),
  };
}
