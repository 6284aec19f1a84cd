import {type AuditAction, auditActions} from '../../core/audit.ts';
import type {AuditRecord} from '../../store/store.ts';
import type {ManagementParts} from '../parts.ts';
import type {Visit} from './door.ts';
import {type Html, html} from './html.ts';
import type {Page} from './layout.ts';
import {toBadge, toNumber, toTime} from './words.ts';

const shown = 50;

/** Who did what, the newest first. */
export function createAudit({store}: Pick<ManagementParts, 'store'>) {
  return async ({query}: Visit): Promise<Page> => {
    const action = auditActions.find(known => known === query.get('action'));
    const actor = query.get('actor')?.trim().slice(0, 64) || undefined;
    const before = query.get('before') ?? undefined;
    const {audits, next} = await store.audits({action, actor, before, limit: shown});
    const body = html`${toChoice(action, actor)}
<section aria-labelledby="audit-title"><h2 id="audit-title">What was done</h2>${toTable(audits)}
${next !== undefined && html`<p><a href="/console/audit?${toQuery(action, actor, next)}">Earlier</a></p>`}</section>`;
    return {title: 'Audit', body};
  };
}

function toChoice(action: AuditAction | undefined, actor: string | undefined): Html {
  return html`<form class="card" method="get" action="/console/audit"><div class="fields">
<p><label for="action">Action</label><select id="action" name="action"><option value="">all</option>${auditActions.map(
    known => html`<option value="${known}"${known === action && html` selected`}>${toWords(known)}</option>`,
  )}</select></p>
<p><label for="actor">Who</label><input id="actor" name="actor" value="${actor}" maxlength="64"></p><p class="buttons"><button>Show</button></p></div></form>`;
}

function toTable(audits: readonly AuditRecord[]): Html {
  if (audits.length === 0) return html`<p class="quiet">Nothing.</p>`;
  return html`<div class="wide" role="region" tabindex="0" aria-label="What operators did"><table><thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">Action</th><th scope="col">To what</th><th scope="col" class="number">Before</th><th scope="col" class="number">Done</th><th scope="col" class="number">Left</th><th scope="col">Outcome</th></tr></thead>
<tbody>${audits.map(toRow)}</tbody></table></div>`;
}

function toRow({at, by, action, target, before, done, after, outcome}: AuditRecord): Html {
  return html`<tr><td>${toTime(at)}</td><th scope="row">${by.name} <span class="quiet">by ${by.via}</span></th><td>${toWords(action)}</td><td class="words">${toTarget(target)}</td>
<td class="number">${toCount(before)}</td><td class="number">${toCount(done)}</td><td class="number">${toCount(after)}</td><td>${toBadge(outcome)}</td></tr>`;
}

function toTarget(target: AuditRecord['target']): Html {
  return html`${Object.entries(target).map(
    ([name, value]) => value !== undefined && html`<span class="pair">${name} ${toValue(name, value)}</span> `,
  )}`;
}

function toValue(name: string, value: string | number | boolean): Html {
  if (name === 'messageId')
    return html`<a href="/console/messages/${encodeURIComponent(String(value))}">${String(value)}</a>`;
  if (typeof value === 'number' && /^accepted|^since$|^until$/.test(name))
    return html`<strong>${toTime(value)}</strong>`;
  return html`<strong>${String(value)}</strong>`;
}

function toCount(count: number | undefined): string {
  return count === undefined ? '–' : toNumber(count);
}

function toWords(action: AuditAction): string {
  return action.replaceAll('_', ' ');
}

function toQuery(action: string | undefined, actor: string | undefined, before: string): string {
  return new URLSearchParams({...(action && {action}), ...(actor && {actor}), before}).toString();
}
