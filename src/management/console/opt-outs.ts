import {toPhone} from '../../core/address.ts';
import {Refusal} from '../../core/refusal.ts';
import type {ConsentRecord} from '../../store/store.ts';
import {type ConsentParts, keepConsents} from '../consent.ts';
import type {Answer, Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import type {Session} from './session.ts';
import {toBadge, toTime} from './words.ts';

const pageSize = 50;
const longestPhone = 40;
const states = ['out', 'in'] as const;

/** Who may be written to: looked up by phone or by list, changed by an operator. */
export function createOptOuts(parts: ConsentParts) {
  const {store, lists} = parts;

  async function show({query, session}: Visit): Promise<Page> {
    const wanted = readWanted(query);
    const phone = wanted.phone === '' ? undefined : toPhone(wanted.phone);
    if (wanted.phone !== '' && phone === undefined) throw noPhone();
    const {list, state, before} = wanted;
    const filter = {phone, list: list === '' ? undefined : list, state};
    const {consents, next} = await store.consents({...filter, limit: pageSize, before});
    const body = html`${toNotice(query)}${toLookUp(wanted, lists())}
<section aria-labelledby="list-title"><h2 id="list-title">Last words</h2>
${toTable(consents, session)}
${next !== undefined && html`<p><a class="button" href="/console/opt-outs?${withBefore(query, next)}">Older ones</a></p>`}</section>
${toChange(session, lists(), wanted.phone)}`;
    return {title: 'Opt-outs', body};
  }

  async function set({form, session}: Visit): Promise<Answer> {
    const phone = toPhone((form.get('phone') ?? '').trim().slice(0, longestPhone));
    const state = states.find(known => known === form.get('state'));
    if (phone === undefined || state === undefined) throw noPhone();
    const entries = [{phone, list: form.get('list') ?? '', state}];
    const changed = await keepConsents(parts, {entries, source: 'operator'}, session.by);
    return {to: `/console/opt-outs?done=${changed === 0 ? 'nothing' : state}&phone=${encodeURIComponent(phone)}`};
  }

  return {show, set};
}

type Wanted = ReturnType<typeof readWanted>;

function readWanted(query: URLSearchParams) {
  return {
    phone: (query.get('phone') ?? '').trim().slice(0, longestPhone),
    list: (query.get('list') ?? '').slice(0, 200),
    state: states.find(known => known === query.get('state')),
    before: query.get('before') ?? undefined,
  };
}

function noPhone(): Refusal {
  const message = 'Write a phone number with its country code, such as +14155550123: go back and try again.';
  return new Refusal(400, 'invalid_phone', message);
}

function toNotice(query: URLSearchParams): Html | undefined {
  const words: Readonly<Record<string, string>> = {
    out: 'The phone is out. Waiting bulk texts to it end as failed where its list is enforced.',
    in: 'The phone is in: it may be written to.',
    nothing: 'It was so already: nothing was changed.',
  };
  const sentence = words[query.get('done') ?? ''];
  return sentence === undefined ? undefined : html`<p class="notice good" role="status">${sentence}</p>`;
}

function toLookUp({phone, list, state}: Wanted, lists: readonly string[]): Html {
  return html`<form class="card" method="get" action="/console/opt-outs" role="search"><div class="fields">
<p><label for="phone">Phone</label><input id="phone" name="phone" type="search" value="${phone}" maxlength="${longestPhone}" autocomplete="off"></p>
<p><label for="list">List</label><select id="list" name="list"><option value="">any</option>${toOptions(lists, list)}</select></p>
<p><label for="state">State</label><select id="state" name="state"><option value="">any</option>${toOptions(states, state)}</select></p>
<p class="buttons"><button class="main">Look up</button></p></div></form>`;
}

function toOptions(values: readonly string[], chosen: string | undefined): Html {
  return html`${values.map(value => html`<option value="${value}"${value === chosen && html` selected`}>${value}</option>`)}`;
}

function toTable(consents: readonly ConsentRecord[], {role}: Session): Html {
  if (consents.length === 0) return html`<p class="quiet">Nobody fits.</p>`;
  return html`<div class="wide" role="region" tabindex="0" aria-label="Opt-outs"><table>
<thead><tr><th scope="col">Phone</th><th scope="col">State</th><th scope="col">List</th><th scope="col">Since</th><th scope="col">By</th></tr></thead>
<tbody>${consents.map(toRow)}</tbody></table></div>${role !== 'operator' && html`<p class="quiet">Changing them needs a token of role operator.</p>`}`;
}

function toRow({phone, state, list, at, source, detail}: ConsentRecord): Html {
  const {by, messageId} = detail;
  return html`<tr><th scope="row">${phone}</th><td>${toBadge(state)}</td><td>${list}</td><td>${toTime(at)}</td>
<td>${source} ${by !== undefined && html`<span class="quiet">${String(by)}</span>`}${
    messageId !== undefined &&
    html`<a href="/console/messages/${encodeURIComponent(String(messageId))}">the text<span class="hidden"> of ${phone}</span></a>`
  }</td></tr>`;
}

function toChange({role, formKey}: Session, lists: readonly string[], phone: string): Html | undefined {
  if (role !== 'operator' || lists.length === 0) return undefined;
  return html`<section aria-labelledby="change-title"><h2 id="change-title">Change</h2>
<form class="card" method="post" action="/console/opt-outs"><input type="hidden" name="formKey" value="${formKey}"><div class="fields">
<p><label for="of">Phone</label><input id="of" name="phone" value="${phone}" maxlength="${longestPhone}" autocomplete="off" required></p>
<p><label for="on">List</label><select id="on" name="list">${toOptions(lists, undefined)}</select></p></div>
<p class="buttons"><button name="state" value="out" class="danger">Opt out</button> <button name="state" value="in">Opt in again</button>
<span class="quiet">Opting in again needs the consent of whoever has the phone. Both are audited.</span></p></form></section>`;
}

function withBefore(query: URLSearchParams, before: string): string {
  const next = new URLSearchParams(query);
  next.delete('done');
  next.set('before', before);
  return next.toString();
}
