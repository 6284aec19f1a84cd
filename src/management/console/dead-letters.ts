import type {DeadLetter} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import type {Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import type {Session} from './session.ts';
import {toTime} from './words.ts';

const pageSize = 50;

export const deadLetterReasons: Readonly<Record<string, string>> = {
  unreadable: 'A signed webhook that could not be read',
  unroutable: 'A text from a phone to a number that is no channel',
  refused: 'Refused by the carrier for good',
  expired: 'Not sent in its time',
  unknown: 'It may or may not have been sent',
  post_refused: 'Refused by the platform for good',
  post_unanswered: 'Not taken by the platform for a day',
  plan_changed: 'Settings changed between its segments',
  no_channel: 'Its channel left the configuration',
  no_carrier: 'Its channel no longer uses that carrier',
  unsupported: 'No text can say what the platform sent',
};

/** What ended badly and waits for a person: look into one, replay some or all. */
export function createDeadLetters({store}: Pick<ManagementParts, 'store'>) {
  return (visit: Visit): Promise<Page> => show(store, visit);
}

async function show(store: ManagementParts['store'], {query, session}: Visit): Promise<Page> {
  const reason = Object.keys(deadLetterReasons).find(known => known === query.get('reason'));
  const before = query.get('before') ?? undefined;
  const {deadLetters, next} = await store.deadLetters({reason, limit: pageSize, before});
  const body = html`${toChoice(reason)}
${deadLetters.length === 0 ? html`<p class="notice good">None.</p>` : toList(deadLetters, reason, session)}
${next !== undefined && html`<p><a class="button" href="/console/dead-letters?${toQuery(reason, next)}">Older ones</a></p>`}`;
  return {title: 'Dead letters', body};
}

function toChoice(reason: string | undefined): Html {
  return html`<form class="card" method="get" action="/console/dead-letters"><p class="box"><label for="reason">Reason</label>
<span><select id="reason" name="reason"><option value="">all</option>${Object.entries(deadLetterReasons).map(
    ([code, words]) => html`<option value="${code}"${code === reason && html` selected`}>${code}: ${words}</option>`,
  )}</select> <button>Show</button></span></p></form>`;
}

function toList(letters: readonly DeadLetter[], reason: string | undefined, {role, formKey}: Session): Html {
  const mayAct = role === 'operator';
  const table = html`<div class="wide" role="region" tabindex="0" aria-label="Dead letters"><table>
<thead><tr>${mayAct && html`<th scope="col"><span class="hidden">Chosen</span></th>`}<th scope="col">Since</th><th scope="col">Reason</th><th scope="col">Channel</th><th scope="col">In words</th></tr></thead>
<tbody>${letters.map(letter => toRow(letter, mayAct))}</tbody></table></div>`;
  if (!mayAct) return html`${table}<p class="quiet">Replaying needs a token of role operator.</p>`;
  return html`<form method="post" action="/console/dead-letters/replay"><input type="hidden" name="formKey" value="${formKey}">
<input type="hidden" name="reason" value="${reason}">${table}
<p class="buttons"><button class="main" name="which" value="chosen">Replay the chosen</button>
<button name="which" value="all">Replay all${reason !== undefined && ` with ${reason}`}</button>
<span class="quiet" data-choose></span></p></form>`;
}

function toRow({messageId, at, reason, platform, channel, detail}: DeadLetter, mayAct: boolean): Html {
  return html`<tr>${
    mayAct && html`<td><input type="checkbox" name="id" value="${messageId}" aria-label="Choose ${messageId}"></td>`
  }<th scope="row"><a href="/console/messages/${encodeURIComponent(messageId)}">${toTime(at)}</a></th>
<td>${reason}</td><td>${platform} ${channel}</td><td class="words">${detail}</td></tr>`;
}

function toQuery(reason: string | undefined, before: string): string {
  return new URLSearchParams({...(reason !== undefined && {reason}), before}).toString();
}
