import {countedKinds} from '../activity.ts';
import type {ManagementParts} from '../parts.ts';
import {inTime, patienceMs} from '../patience.ts';
import {toConcerns} from './attention.ts';
import {toCarrierCards} from './carriers.ts';
import {toChart} from './chart.ts';
import type {Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import {toPlatformTable, toQueueTable} from './queue-tables.ts';
import {toStopForms} from './stop-forms.ts';
import {toBadge} from './words.ts';

const refreshSeconds = 5;

/** What is wrong now comes first; then how it goes; then the stop button. */
export function createNow(parts: ManagementParts) {
  return (visit: Visit): Promise<Page> => show(parts, visit);
}

async function show(parts: ManagementParts, {session, query}: Visit): Promise<Page> {
  const now = parts.now();
  const held = await readHeld(parts);
  const carriers = parts.carriers();
  const concerns = toConcerns({
    held,
    carriers,
    health: parts.health(),
    counts: parts.events.counts(),
    reload: parts.reloadState(),
    leaving: held?.leaving,
    now,
  });
  const body = html`${toNotice(query)}
<section data-live id="attention" aria-labelledby="attention-title"><h2 id="attention-title">Needs attention</h2>
${concerns.length === 0 && html`<p class="notice good">Nothing. All carriers are usable, nothing is parked or paused.</p>`}
<ul class="concerns">${concerns.map(
    ({severity, what, whatToDo, href}) => html`<li>${toBadge(severity)}
<p>${href === undefined ? what : html`<a href="${href}">${what}</a>`}${whatToDo !== undefined && html` <span class="quiet">${whatToDo}</span>`}</p></li>`,
  )}</ul></section>
<section data-live id="activity" aria-labelledby="activity-title"><h2 id="activity-title">The last hour <span class="quiet">by the minute, of this replica; texts accepted, segments sent and delivered</span></h2>
<div class="charts">${countedKinds.map(kind => toChart(kind, parts.activity.perMinute(kind)))}</div></section>
<section data-live id="queues" aria-labelledby="queues-title"><h2 id="queues-title">Queues</h2>${toQueueTable(held?.depths, now)}</section>
<section data-live id="carriers" aria-labelledby="carriers-title"><h2 id="carriers-title">Carriers</h2>${toCarrierCards({carriers, parts, receipts: held?.receipts, now})}</section>
<section data-live id="platforms" aria-labelledby="platforms-title"><h2 id="platforms-title">Platforms</h2>${toPlatformTable(parts.channels, held, now)}</section>
<section id="stop" aria-labelledby="stop-title"><h2 id="stop-title">Stop and go</h2>${toStopForms({parts, session, gates: held?.gates, now})}</section>`;
  return {title: 'Now', body, refreshSeconds};
}

async function readHeld({store, leaving}: ManagementParts) {
  try {
    const asked = [
      store.gates(),
      store.depths(),
      store.deadLetters({limit: 1}),
      leaving(),
      store.receiptCounts(),
    ] as const;
    const [gates, depths, {deadLetters}, left, receipts] = await inTime(Promise.all(asked), patienceMs);
    return {gates, depths, newestDeadLetterAt: deadLetters[0]?.at, leaving: left, receipts};
  } catch {
    // Told on the page itself, beside what can be told without the store.
    return undefined;
  }
}

function toNotice(query: URLSearchParams): Html | undefined {
  const count = Number(query.get('count') ?? 0) || 0;
  const words: Readonly<Record<string, string>> = {
    paused: 'Paused, on all replicas within a second.',
    draining: 'Draining, on all replicas within a second.',
    resumed: 'Resumed.',
    purged: `Purged: ${count} texts ended as failed, and the platform is told of each.`,
  };
  const sentence = words[query.get('done') ?? ''];
  return sentence === undefined ? undefined : html`<p class="notice good" role="status">${sentence}</p>`;
}
