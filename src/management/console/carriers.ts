import type {CarrierStatus, LinkStatus} from '../../carriers/carrier.ts';
import type {ReceiptCounts} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import {type Html, html} from './html.ts';
import {toAge, toBadge, toNumber} from './words.ts';

export interface CarriersShown {
  carriers: readonly CarrierStatus[];
  parts: Pick<ManagementParts, 'paceOf' | 'activity'>;
  /** How receipts found their texts; absent while the store does not answer. */
  receipts?: readonly ReceiptCounts[] | undefined;
  now: number;
}

interface Shown {
  parts: CarriersShown['parts'];
  counts: ReceiptCounts | undefined;
  now: number;
}

const answers = ['taken', 'refused', 'unavailable', 'unknown'] as const;

/** Each carrier with its links, windows, pace, and how it answered lately. */
export function toCarrierCards({carriers, parts, receipts, now}: CarriersShown): Html {
  if (carriers.length === 0) return html`<p class="quiet">None is configured.</p>`;
  return html`<div class="cards">${carriers.map(carrier =>
    toCard(carrier, {parts, counts: receipts?.find(one => one.carrier === carrier.name), now}),
  )}</div>`;
}

function toCard(carrier: CarrierStatus, {parts, counts, now}: Shown): Html {
  const {paceOf, activity} = parts;
  const {name, type, state, since, usable, breaker, window, links, leaving} = carrier;
  return html`<article class="card"><h3>${name} <span class="quiet">${type}</span> ${toBadge(usable ? 'usable' : 'not usable')}${leaving && html` ${toBadge('leaving')}`}</h3>
<p>${state}, for ${toAge(now - since)}</p>
<dl class="facts"><div><dt>In flight</dt><dd>${toNumber(window.used)} of ${toNumber(window.size)}</dd></div>
<div><dt>Breaker</dt><dd>${breaker ?? '–'}</dd></div>
<div><dt>Pace now</dt><dd>${toPace(paceOf(name))}</dd></div>
${answers.map(answer => html`<div><dt>${answer}, last hour</dt><dd>${toNumber(activity.lastHour(`${answer} by ${name}`))}</dd></div>`)}
${counts !== undefined && toReceipts(counts)}</dl>
${links.length > 0 && toLinks(name, links, now)}</article>`;
}

/** All but the waiting ones are this replica's, since it began. */
function toReceipts({notations, matchedLate, byFacts, parked, orphaned}: ReceiptCounts): Html {
  const matched = Object.values(notations).reduce((sum, count) => sum + count, 0);
  const counts = {matched, 'matched late': matchedLate, 'matched by facts': byFacts, waiting: parked, orphaned};
  return html`${Object.entries(counts).map(
    ([words, count]) => html`<div><dt>Receipts ${words}</dt><dd>${toNumber(count)}</dd></div>`,
  )}`;
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
