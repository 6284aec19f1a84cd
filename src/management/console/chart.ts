import {type Html, html} from './html.ts';
import {toNumber} from './words.ts';

const height = 40;
const step = 4;

/** Sixty bars, the present minute at the right; what it shows is said in words too. */
export function toChart(title: string, counts: readonly number[]): Html {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const most = Math.max(...counts, 1);
  const words = `${title}: ${toNumber(total)} in the last hour, ${toNumber(counts.at(-1) ?? 0)} in this minute, at most ${toNumber(Math.max(...counts))} a minute`;
  const bars = counts.map((count, index) => {
    const tall = count === 0 ? 0 : Math.max(1, Math.round((count / most) * height));
    return count > 0 && html`<rect x="${index * step}" y="${height - tall}" width="${step - 1}" height="${tall}"/>`;
  });
  return html`<figure class="chart ${title}">
<figcaption>${title} <strong>${toNumber(total)}</strong></figcaption>
<svg viewBox="0 0 ${counts.length * step} ${height}" preserveAspectRatio="none" role="img" aria-label="${words}">${bars}</svg>
<p class="quiet">${toNumber(Math.max(...counts))} a minute at most</p>
</figure>`;
}
