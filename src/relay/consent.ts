import type {Channel} from '../core/channel.ts';
import {answerWithinMs, listsOf} from '../core/consent.ts';
import type {Decision} from '../core/decide.ts';
import type {Log} from '../core/log.ts';
import type {Reason} from '../core/message.ts';
import type {Claim, OutboundWork, Store} from '../store/store.ts';

const purgeBatch = 200;
const phonesAtOnce = 20;

const optedOut: Reason = {code: 'RecipientOptedOut', message: 'the phone has opted out of this sender'};

type Ended = Decision & {to: 'ended'};

/**
 * Design rule 8: whether a claimed text may go is asked at its claim. Undefined: it may. Of those the platform sends to a phone that is out the
 * one answer passes that follows an order; of our own those that answer one.
 */
export async function forbid(
  store: Pick<Store, 'passConsent'>,
  channel: Channel,
  {acceptedAt}: Pick<Claim, 'acceptedAt'>,
  {outbound, optedOut: lists}: OutboundWork,
  now: number,
): Promise<Ended | undefined> {
  const rules = channel.keywords;
  if (rules === undefined || !rules.enforce) return undefined;
  const own = listsOf(channel.platform, channel.id, rules).filter(list => lists.includes(list));
  if (own.length === 0) return undefined;
  const {messageId, answers} = outbound;
  const isTimely = now - acceptedAt <= answerWithinMs;
  if (answers !== undefined ? isTimely : await store.passConsent(messageId, own)) return undefined;
  return {to: 'ended', state: 'failed', by: 'policy', reason: optedOut};
}

/** A phone that is on this list from now on. */
export interface OnList {
  list: string;
  phone: string;
}

export interface ConsentPurge {
  /** Ends what waits for a phone that has just gone on a list, in the background: claims are refused all the while. */
  begin(list: string, phone: string): void;
  /** The same for many, some of them at a time. */
  beginAll(added: readonly OnList[]): void;
  /** Waits for what has begun. */
  stop(): Promise<void>;
}

/** Queued bulk texts to a phone that opted out are ended at once, in small steps, so that their receipts leave and their places come free. */
export function createConsentPurge(options: {
  store: Pick<Store, 'purgePhone'>;
  channels(): readonly Channel[];
  log: Log;
}): ConsentPurge {
  const {store, channels, log} = options;
  const running = new Set<Promise<void>>();
  let stopped = false;

  async function purge(list: string, phone: string): Promise<void> {
    const enforcing = channels().filter(
      ({platform, id, keywords}) => keywords?.enforce === true && listsOf(platform, id, keywords).includes(list),
    );
    const named = enforcing.map(({platform, id}) => ({platform, channel: id}));
    let count = 0;
    for (let some = purgeBatch; some === purgeBatch && !stopped; ) {
      const wanted = {channels: named, phone, list, reason: optedOut, limit: purgeBatch};
      some = named.length === 0 ? 0 : await store.purgePhone(wanted);
      count += some;
    }
    if (count > 0) log.info('consent.purged', {phone, list, count});
  }

  async function purgeSurely({list, phone}: OnList): Promise<void> {
    try {
      await purge(list, phone);
    } catch (error) {
      log.warn('consent.purge_failed', {phone, list, why: String(error)});
    }
  }

  async function purgeAll(added: readonly OnList[]): Promise<void> {
    for (let first = 0; first < added.length && !stopped; first += phonesAtOnce) {
      await Promise.all(added.slice(first, first + phonesAtOnce).map(purgeSurely));
    }
  }

  function beginAll(added: readonly OnList[]): void {
    const life = purgeAll(added).finally(() => running.delete(life));
    running.add(life);
  }

  return {
    begin: (list, phone) => beginAll([{list, phone}]),
    beginAll,
    async stop() {
      stopped = true;
      await Promise.all(running);
    },
  };
}
