import type {StopFilter} from '../../core/stop.ts';
import type {Gate} from '../../store/store.ts';
import type {KnownChannel, ManagementParts} from '../parts.ts';
import {describe} from '../queues.ts';
import {type Html, html} from './html.ts';
import {kindWords, notKnown} from './queue-tables.ts';
import type {Session} from './session.ts';
import {toAge, toBadge} from './words.ts';

export interface StopOptions {
  parts: ManagementParts;
  session: Session;
  /** Undefined: the store does not answer. */
  gates: readonly Gate[] | undefined;
  now: number;
}

/** What is paused or drained, each with its way back; and the form that pauses, drains or purges. */
export function toStopForms({parts, session, gates, now}: StopOptions): Html {
  const paused = (gates ?? []).filter(({kind}) => kind !== 'parked');
  const mayAct = session.role === 'operator';
  const none = gates === undefined ? notKnown : html`<p class="quiet">Nothing is paused or drained.</p>`;
  return html`${paused.length === 0 && none}
<ul class="rows">${paused.map(
    gate => html`<li><p><strong>${describe(gate.filter) || 'everything'}</strong> ${toBadge(gate.kind)} <span class="quiet">by ${gate.by} for ${toAge(now - gate.since)}: ${gate.reason}</span></p>
${mayAct && toResume(gate.filter, session)}</li>`,
  )}</ul>
${mayAct ? toStopForm(parts, session) : html`<p class="quiet">Pausing, draining and purging need a token of role operator.</p>`}`;
}

function toResume(filter: StopFilter, {formKey}: Session): Html {
  return html`<form method="post" action="/console/resume"><input type="hidden" name="formKey" value="${formKey}">
${toHidden(filter)}<button>Resume<span class="hidden"> ${describe(filter)}</span></button></form>`;
}

/** A filter as fields of a form. Times are written out: whatever a filter bears is read again as the same. */
export function toHidden(filter: StopFilter): Html {
  const toText = (value: string | number) => (typeof value === 'number' ? new Date(value).toISOString() : value);
  return html`${Object.entries(filter).map(([name, value]) => html`<input type="hidden" name="${name}" value="${toText(value)}">`)}`;
}

function toChannelWords({id, description, leaving}: KnownChannel): string {
  return [id, description, leaving ? '(leaving)' : ''].filter(word => word !== '').join(' ');
}

function toStopForm({channels, carriers}: ManagementParts, {formKey}: Session): Html {
  const platforms = [...new Set(channels.map(({platform}) => platform))];
  return html`<form class="card" method="post" action="/console/pause"><input type="hidden" name="formKey" value="${formKey}">
<div class="fields">
${toSelect('kind', 'What', Object.entries(kindWords))}
${toSelect('platform', 'Platform', withAny(platforms.map(name => [name, name])))}
${toSelect('channel', 'Channel', withAny(channels.map(channel => [channel.id, toChannelWords(channel)])))}
${toSelect('carrier', 'Carrier', withAny(carriers().map(({name}) => [name, name])))}
${toSelect(
  'priority',
  'Class',
  withAny([
    ['interactive', 'interactive'],
    ['bulk', 'bulk'],
  ]),
)}
<p><label for="phone">Phone</label><input id="phone" name="phone" maxlength="40" autocomplete="off"></p>
<p><label for="acceptedAfter">Accepted from (UTC)</label><input id="acceptedAfter" name="acceptedAfter" type="datetime-local"></p>
<p><label for="acceptedBefore">Accepted before (UTC)</label><input id="acceptedBefore" name="acceptedBefore" type="datetime-local"></p>
<p><label for="reason">Reason</label><input id="reason" name="reason" maxlength="200" required></p>
</div>
<p class="buttons"><button class="main">Pause</button> <button formaction="/console/drain">Drain</button> <button formaction="/console/purge" class="danger">Purge…</button>
<span class="quiet">Draining refuses the platform’s texts and sends what waits; with a carrier it lets nothing more go by that carrier. Purging ends waiting texts to phones as failed; the count is shown before anything happens.</span></p></form>`;
}

type Choice = readonly [value: string, words: string];

function withAny(choices: readonly Choice[]): readonly Choice[] {
  return [['', 'any'], ...choices];
}

function toSelect(name: string, title: string, choices: readonly Choice[]): Html {
  return html`<p><label for="${name}">${title}</label><select id="${name}" name="${name}">${choices.map(
    ([value, words]) => html`<option value="${value}">${words}</option>`,
  )}</select></p>`;
}
