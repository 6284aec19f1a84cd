import {eventsCatalogue, findInCatalogue} from '../../core/events-catalogue.ts';
import type {Severity} from '../../core/operational-event.ts';
import type {EventCount, RecentEvent} from '../event-ring.ts';
import type {ManagementParts} from '../parts.ts';
import type {Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import {toBadge, toNumber, toTime} from './words.ts';

const severities: readonly Severity[] = ['critical', 'warning', 'notice'];
const shown = 200;
const refreshSeconds = 10;

/** What happened lately on this replica, how often, and what to do about it. */
export function createEvents({events}: Pick<ManagementParts, 'events'>) {
  return ({query}: Visit): Page => show(events, query);
}

function show(events: ManagementParts['events'], query: URLSearchParams): Page {
  const severity = severities.find(known => known === query.get('severity'));
  const code = query.get('code')?.slice(0, 100) || undefined;
  const recent = events.recent({severity, code}).slice(0, shown);
  const counts = events
    .counts()
    .filter(count => (severity ?? count.severity) === count.severity && (code ?? count.code) === count.code);
  const body = html`${toChoice(severity, code)}
<section data-live id="counts" aria-labelledby="counts-title"><h2 id="counts-title">Since the start <span class="quiet">of this replica</span></h2>${toCounts(counts)}</section>
<section data-live id="recent" aria-labelledby="recent-title"><h2 id="recent-title">Lately</h2>${toRecent(recent)}</section>
<section aria-labelledby="catalogue-title"><h2 id="catalogue-title">All there are</h2>${toCatalogue()}</section>`;
  return {title: 'Events', body, refreshSeconds};
}

function toChoice(severity: Severity | undefined, code: string | undefined): Html {
  return html`<form class="card" method="get" action="/console/events"><div class="fields">
<p><label for="severity">Severity</label><select id="severity" name="severity"><option value="">all</option>${severities.map(
    known => html`<option${known === severity && html` selected`}>${known}</option>`,
  )}</select></p>
<p><label for="code">Code</label><input id="code" name="code" value="${code}" list="codes" maxlength="100"><datalist id="codes">${eventsCatalogue.map(
    entry => html`<option value="${entry.code}"></option>`,
  )}</datalist></p><p class="buttons"><button>Show</button></p></div></form>`;
}

function toCounts(counts: readonly EventCount[]): Html {
  if (counts.length === 0) return html`<p class="notice good">None.</p>`;
  return html`<div class="wide" role="region" tabindex="0" aria-label="Events since the start"><table><thead><tr><th scope="col">Event</th><th scope="col">Severity</th><th scope="col" class="number">Times</th><th scope="col">Last</th><th scope="col">Meaning, and what to do</th></tr></thead>
<tbody>${counts.map(({code, severity, count, lastAt}) => {
    const entry = findInCatalogue(code);
    return html`<tr><th scope="row"><a href="/console/events?code=${encodeURIComponent(code)}"><code>${code}</code></a></th><td>${toBadge(severity)}</td><td class="number">${toNumber(count)}</td>
<td>${toTime(lastAt)}</td><td class="words">${entry?.sentence} <span class="quiet">${entry?.whatToDo}</span></td></tr>`;
  })}</tbody></table></div>`;
}

function toRecent(recent: readonly RecentEvent[]): Html {
  if (recent.length === 0) return html`<p class="quiet">Nothing.</p>`;
  return html`<div class="wide" role="region" tabindex="0" aria-label="Events lately"><table><thead><tr><th scope="col">When</th><th scope="col">Event</th><th scope="col">Particulars</th></tr></thead>
<tbody>${recent.map(
    ({at, code, fields}) =>
      html`<tr><td>${toTime(at)}</td><th scope="row"><code>${code}</code></th><td class="words">${Object.entries(
        fields,
      ).map(
        ([name, value]) =>
          value !== undefined && value !== '' && html`<span class="pair">${name} ${toField(name, value)}</span> `,
      )}</td></tr>`,
  )}</tbody></table></div>`;
}

function toField(name: string, value: string | number | boolean): Html {
  if (name !== 'messageId') return html`<strong>${String(value)}</strong>`;
  return html`<a href="/console/messages/${encodeURIComponent(String(value))}">${String(value)}</a>`;
}

function toCatalogue(): Html {
  return html`<details><summary>${eventsCatalogue.length} codes</summary><div class="wide" role="region" tabindex="0" aria-label="All events there are"><table><thead><tr><th scope="col">Event</th><th scope="col">Severity</th><th scope="col">Meaning</th><th scope="col">What to do</th></tr></thead>
<tbody>${eventsCatalogue.map(
    ({code, severity, sentence, whatToDo}) =>
      html`<tr><th scope="row"><code>${code}</code></th><td>${toBadge(severity)}</td><td class="words">${sentence}</td><td class="words">${whatToDo}</td></tr>`,
  )}</tbody></table></div></details>`;
}
