import type {MessageFilter, MessageRecord} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import type {Answer, Visit} from './door.ts';
import {type Html, html} from './html.ts';
import {type Reading, readTerms, states, type Terms} from './terms.ts';
import {toBadge, toTime} from './words.ts';

const pageSize = 50;
const longestQuery = 200;

/** One box; a message's own id leads straight to it. */
export function createSearch(parts: ManagementParts) {
  const {store} = parts;

  return async ({query}: Visit): Promise<Answer> => {
    const text = (query.get('q') ?? '').trim().slice(0, longestQuery);
    if (/^[\w-]{16,64}$/.test(text) && (await store.get(text, false)) !== undefined) {
      return {to: `/console/messages/${encodeURIComponent(text)}`};
    }
    const names = {channels: parts.channels, carriers: parts.carriers().map(({name}) => name)};
    const times = readTimes(query);
    const state = states.find(known => known === query.get('state'));
    const chosen: Terms = {...times, ...(state !== undefined && {state})};
    const page = {limit: pageSize, before: query.get('before') ?? undefined};
    const {readings, messages, next} = await look(store, readTerms(text, names), {...chosen, ...page});
    const said = readings
      .map(({terms, understood}) =>
        [...understood, ...(state === undefined || terms.state !== undefined ? [] : [`state ${state}`])].join(', '),
      )
      .filter(words => words !== '');
    const body = html`${toForm(query, text)}
<p class="quiet" role="status">${said.length === 0 ? 'The newest messages.' : `Understood as: ${said.join('; or ')}.`} ${messages.length === 0 && 'Nothing found.'}</p>
${messages.length > 0 && toMessageTable(messages)}
${next !== undefined && html`<p><a class="button" href="/console/search?${withBefore(query, next)}">Older ones</a></p>`}`;
    return {title: 'Search', body};
  };
}

/** By one reading after the other, until something fits; those that were tried are told when nothing does. */
async function look(store: ManagementParts['store'], readings: readonly Reading[], chosen: MessageFilter) {
  for (const reading of readings) {
    const found = await store.find({...reading.terms, ...chosen});
    if (found.messages.length > 0) return {readings: [reading], ...found};
  }
  return {readings, messages: [], next: undefined};
}

function toForm(query: URLSearchParams, text: string): Html {
  const chosen = query.get('state') ?? '';
  return html`<form class="card" method="get" action="/console/search" role="search">
<p class="box"><label for="q">Phone, channel, carrier, state, message id or the carrier's id</label>
<span><input id="q" name="q" type="search" value="${text}" maxlength="${longestQuery}" autocomplete="off"> <button class="main">Search</button></span></p>
<details${(query.get('since') ?? '') + (query.get('until') ?? '') + chosen !== '' && html` open`}><summary>State and time</summary><div class="fields">
<p><label for="state">State</label><select id="state" name="state"><option value="">any</option>${states.map(
    state => html`<option value="${state}"${state === chosen && html` selected`}>${state}</option>`,
  )}</select></p>
<p><label for="since">Accepted from (UTC)</label><input id="since" name="since" type="datetime-local" value="${query.get('since') ?? ''}"></p>
<p><label for="until">Accepted before (UTC)</label><input id="until" name="until" type="datetime-local" value="${query.get('until') ?? ''}"></p>
</div></details></form>`;
}

function readTimes(query: URLSearchParams): Pick<Terms, 'since' | 'until'> {
  const read = (name: string) => {
    const at = Date.parse(`${query.get(name) ?? ''}Z`);
    return Number.isNaN(at) ? undefined : at;
  };
  const since = read('since');
  const until = read('until');
  return {...(since !== undefined && {since}), ...(until !== undefined && {until})};
}

function withBefore(query: URLSearchParams, before: string): string {
  const next = new URLSearchParams(query);
  next.set('before', before);
  return next.toString();
}

/** Messages as rows; the time leads to each. */
export function toMessageTable(messages: readonly MessageRecord[]): Html {
  return html`<div class="wide" role="region" tabindex="0" aria-label="Messages"><table class="messages">
<thead><tr><th scope="col">Accepted</th><th scope="col">State</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Carrier</th><th scope="col">Reason</th></tr></thead>
<tbody>${messages.map(
    ({
      messageId,
      acceptedAt,
      state,
      from,
      to,
      carrier,
      direction,
      reason,
    }) => html`<tr><th scope="row"><a href="/console/messages/${encodeURIComponent(messageId)}">${toTime(acceptedAt)}</a></th>
<td>${toBadge(state)} <span class="quiet">${direction}</span></td><td>${from}</td><td>${to}</td><td>${carrier}</td><td>${reason?.code}</td></tr>`,
  )}</tbody></table></div>`;
}
