import {parseQueueName, type Queue} from '../../core/queue.ts';
import type {Gate, QueueDepth} from '../../store/store.ts';
import type {KnownChannel} from '../parts.ts';
import {type Html, html} from './html.ts';
import {toAge, toBadge, toNumber} from './words.ts';

type Waiting = Queue & {waiting: number; oldestAt: number};

export const kindWords = {
  outbound: 'Texts to phones',
  inbound: 'Texts from phones',
  receipt: 'Receipts to platforms',
} as const;

/** What the store would tell while it does not answer: nothing is no word for it. */
export const notKnown = html`<p class="quiet">Not known: the store does not answer.</p>`;

/** What waits, by kind and class; each queue below, on demand. `depths` undefined: the store does not answer. */
export function toQueueTable(depths: readonly QueueDepth[] | undefined, now: number): Html {
  if (depths === undefined) return notKnown;
  const queues = depths.map(depth => ({...parseQueueName(depth.queue), ...depth}));
  if (queues.length === 0) return html`<p class="quiet">Nothing waits.</p>`;
  const groups = Map.groupBy(queues, ({kind, priority}) =>
    kind === 'outbound' ? `${kindWords[kind]}, ${priority}` : kindWords[kind],
  );
  return html`<div class="wide" role="region" tabindex="0" aria-label="Queues by kind"><table><thead><tr><th scope="col">Kind</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">Oldest</th></tr></thead>
<tbody>${[...groups].map(([title, members]) => toRow(title, members, now))}</tbody></table></div>
<details id="each-queue"><summary>Each queue (${queues.length})</summary><div class="wide" role="region" tabindex="0" aria-label="Each queue"><table>
<thead><tr><th scope="col">Channel</th><th scope="col">Kind</th><th scope="col">Carrier</th><th scope="col">Class</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">Oldest</th></tr></thead>
<tbody>${queues.map(
    ({
      platform,
      channel,
      kind,
      carrier,
      priority,
      waiting,
      oldestAt,
    }) => html`<tr><th scope="row">${platform} ${channel}</th><td>${kind}</td><td>${carrier || '–'}</td><td>${kind === 'outbound' ? priority : '–'}</td>
<td class="number">${toNumber(waiting)}</td><td class="number">${toAge(now - oldestAt)}</td></tr>`,
  )}</tbody></table></div></details>`;
}

function toRow(title: string, members: readonly Waiting[], now: number): Html {
  const waiting = members.reduce((sum, member) => sum + member.waiting, 0);
  const oldest = Math.min(...members.map(({oldestAt}) => oldestAt));
  return html`<tr><th scope="row">${title}</th><td class="number">${toNumber(waiting)}</td><td class="number">${toAge(now - oldest)}</td></tr>`;
}

/** Each platform's posts: what waits of each kind, and what is parked. */
export function toPlatformTable(
  channels: readonly KnownChannel[],
  held: {gates: readonly Gate[]; depths: readonly QueueDepth[]} | undefined,
  now: number,
): Html {
  const names = [...new Set(channels.map(({platform}) => platform))];
  if (names.length === 0) return html`<p class="quiet">None is configured.</p>`;
  if (held === undefined) return notKnown;
  const queues = held.depths.map(depth => ({...parseQueueName(depth.queue), ...depth}));
  const rows = names.flatMap(platform =>
    (['inbound', 'receipt'] as const).map(kind => {
      const members = queues.filter(queue => queue.platform === platform && queue.kind === kind);
      const waiting = members.reduce((sum, member) => sum + member.waiting, 0);
      const parked = held.gates.filter(
        gate => gate.kind === 'parked' && gate.filter.platform === platform && gate.filter.kind === kind,
      );
      const oldest = Math.min(...members.map(({oldestAt}) => oldestAt));
      return html`<tr><th scope="row">${platform}</th><td>${kindWords[kind]}</td><td class="number">${toNumber(waiting)}</td>
<td class="number">${waiting === 0 ? '–' : toAge(now - oldest)}</td>
<td>${parked.length === 0 ? toBadge('ok') : html`${toBadge('parked')} ${parked.map(gate => gate.filter.channel ?? '').join(', ')}`}</td></tr>`;
    }),
  );
  return html`<div class="wide" role="region" tabindex="0" aria-label="Posts to platforms"><table><thead><tr><th scope="col">Platform</th><th scope="col">Posts</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">Oldest</th><th scope="col">State</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
