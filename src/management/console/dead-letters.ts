import type {DeadLetter} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import {readFilter, toFilterForm, toHidden} from './dead-letter-filter.ts';
import type {Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import type {Session} from './session.ts';
import {toTime} from './words.ts';

const pageSize = 50;

/** What ended badly and waits for a person: look into one, replay some or all. */
export function createDeadLetters({store}: Pick<ManagementParts, 'store'>) {
  return (visit: Visit): Promise<Page> => show(store, visit);
}

async function show(store: ManagementParts['store'], {query, session}: Visit): Promise<Page> {
  const before = query.get('before') ?? undefined;
  const {deadLetters, next} = await store.deadLetters({...readFilter(query), limit: pageSize, before});
  const body = html`${toFilterForm(query)}
${deadLetters.length === 0 ? html`<p class="notice good">None.</p>` : toList(deadLetters, query, session)}
${next !== undefined && html`<p><a class="button" href="/console/dead-letters?${withBefore(query, next)}">Older ones</a></p>`}`;
  return {title: 'Dead letters', body};
}

function toList(letters: readonly DeadLetter[], query: URLSearchParams, {role, formKey}: Session): Html {
  const mayAct = role === 'operator';
  const table = html`<div class="wide" role="region" tabindex="0" aria-label="Dead letters"><table>
<thead><tr>${mayAct && html`<th scope="col"><span class="hidden">Chosen</span></th>`}<th scope="col">Since</th><th scope="col">Reason</th><th scope="col">Channel</th><th scope="col">In words</th></tr></thead>
<tbody>${letters.map(letter => toRow(letter, mayAct))}</tbody></table></div>`;
  if (!mayAct) return html`${table}<p class="quiet">Replaying needs a token of role operator.</p>`;
  return html`<form method="post" action="/console/dead-letters/replay"><input type="hidden" name="formKey" value="${formKey}">
${toHidden(query)}${table}
<p class="buttons"><button class="main" name="which" value="chosen">Replay the chosen</button>
<button name="which" value="all">Replay all${Object.keys(readFilter(query)).length > 0 && ' that fit'}</button>
<span class="quiet" data-choose></span></p></form>`;
}

function toRow({messageId, at, reason, platform, channel, detail}: DeadLetter, mayAct: boolean): Html {
  return html`<tr>${
    mayAct && html`<td><input type="checkbox" name="id" value="${messageId}" aria-label="Choose ${messageId}"></td>`
  }<th scope="row"><a href="/console/messages/${encodeURIComponent(messageId)}">${toTime(at)}</a></th>
<td>${reason}</td><td>${platform} ${channel}</td><td class="words">${detail}</td></tr>`;
}

function withBefore(query: URLSearchParams, before: string): string {
  const next = new URLSearchParams(query);
  next.set('before', before);
  return next.toString();
}
