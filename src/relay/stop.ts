import type {Actor, AuditAction, NewAudit} from '../core/audit.ts';
import type {Log} from '../core/log.ts';
import {parseQueueName} from '../core/queue.ts';
import {fitsQueue, isOfTexts, type StopFilter, toFilterKey, toTextFilter} from '../core/stop.ts';
import type {Store, TextsStep} from '../store/store.ts';
import type {Gates} from './gates.ts';

/** Texts ended, or looked at one by one, in one transaction: those who write meanwhile wait for it. */
const batch = 500;
const lookBatch = 2000;

export interface Counted {
  waiting: number;
  /** Claimed: being sent or about to be. A purge leaves them alone. */
  underWay: number;
}

export interface Purged extends Counted {
  purged: number;
  /** What still waits: came meanwhile, or was given back. */
  left: number;
}

type Texts = Pick<TextsStep, 'queues' | 'texts' | 'acceptedAs'>;
type Asked = Omit<Parameters<Store['purge']>[0], 'queues'>;

/** The stop button: what is closed is in the store at once, and obeyed by every replica within a second. */
export function createStop({store, gates, log}: {store: Store; gates: Gates; log: Log}) {
  async function count(filter: StopFilter): Promise<Counted> {
    if (isOfTexts(filter)) return countTexts(await textsOf(filter));
    const [depths, claimed] = await Promise.all([store.depths(), store.underWay()]);
    const waiting = depths.filter(({queue}) => fitsQueue(filter, parseQueueName(queue)));
    const underWay = claimed.filter(({queue}) => fitsQueue(filter, parseQueueName(queue)));
    return {
      waiting: waiting.reduce((sum, depth) => sum + depth.waiting, 0),
      underWay: underWay.reduce((sum, own) => sum + own.count, 0),
    };
  }

  /** Of a campaign also what replies behind it hurry: each text that waits is looked at for that. */
  async function countToPurge(filter: StopFilter): Promise<Counted> {
    const [own, hurried] = await Promise.all([count(filter), hurriedOf(filter).then(countTexts)]);
    return {waiting: own.waiting + hurried.waiting, underWay: own.underWay + hurried.underWay};
  }

  async function textsOf(filter: StopFilter): Promise<Texts> {
    return {queues: await queuesOf(filter), texts: toTextFilter(filter)};
  }

  /** They stand in the queues of the other class. */
  async function hurriedOf(filter: StopFilter): Promise<Texts> {
    const queues = filter.priority === 'bulk' ? await queuesOf({...filter, priority: 'interactive'}) : [];
    return {queues, texts: toTextFilter(filter), acceptedAs: 'bulk'};
  }

  async function countTexts(texts: Texts): Promise<Counted> {
    const sum: Counted = {waiting: 0, underWay: 0};
    if (texts.queues.length === 0) return sum;
    const step = {...texts, limit: lookBatch};
    for (let before: string | undefined; ; ) {
      const found = await store.countTexts({...step, ...(before !== undefined && {before})});
      sum.waiting += found.waiting;
      sum.underWay += found.underWay;
      before = found.next;
      if (before === undefined) return sum;
    }
  }

  /** Those that hold anything: what is empty needs no look. */
  async function queuesOf(filter: StopFilter): Promise<string[]> {
    const [depths, claimed] = await Promise.all([store.depths(), store.underWay()]);
    const names = new Set([...depths, ...claimed].map(({queue}) => queue));
    return [...names].filter(name => fitsQueue(filter, parseQueueName(name)));
  }

  async function close(kind: 'paused' | 'draining', filter: StopFilter, reason: string, by: Actor): Promise<void> {
    const before = isOfTexts(filter) ? undefined : (await count(filter)).waiting;
    const audit = toAudit(kind === 'paused' ? 'pause' : 'drain', {...filter, reason}, by);
    await gates.close({kind, filter, reason, by: by.name}, {...audit, ...(before !== undefined && {before})});
    log.warn(`queue.${kind}`, {by: by.name, reason, filter: toFilterKey(filter)});
  }

  async function resume(filter: StopFilter, by: Actor): Promise<boolean> {
    const resumed = await gates.resume(filter, toAudit('resume', {...filter}, by));
    if (!resumed) return false;
    log.warn('queue.resumed', {by: by.name, filter: toFilterKey(filter)});
    if (isOfTexts(filter)) await hasten(filter);
    return true;
  }

  /** What was held back is due later: now again. Should this be cut short, it comes by itself when that time is over. */
  async function hasten(filter: StopFilter): Promise<void> {
    const step = {...(await textsOf(filter)), limit: batch};
    for (let before: string | undefined; ; ) {
      before = (await store.hastenTexts({...step, ...(before !== undefined && {before})})).next;
      if (before === undefined) return;
    }
  }

  async function purge(filter: StopFilter, reason: string, by: Actor): Promise<Purged> {
    const outbound = {...filter, kind: 'outbound'} as const;
    const before = await countToPurge(outbound);
    const entry = toAudit('purge', {...outbound, reason}, by);
    const audit = await store.audit({...entry, outcome: 'begun', before: before.waiting, done: 0});
    const message = `purged by ${by.name}: ${reason}`;
    const asked = {reason: {code: 'MessageNotAllowed', message}, limit: batch, audit} as const;
    const purged = await purgeAll(outbound, asked);
    const after = await countToPurge(outbound);
    await store.endAudit(audit, 'done', after.waiting);
    log.warn('queue.purged', {by: by.name, reason, filter: toFilterKey(outbound), count: purged, left: after.waiting});
    return {waiting: before.waiting, underWay: after.underWay, purged, left: after.waiting};
  }

  /** A text may be hurried, or not any more, behind the look. */
  async function purgeAll(filter: StopFilter, asked: Asked): Promise<number> {
    let purged = await purgeOwn(filter, asked);
    for (let some = 1; some > 0 && filter.priority === 'bulk'; purged += some) {
      some = await purgeTexts(await hurriedOf(filter), asked);
      if (some > 0) some += await purgeOwn(filter, asked);
    }
    return purged;
  }

  async function purgeOwn(filter: StopFilter, asked: Asked): Promise<number> {
    return isOfTexts(filter) ? purgeTexts(await textsOf(filter), asked) : purgeQueues(filter, asked);
  }

  async function purgeQueues(filter: StopFilter, asked: Asked): Promise<number> {
    const queues = await queuesOf(filter);
    let purged = 0;
    for (let some = 1; some > 0; purged += some) some = await store.purge({...asked, queues});
    return purged;
  }

  /** Once more for as long as anything is found: a claim may have been given back behind the look. */
  async function purgeTexts(texts: Texts, asked: Asked): Promise<number> {
    const step = {...asked, ...texts};
    let purged = 0;
    for (let inRound = Math.min(1, texts.queues.length); inRound > 0; ) {
      inRound = 0;
      for (let before: string | undefined; ; ) {
        const ended = await store.purgeTexts({...step, ...(before !== undefined && {before})});
        inRound += ended.purged;
        before = ended.next;
        if (before === undefined) break;
      }
      purged += inRound;
    }
    return purged;
  }

  return {
    pause: (filter: StopFilter, reason: string, by: Actor) => close('paused', filter, reason, by),
    drain: (filter: StopFilter, reason: string, by: Actor) => close('draining', filter, reason, by),
    resume,
    purge,
    count,
    countToPurge,
  };
}

function toAudit(action: AuditAction, target: NewAudit['target'], by: Actor): NewAudit {
  return {by, action, target};
}
