import {formatDuration} from '../core/duration.ts';
import {toPrintable} from '../core/printable.ts';
import type {MessageAnswer} from './answers.ts';
import {toTable, toTime} from './print.ts';

/** One message for people: what it is, its journey with the time each step took, its segments. */
export function toTimeline(message: MessageAnswer): string {
  const {messageId, direction, state, from, to, carrier, channel, platform, priority, reason, text} = message;
  const facts = [
    ['message', messageId],
    ['state', `${direction} ${state}`],
    ['from', from],
    ['to', to],
    ['channel', `${channel} of ${platform}, ${priority}`],
    ['carrier', carrier || 'none yet'],
    ...(reason === undefined ? [] : [['reason', `${reason.code}: ${reason.message}`]]),
    ...(typeof text === 'string' ? [['text', text]] : []),
  ];
  const parts = [toTable(facts), toSteps(message.events), toSegments(message.segments)];
  return parts.filter(part => part !== '').join('\n');
}

function toSteps(events: MessageAnswer['events']): string {
  return toTable(
    events.map(({at, event, detail}, index) => {
      const before = events[index - 1];
      const since = before === undefined ? '' : `+${formatDuration(Math.max(0, at - before.at))}`;
      return [toTime(at), since, event, toWords(detail)];
    }),
  );
}

function toSegments(segments: MessageAnswer['segments']): string {
  return toTable(
    segments.map(({index, state, carrierMessageId}) => [
      `segment ${index + 1}`,
      state,
      carrierMessageId === null ? '' : `carrier id ${carrierMessageId}`,
    ]),
  );
}

function toWords(detail: Record<string, unknown> | undefined): string {
  return Object.entries(detail ?? {})
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : toPrintable(String(value))}`)
    .join(', ');
}
