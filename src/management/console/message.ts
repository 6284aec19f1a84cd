import {Refusal} from '../../core/refusal.ts';
import type {MessageRecord} from '../../store/store.ts';
import type {ManagementParts, SettleAs} from '../parts.ts';
import type {Answer, Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import type {Session} from './session.ts';
import {toTimeline} from './timeline.ts';
import {toBadge, toTime} from './words.ts';

const refreshSeconds = 3;
const settlements: readonly (readonly [SettleAs, string])[] = [
  ['sent', 'It was sent'],
  ['retry', 'Send it again'],
  ['failed', 'It failed'],
];

/** One message: its journey, its text when somebody asks for it, and what a person may decide. */
export function createMessagePages({store, operations, log}: ManagementParts) {
  async function show(visit: Visit): Promise<Page> {
    const record = await read(visit, false);
    return {title: 'Message', body: toBody(record, visit), refreshSeconds};
  }

  async function showText(visit: Visit): Promise<Page> {
    const messageId = idOf(visit);
    const {name, by} = visit.session;
    const audit = {by, action: 'text_shown', target: {messageId}} as const;
    // The asking is on disk before the text leaves.
    if (!(await store.note(messageId, 'text_shown', {by: name}, audit))) throw notFound(messageId);
    log.info('message.text_shown', {messageId, by: name});
    return {title: 'Message', body: toBody(await read(visit, true), visit)};
  }

  async function read(visit: Visit, withText: boolean): Promise<MessageRecord> {
    const record = await store.get(idOf(visit), withText);
    if (record === undefined) throw notFound(idOf(visit));
    return withText ? {text: '', ...record} : {...record, text: undefined};
  }

  async function replay(visit: Visit): Promise<Answer> {
    const result = await operations.replay(idOf(visit), visit.session.by);
    return after(visit, result);
  }

  async function settle(visit: Visit): Promise<Answer> {
    const as = settlements.find(([value]) => value === visit.form.get('as'))?.[0];
    if (as === undefined) throw new Refusal(400, 'invalid_form', 'Choose what became of the text: go back and choose.');
    return after(visit, await operations.settle(idOf(visit), as, visit.session.by));
  }

  return {show, showText, replay, settle};
}

function idOf({params}: Visit): string {
  return params.messageId ?? '';
}

function after(visit: Visit, result: keyof typeof results | 'not_found'): Answer {
  if (result === 'not_found') throw notFound(idOf(visit));
  return {to: `/console/messages/${encodeURIComponent(idOf(visit))}?done=${result}`};
}

const results = {
  replayed: 'A new cycle has begun.',
  settled: 'Settled.',
  not_ended: 'It has not ended badly, or its text is dropped: there is nothing to replay.',
  unknown: 'Whether it was sent is not known: settle it.',
  unroutable: 'No channel has the number it was sent to, or its channel is gone: add the channel, then replay again.',
  unreadable: 'Its webhook still can’t be read: correct the platform’s contract settings, then replay again.',
  no_carrier:
    'Its channel does not have its carrier any more, and no other may send it again: put the carrier back, or settle it as sent or failed.',
  not_unknown: 'It is not unknown any more, or its text is dropped and can’t be sent again.',
} as const;

function notFound(messageId: string): Refusal {
  const message = `There is no message ${messageId.slice(0, 64)}: it was dropped after the retention, or the id is another's.`;
  return new Refusal(404, 'no_such_message', message);
}

function toBody(record: MessageRecord, {session, query}: Visit): Html {
  const {from, to, state, direction, reason} = record;
  const result = Object.entries(results).find(([name]) => name === query.get('done'))?.[1];
  const phone = direction === 'outbound' ? to : from;
  return html`${result !== undefined && html`<p class="notice" role="status">${result}</p>`}
<section data-live id="head"><p class="route"><strong>${from || '–'}</strong> → <strong>${to || '–'}</strong> ${toBadge(state)}</p>
${reason !== undefined && html`<p><strong>${reason.code}</strong> ${reason.message}</p>`}
${toFacts(record)}</section>
<section id="text" aria-labelledby="text-title"><h2 id="text-title">Text</h2>${toTextPart(record, session)}</section>
<div data-live id="decide">${session.role === 'operator' && toDecisions(record, session)}</div>
<section data-live id="journey" aria-labelledby="journey-title"><h2 id="journey-title">Journey</h2>${toTimeline(record)}</section>
<p><a href="/console/search?q=${encodeURIComponent(phone)}">All messages with ${phone || 'this phone'}</a></p>`;
}

function toFacts(record: MessageRecord): Html {
  const {messageId, platform, channel, direction, carrier, priority, acceptedAt, traceId, segments} = record;
  const ids = segments.map(({carrierMessageId}) => carrierMessageId ?? '–').join(', ');
  const facts: readonly (readonly [string, Html | string])[] = [
    ['Message id', messageId],
    ['Accepted', toTime(acceptedAt)],
    ['Direction', direction],
    ['Channel', `${platform} ${channel}`],
    ['Carrier', carrier],
    ['Class', direction === 'outbound' ? priority : ''],
    ['Segments', segments.length === 0 ? '' : String(segments.length)],
    ["Carrier's ids", ids],
    ['Trace id', traceId],
  ];
  return html`<dl class="facts">${facts.map(
    ([name, value]) => value !== '' && html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

function toTextPart({messageId, text, media = []}: MessageRecord, {formKey}: Session): Html {
  if (text !== undefined) {
    return html`<blockquote class="text">${text === '' ? '(no text)' : text}</blockquote>
<ul>${media.map(({url, contentType}) => html`<li>${contentType ?? 'file'}: <code>${url}</code></li>`)}</ul>`;
  }
  return html`<form method="post" action="/console/messages/${encodeURIComponent(messageId)}/text" class="buttons"><input type="hidden" name="formKey" value="${formKey}">
<button>Show the text</button> <span class="quiet">Your name goes into the message's history.</span></form>`;
}

function toDecisions({messageId, state}: MessageRecord, {formKey}: Session): Html | undefined {
  const action = `/console/messages/${encodeURIComponent(messageId)}`;
  const key = html`<input type="hidden" name="formKey" value="${formKey}">`;
  if (state === 'failed' || state === 'expired') {
    return html`<section aria-label="Decide"><form method="post" action="${action}/replay" class="buttons">${key}<button class="main">Replay</button>
<span class="quiet">Sends or posts it again, in a new cycle with a receipt of its own.</span></form></section>`;
  }
  if (state !== 'unknown') return undefined;
  return html`<section aria-label="Decide"><form method="post" action="${action}/settle" class="buttons">${key}
<span>It may have been sent. What became of it?</span> ${settlements.map(
    ([as, words]) => html`<button name="as" value="${as}">${words}</button> `,
  )}</form></section>`;
}
