import type {CarrierStatus, LinkStatus} from '../../carriers/carrier.ts';
import type {ManagementParts} from '../parts.ts';
import {type Html, html} from './html.ts';
import {toAge, toBadge, toNumber} from './words.ts';

export interface CarriersShown {
  carriers: readonly CarrierStatus[];
  parts: Pick<ManagementParts, 'paceOf' | 'activity'>;
  now: number;
}

const answers = ['taken', 'refused', 'unavailable', 'unknown'] as const;

/** Each carrier with its links, windows, pace, and how it answered lately. */
export function toCarrierCards({carriers, parts, now}: CarriersShown): Html {
  if (carriers.length === 0) return html`<p class="quiet">None is configured.</p>`;
  return html`<div class="cards">${carriers.map(carrier => toCard(carrier, parts, now))}</div>`;
}

function toCard(carrier: CarrierStatus, {paceOf, activity}: CarriersShown['parts'], now: number): Html {
  const {name, type, state, since, usable, breaker, window, links, leaving} = carrier;
  return html`<article class="card"><h3>${name} <span class="quiet">${type}</span> ${toBadge(usable ? 'usable' : 'not usable')}${leaving && html` ${toBadge('leaving')}`}</h3>
<p>${state}, for ${toAge(now - since)}</p>
<dl class="facts"><div><dt>In flight</dt><dd>${toNumber(window.used)} of ${toNumber(window.size)}</dd></div>
<div><dt>Breaker</dt><dd>${breaker ?? '–'}</dd></div>
<div><dt>Pace now</dt><dd>${toPace(paceOf(name))}</dd></div>
${answers.map(answer => html`<div><dt>${answer}, last hour</dt><dd>${toNumber(activity.lastHour(`${answer} by ${name}`))}</dd></div>`)}</dl>
${links.length > 0 && toLinks(name, links, now)}</article>`;
}

function toPace(pace: ReturnType<ManagementParts['paceOf']>): string {
  if (pace === undefined) return '–';
  return pace.limit === undefined ? 'set by the carrier' : `${toNumber(pace.rate)} of ${toNumber(pace.limit)} a second`;
}

function toLinks(name: string, links: readonly LinkStatus[], now: number): Html {
  return html`<div class="wide" role="region" tabindex="0" aria-label="Links of ${name}"><table>
<thead><tr><th scope="col">Link</th><th scope="col">State</th><th scope="col">For</th><th scope="col">Window</th><th scope="col">Answers p50 / p95</th></tr></thead>
<tbody>${links.map(
    ({name: link, state, since, detail, window, responseMs}) => html`<tr><th scope="row">${link}</th>
<td>${state}${detail !== undefined && html` <span class="quiet">${detail}</span>`}</td><td>${toAge(now - since)}</td>
<td>${window === undefined ? '–' : `${window.used} of ${window.size}`}</td>
<td>${responseMs === undefined ? '–' : `${responseMs.p50} / ${responseMs.p95} ms`}</td></tr>`,
  )}</tbody></table></div>`;
}
