import {formatDuration} from '../../core/duration.ts';
import type {MessageRecord} from '../../store/store.ts';
import {type Html, html} from './html.ts';
import {toEventWords, toTime} from './words.ts';

interface Step {
  at: number;
  words: string;
  detail: Record<string, unknown>;
}

/** A message's journey, each step with how long it took since the one before. */
export function toTimeline(record: MessageRecord): Html {
  const steps = toSteps(record);
  const begin = steps[0]?.at ?? record.acceptedAt;
  return html`<ol class="timeline">${steps.map(({at, words, detail}, index) => {
    const before = steps[index - 1]?.at ?? at;
    return html`<li><p><strong>${words}</strong> ${index > 0 && html`<span class="took">+${formatDuration(Math.max(0, at - before))}</span>`}</p>
<p class="quiet">${toTime(at)}${index > 1 && html` · ${formatDuration(Math.max(0, at - begin))} in all`}</p>${toDetail(detail)}</li>`;
  })}</ol>`;
}

function toSteps({direction, events, segments}: MessageRecord): Step[] {
  const told = events.map(({at, event, detail = {}}) => ({
    at,
    words: event === 'accepted' && direction === 'inbound' ? 'Taken from the carrier, and stored' : toEventWords(event),
    detail,
  }));
  const started = segments.flatMap(({index, startedAt}) =>
    startedAt === undefined
      ? []
      : [{at: startedAt, words: `Segment ${index + 1} of ${segments.length} submitted`, detail: {}}],
  );
  // Stable: of one moment, what was started comes before what the carrier said of it.
  return [...told.slice(0, 1), ...started, ...told.slice(1)].sort((one, other) => one.at - other.at);
}

function toDetail(detail: Record<string, unknown>): Html | undefined {
  const {raw, ...rest} = detail;
  const facts = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (facts.length === 0 && raw === undefined) return undefined;
  return html`<dl class="facts">${facts.map(
    ([name, value]) =>
      html`<div><dt>${toEventWords(name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`))}</dt><dd>${toValue(name, value)}</dd></div>`,
  )}</dl>${raw !== undefined && html`<details><summary>As it came</summary><pre tabindex="0">${toValue('raw', raw)}</pre></details>`}`;
}

/** Segments are counted from 1 for people. */
function toValue(name: string, value: unknown): string {
  if (name === 'segment' && typeof value === 'number') return String(value + 1);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
