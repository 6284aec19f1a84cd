import type {Actor, AuditAction} from '../core/audit.ts';
import {StoreUnavailable} from '../core/store-unavailable.ts';
import type {DeadLetter, DeadLetterFilter, Store} from '../store/store.ts';

/** One page of something done to many dead letters. Whoever asks for it asks for the next one: what is done is done, whoever of the two dies. */
export interface Page {
  filter: DeadLetterFilter;
  by: Actor;
  /** At most so many are looked at. */
  limit: number;
  perSecond: number;
  /** `next` of the page before. */
  at?: Place;
}

export interface Place {
  before?: string;
  /** What became a dead letter since the first page is not meant. */
  until: number;
  /** The audit's row. */
  run: string;
}

export interface Done {
  done: number;
  /** Those that could not be, by why: they stay dead letters. */
  left: Record<string, number>;
  /** Told with the first page: how many fit when it began. */
  of?: number;
  next: Place | undefined;
}

/** So long a request may take; the next page goes on where it ended. */
const longestPageMs = 5000;

type Act = (letter: DeadLetter, by: Actor) => Promise<string>;

/**
 * @param what stands in the audit beside the filter: what was decided
 * @param act answers `done`, or why it could not be
 */
export function createPages(store: Store, {action, ...what}: {action: AuditAction; as?: string}, act: Act) {
  let freeAt = 0;

  /** Everything this process does to many keeps to one pace, however many ask. */
  async function pace(perSecond: number): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, freeAt);
    freeAt = at + 1000 / perSecond;
    if (at > now) await new Promise(resolve => setTimeout(resolve, at - now));
  }

  async function begin({filter, by}: Page): Promise<{place: Place; of: number} | undefined> {
    const [newest] = (await store.deadLetters({...filter, limit: 1})).deadLetters;
    if (newest === undefined) return undefined;
    const until = Math.min(filter.until ?? Number.POSITIVE_INFINITY, newest.at + 1);
    const of = await countAll(store, {...filter, until});
    const run = await store.audit({by, action, target: {...filter, ...what}, outcome: 'begun', before: of});
    return {place: {until, run}, of};
  }

  /** A row that is another's, or has ended, is not written to: a new one is begun. */
  async function resume({filter, by}: Page, place: Place): Promise<Place> {
    const before = String(Number(place.run) + 1);
    const [row] = (await store.audits({actor: by.name, action, before, limit: 1})).audits;
    if (row?.id === place.run && row.outcome === 'begun') return place;
    return {...place, run: await store.audit({by, action, target: {...filter, ...what}, outcome: 'begun'})};
  }

  return async function page(asked: Page): Promise<Done> {
    const {filter, by, limit, perSecond} = asked;
    const begun = asked.at === undefined ? await begin(asked) : {place: await resume(asked, asked.at), of: undefined};
    if (begun === undefined) return {done: 0, left: {}, of: 0, next: undefined};
    const {place, of} = begun;
    const query = {...filter, until: place.until, before: place.before, limit};
    const found = await store.deadLetters(query);
    const {done, refused, reached} = await carryOut(found.deadLetters, by, () => pace(perSecond));
    const left = refused.size === 0 ? {} : toCounts(refused, (await store.deadLetters(query)).deadLetters);
    const before = reached ?? found.next;
    await store.addDone(place.run, done);
    const isOver = before === undefined;
    if (isOver)
      await store.endAudit(
        place.run,
        'done',
        Object.values(left).reduce((sum, count) => sum + count, 0),
      );
    const counted = of === undefined ? {} : {of};
    return {done, left, ...counted, next: isOver ? undefined : {...place, before}};
  };

  /** `reached`: the last one looked at, when it ended before all were. */
  async function carryOut(letters: readonly DeadLetter[], by: Actor, wait: () => Promise<void>) {
    const endsAt = performance.now() + longestPageMs;
    const refused = new Map<string, string>();
    let done = 0;
    let reached: string | undefined;
    for (const [index, letter] of letters.entries()) {
      if (index > 0 && performance.now() > endsAt) return {done, refused, reached};
      await wait();
      const result = await act(letter, by).catch(error => passOver(error, index));
      if (result === undefined) return {done, refused, reached};
      if (result === 'done') done += 1;
      else refused.set(letter.messageId, result);
      reached = letter.cursor;
    }
    return {done, refused, reached: undefined};
  }
}

/** What is done so far is told; the next page meets the same store again. */
function passOver(error: unknown, index: number): undefined {
  if (index === 0 || !(error instanceof StoreUnavailable)) throw error;
}

/** Those that are dead letters no more were decided by somebody else meanwhile. */
function toCounts(refused: ReadonlyMap<string, string>, still: readonly DeadLetter[]): Record<string, number> {
  const left: Record<string, number> = {};
  for (const {messageId} of still) {
    const why = refused.get(messageId);
    if (why !== undefined) left[why] = (left[why] ?? 0) + 1;
  }
  return left;
}

async function countAll(store: Store, filter: DeadLetterFilter): Promise<number> {
  let count = 0;
  let before: string | undefined;
  do {
    const step = await store.countDeadLetters({...filter, before});
    count += step.count;
    before = step.next;
  } while (before !== undefined);
  return count;
}
