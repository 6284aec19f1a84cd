import {formatDuration} from '../../core/duration.ts';
import {parseQueueName} from '../../core/queue.ts';
import {fitsQueue, isClosing} from '../../core/stop.ts';
import type {Tally} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import {type CampaignRow, sum, toCampaignRows, toCsv} from './campaign-rows.ts';
import type {Answer, Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import {toHour, toNumber} from './words.ts';

const hourMs = 3_600_000;
const spans = [6, 24, 72] as const;
/** A step reads 20,000 messages at most: more than ten million in one look are too many. */
const mostSteps = 500;

/** By channel and hour: what was accepted, and what has become of it. */
export function createCampaigns(parts: ManagementParts) {
  return {show: (visit: Visit) => show(parts, visit), download: (visit: Visit) => download(parts, visit)};
}

async function show(parts: ManagementParts, {query}: Visit): Promise<Page> {
  const hours = toSpan(query);
  const {rows, isCut} = await count(parts, hours);
  const channel = query.get('channel') ?? '';
  const chosen = rows.filter(row => channel === '' || row.channel === channel);
  const body = html`${toForm(parts, hours, channel)}
${isCut && html`<p class="notice odd">There are too many messages to count them all: older hours are left out.</p>`}
${await toDrain(parts, channel)}
${chosen.length === 0 ? html`<p class="quiet">Nothing was accepted in these hours.</p>` : toTable(chosen)}
<p><a class="button" href="/console/campaigns.csv?${new URLSearchParams({hours: String(hours), channel}).toString()}">As CSV</a></p>`;
  return {title: 'Campaigns', body};
}

async function download(parts: ManagementParts, {query}: Visit): Promise<Answer> {
  const {rows} = await count(parts, toSpan(query));
  const channel = query.get('channel') ?? '';
  const text = toCsv(rows.filter(row => channel === '' || row.channel === channel));
  return {download: {name: 'campaigns.csv', type: 'text/csv; charset=utf-8', text}};
}

function toSpan(query: URLSearchParams): number {
  return spans.find(span => String(span) === query.get('hours')) ?? 24;
}

async function count({store, now}: ManagementParts, hours: number): Promise<{rows: CampaignRow[]; isCut: boolean}> {
  const since = Math.floor(now() / hourMs) * hourMs - (hours - 1) * hourMs;
  const tallies: Tally[] = [];
  let before: string | undefined;
  for (let step = 0; step < mostSteps; step += 1) {
    const found = await store.tally({since, before});
    tallies.push(...found.tallies);
    before = found.next;
    if (before === undefined) break;
  }
  return {rows: toCampaignRows(tallies), isCut: before !== undefined};
}

function toForm({channels}: ManagementParts, hours: number, channel: string): Html {
  return html`<form class="card" method="get" action="/console/campaigns"><div class="fields">
<p><label for="hours">Accepted in the last</label><select id="hours" name="hours">${spans.map(
    span => html`<option value="${span}"${span === hours && html` selected`}>${span} hours</option>`,
  )}</select></p>
<p><label for="channel">Channel</label><select id="channel" name="channel"><option value="">all</option>${channels.map(
    ({id, description}) =>
      html`<option value="${id}"${id === channel && html` selected`}>${id} ${description}</option>`,
  )}</select></p><p class="buttons"><button>Show</button></p></div></form>`;
}

/** How long what waits will take at today's pace; several channels share a carrier's. What is held back waits for a person. */
async function toDrain(parts: ManagementParts, channel: string): Promise<Html | undefined> {
  const {store} = parts;
  const [depths, gates] = await Promise.all([store.depths(), store.gates()]);
  const closed = gates.filter(isClosing);
  const waiting = depths
    .map(({queue, waiting: texts}) => ({...parseQueueName(queue), texts}))
    .filter(queue => queue.kind === 'outbound' && (channel === '' || queue.channel === channel))
    .map(queue => ({...queue, held: closed.some(({filter}) => fitsQueue(filter, queue)) ? queue.texts : 0}));
  if (waiting.length === 0) return undefined;
  const carriers = Map.groupBy(waiting, ({carrier}) => carrier);
  return html`<ul class="rows">${[...carriers].map(([carrier, queues]) => {
    const texts = queues.reduce((total, queue) => total + queue.texts, 0);
    const held = queues.reduce((total, queue) => total + queue.held, 0);
    return html`<li><p><strong>${toNumber(texts)}</strong> wait for ${carrier}${held > 0 && `, ${toNumber(held)} of them paused, parked or drained`}${held < texts && toLasts(parts, carrier, texts - held)}.</p></li>`;
  })}</ul>`;
}

function toLasts({paceOf, carriers}: ManagementParts, carrier: string, texts: number): Html | undefined {
  const status = carriers().find(({name}) => name === carrier);
  if (status?.usable === false) return html`: it can take nothing now, ${status.state}`;
  const pace = paceOf(carrier);
  if (pace?.limit === undefined || pace.rate <= 0) return undefined;
  return html`: <strong>${formatDuration((texts / pace.rate) * 1000)}</strong> at its present pace, at one segment a text`;
}

function toTable(rows: readonly CampaignRow[]): Html {
  return html`<div class="wide" role="region" tabindex="0" aria-label="By hour and channel"><table class="tight">
<thead><tr><th scope="col">Hour</th><th scope="col">Channel</th><th scope="col" class="number">Accepted</th><th scope="col" class="number">Segments</th><th scope="col" class="number">Delivered</th>
<th scope="col" class="number">Median</th><th scope="col" class="number">p95</th><th scope="col" class="number">Failed</th><th scope="col" class="number">No receipt</th><th scope="col" class="number">Unknown</th><th scope="col" class="number">Under way</th><th scope="col">Why failed</th></tr></thead>
<tbody>${rows.map(toRow)}</tbody></table></div>`;
}

function toRow(row: CampaignRow): Html {
  const {accepted, delivered, failed, withoutReceipt, unknown, underWay, segments, medianMs, p95Ms} = row;
  return html`<tr><th scope="row">${toHour(row.hourAt)}</th><td>${row.platform} ${row.channel}</td><td class="number">${toNumber(accepted)}</td><td class="number">${toNumber(segments)}</td>
<td class="number">${toNumber(delivered)} <span class="quiet">${Math.round((delivered / accepted) * 100)} %</span></td><td class="number">${toTook(medianMs)}</td><td class="number">${toTook(p95Ms)}</td>
<td class="number">${toNumber(sum(failed))}</td><td class="number">${toNumber(withoutReceipt)}</td><td class="number">${toNumber(unknown)}</td><td class="number">${toNumber(underWay)}</td>
<td>${[...failed].map(([reason, messages]) => html`<span class="pair">${reason} <strong>${toNumber(messages)}</strong></span> `)}</td></tr>`;
}

function toTook(ms: number | undefined): string {
  return ms === undefined ? '–' : formatDuration(ms);
}
