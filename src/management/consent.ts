import type Router from '@koa/router';
import type {RouterContext} from '@koa/router';
import {z} from 'zod';
import {toPhone} from '../core/address.ts';
import type {Actor} from '../core/audit.ts';
import type {Log} from '../core/log.ts';
import type {Detail} from '../core/outcome.ts';
import {Refusal} from '../core/refusal.ts';
import type {ConsentFilter, ConsentRecord, Store} from '../store/store.ts';
import {phone} from './filters.ts';
import type {Caller, Guard} from './guard.ts';
import {parseBody, parseQuery} from './request.ts';
import {type Piece, tellExport} from './told-export.ts';

export interface ConsentParts {
  store: Pick<Store, 'consents' | 'setConsent' | 'audit' | 'addDone' | 'endAudit'>;
  /** Every list a channel has: another name is a mistake. */
  lists(): readonly string[];
  /** These phones are on these lists from now on: what waits for them is ended. */
  onOptedOut(added: ReadonlyArray<{list: string; phone: string}>): void;
  now(): number;
  log: Log;
}

/** Clocks of others may be ahead so much. */
const clocksDifferMs = 60_000;

/** The last moment a date can tell. */
const latestMs = 8_640_000_000_000_000;

const state = z.enum(['in', 'out']);

const query = z.strictObject({
  phone: phone.optional(),
  list: z.string().max(200).optional(),
  state: state.optional(),
  history: z.literal('1').optional(),
  format: z.enum(['json', 'csv']).default('json'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().min(1).max(20).optional(),
});

/** Who is on a list under a name is still written to. */
const number = z.string().transform((raw, context) => {
  const found = toPhone(raw);
  if (found !== undefined) return found;
  context.addIssue({code: 'custom', message: 'write a phone number with its country code, such as +14155550123'});
  return z.NEVER;
});

const entry = z.strictObject({
  phone: number,
  list: z.string().max(200),
  state,
  at: z.int().min(0).max(latestMs).optional(),
});

type Entry = z.infer<typeof entry>;

const body = z.strictObject({
  entries: z.array(entry).min(1).max(500),
  /** An import keeps to later words that are known; an operator's word is the last. */
  source: z.enum(['import', 'operator']).default('operator'),
});

/** Opt-out lists: look-up, export, import. */
export function routeConsent(router: Router, guard: Guard, parts: ConsentParts): void {
  const {store} = parts;

  async function list(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {format, history, limit, before, ...filter} = parseQuery(ctx, query);
    const wanted = {...filter, limit, before, history: history === '1'};
    if (format === 'json') {
      const {consents, next} = await store.consents(wanted);
      ctx.body = {consents, next: next ?? null};
      return;
    }
    ctx.body = await tellExport(
      parts,
      by,
      {what: 'opt-outs', ...filter},
      toCsv(store, {...filter, history: history === '1'}),
    );
    ctx.type = 'text/csv';
  }

  async function set(ctx: RouterContext, {by}: Caller): Promise<void> {
    const {entries, source} = parseBody(ctx, body);
    const changed = await keepConsents(parts, {entries, source}, by);
    ctx.body = {entries: entries.length, changed};
  }

  router.get('/api/consent', guard('reader', list));
  router.post('/api/consent', guard('operator', set));
}

/** How many changed anything. What waits for who is out now is ended. */
export async function keepConsents(
  {store, lists, onOptedOut, now, log}: ConsentParts,
  {entries, source}: {entries: readonly Entry[]; source: 'import' | 'operator'},
  by: Actor,
): Promise<number> {
  const unknown = entries.find(one => !lists().includes(one.list))?.list;
  if (unknown !== undefined) {
    const message = `There is no list ${unknown}; there are ${lists().join(', ')}. Nothing was changed.`;
    throw new Refusal(404, 'no_such_list', message);
  }
  const early = entries.find(({at = 0}) => at > now() + clocksDifferMs)?.at;
  if (early !== undefined) {
    const message = `Nobody has said anything at ${new Date(early).toISOString()} yet: are day and month swapped, or is its zone another? Nothing was changed.`;
    throw new Refusal(400, 'time_to_come', message);
  }
  const changed = await store.setConsent(
    entries.map(one => ({...one, source, detail: {by: by.name}})),
    {by, action: 'consent', target: toTarget(entries, source), before: entries.length},
  );
  if (changed > 0) onOptedOut(entries.filter(one => one.state === 'out'));
  log.info('consent.set', {by: by.name, source, entries: entries.length, changed});
  return changed;
}

/** One word is told whole, an import by its lists. */
function toTarget(entries: readonly Entry[], source: string): Detail {
  const [only, ...more] = entries;
  if (only !== undefined && more.length === 0) return {source, list: only.list, state: only.state, phone: only.phone};
  return {source, lists: [...new Set(entries.map(({list}) => list))].join(', ')};
}

/** All pages, each read when the one before has left. */
async function* toCsv(
  store: ConsentParts['store'],
  filter: Omit<ConsentFilter, 'limit' | 'before'>,
): AsyncGenerator<Piece> {
  yield {lines: 0, text: 'phone,list,state,at,source\n'};
  let before: string | undefined;
  do {
    const page = await store.consents({...filter, limit: 500, ...(before === undefined ? {} : {before})});
    yield {lines: page.consents.length, text: page.consents.map(toLine).join('')};
    before = page.next;
  } while (before !== undefined);
}

/** No member begins with what a spreadsheet would take for a formula but a phone's plus. */
function toLine({phone: number, list, state: word, at, source}: ConsentRecord): string {
  return `${[number, list, word, new Date(at).toISOString(), source].map(toCell).join(',')}\n`;
}

function toCell(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
