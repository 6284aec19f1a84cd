import {formatDuration} from '../../core/duration.ts';
import {type Html, html} from './html.ts';

/** UTC as it stands; a script shows it in the reader's own time. */
export function toTime(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

export function toHour(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}" data-hour>${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** How long something lasts already: nobody reads tenths of it. */
export function toAge(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))} s` : formatDuration(ms);
}

export function toTimes(count: number): string {
  return count === 1 ? 'Once' : `${toNumber(count)} times`;
}

export function toNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A state as a badge: its word says it, the colour only helps. */
export function toBadge(state: string): Html {
  return html`<span class="badge ${toMood(state)}">${state}</span>`;
}

function toMood(state: string): string {
  if (['delivered', 'posted', 'handled', 'handled', 'usable', 'ok'].includes(state)) return 'good';
  if (['failed', 'expired', 'refused', 'critical', 'not usable'].includes(state)) return 'bad';
  if (['unknown', 'warning', 'paused', 'parked', 'draining', 'begun'].includes(state)) return 'odd';
  return 'calm';
}

const eventWords: Readonly<Record<string, string>> = {
  accepted: 'Stored, and its sender answered',
  started: 'Submitted to the carrier',
  send_taken: 'Taken by the carrier',
  send_refused: 'Refused by the carrier',
  send_unavailable: 'Not sent: the carrier could not take it',
  send_unknown: 'No answer from the carrier: it may have been sent',
  receipt: 'Receipt from the carrier',
  delivered: 'Delivered',
  failed: 'Failed',
  expired: 'Expired before it was delivered',
  posted: 'Posted to the platform',
  post_refused: 'Refused by the platform',
  post_unavailable: 'Not posted: the platform could not take it',
  post_unknown: 'No answer from the platform: posted again with the same id',
  no_receipt: 'No receipt came',
  conflict: 'A contradicting receipt: the first final state stays',
  late_answer: 'The carrier answered after all',
  late_refusal: 'The carrier refused after all',
  had_not_left: 'The carrier does not have it: the replica that was to send it came back and said so',
  resumed: 'Goes on: what has not left is sent',
  id_reused: 'The platform used this id for another text before',
  stored_before: 'The platform had delivered it again, and that one was read: this one is not sent',
  text_shown: 'Somebody looked at the text',
  held_back: 'Held back: somebody paused this very text',
  purged: 'Purged by a person',
  replayed: 'Replayed: a new cycle begins',
  settled: 'Settled by a person',
};

export function toEventWords(event: string): string {
  return eventWords[event] ?? `${event.charAt(0).toUpperCase()}${event.slice(1).replaceAll('_', ' ')}`;
}
