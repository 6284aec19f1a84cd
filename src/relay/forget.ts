import type {Actor} from '../core/audit.ts';
import type {Log} from '../core/log.ts';
import type {ForgetStep, PhoneHoldings, Store, Tidied} from '../store/store.ts';
import {createRounds} from './every.ts';

const roundMs = 1000;
const batch = 100;

export interface ForgetOptions {
  store: Store;
  /** Files of recorded webhooks that hold the phone: how many there are, or were. */
  recordings: {count(phone: string): Promise<number>; forget(phone: string): Promise<number>};
  log: Log;
}

export interface Held extends PhoneHoldings {
  recordings: number;
}

/** `noKey`: it is on opt-out lists, and there is no key under which it could stay there. */
export type Ordered = 'ordered' | 'noKey';

export interface Forget {
  start(): Promise<void>;
  stop(): Promise<void>;
  held(phone: string): Promise<Held>;
  /** On disk when it resolves, and begun; what has to wait is seen to by and by, also after a restart. */
  order(phone: string, by: Actor, atOnce: boolean): Promise<Ordered>;
  /** Its order is being carried out here, or the files are tidied up after it. */
  isUnderWay(phone: string): boolean;
  /** Undefined: nothing was forgotten since this process began, or what was is not tidied up (yet). */
  lastTidied(): Tidied | undefined;
  tidy(rewrite: boolean): Promise<Tidied>;
}

/** Forgets phones: an order is kept in the store, and every replica carries out what is ordered until it is done. */
export function createForget({store, recordings, log}: ForgetOptions): Forget {
  const rounds = createRounds(log);
  const running = new Map<string, Promise<void>>();
  let lastTidied: Tidied | undefined;
  /** What a process before this one deleted may still be in the files. */
  let mayBeUntidy = true;

  async function tidy(rewrite: boolean): Promise<Tidied> {
    // Until it has succeeded the next round tries again.
    mayBeUntidy = true;
    lastTidied = undefined;
    lastTidied = await store.tidy(rewrite);
    mayBeUntidy = false;
    log.info('privacy.tidied', {clean: lastTidied.isClean, bytes: lastTidied.bytes});
    return lastTidied;
  }

  /** One that can't be carried out holds up no other. */
  async function sweep(): Promise<void> {
    const failed: unknown[] = [];
    for (const {phone} of await store.forgetOrders()) {
      if (rounds.isStopping()) return;
      await runOnce(phone).catch(error => failed.push(error));
    }
    if (mayBeUntidy && !rounds.isStopping()) await tidyIfOwed();
    if (failed.length > 0) throw failed[0];
  }

  async function tidyIfOwed(): Promise<void> {
    if (await store.isTidyOwed()) await tidy(false);
    mayBeUntidy = false;
  }

  /** Whoever asks for a phone that is being seen to waits for that. */
  function runOnce(phone: string): Promise<void> {
    const known = running.get(phone);
    if (known !== undefined) return known;
    const run = carryOut(phone).finally(() => running.delete(phone));
    running.set(phone, run);
    return run;
  }

  async function carryOut(phone: string): Promise<void> {
    const files = await recordings.forget(phone);
    const messages = await pass(before => store.forgetMore(phone, before, batch), rounds.isStopping);
    const unreadable = await pass(before => store.forgetUnreadable(phone, before, batch), rounds.isStopping);
    // What is left of the order stands in the store.
    if (rounds.isStopping()) return;
    const {underWay, receiptsOwed} = messages;
    const isDone = underWay + receiptsOwed === 0 && (await store.forgetRest(phone));
    const forgotten = messages.forgotten + unreadable.forgotten;
    if (isDone || forgotten > 0) log.info('privacy.forgotten', {phone, messages: forgotten, files, done: isDone});
    if (isDone) await tidy(false).catch(error => log.warn('privacy.not_tidied', {why: String(error)}));
  }

  return {
    async start() {
      rounds.every(roundMs, 'forget', sweep);
    },
    stop: rounds.stop,
    async held(phone) {
      return {...(await store.holdings(phone)), recordings: await recordings.count(phone)};
    },
    async order(phone, by, atOnce) {
      const before = (await store.holdings(phone)).messages;
      const entry = {by, action: 'forget', target: {phone, atOnce}, outcome: 'ordered', before} as const;
      if (!(await store.orderForget({phone, by: by.name, atOnce}, entry))) return 'noKey';
      log.info('privacy.forget_ordered', {phone, by: by.name, messages: before});
      await runOnce(phone);
      return 'ordered';
    },
    isUnderWay: phone => running.has(phone),
    lastTidied: () => lastTidied,
    tidy,
  };
}

/** From the newest to the oldest, unless it is cut short. */
async function pass(
  step: (before: number | undefined) => Promise<ForgetStep>,
  isStopping: () => boolean,
): Promise<Pick<ForgetStep, 'forgotten' | 'underWay' | 'receiptsOwed'>> {
  const all = {forgotten: 0, underWay: 0, receiptsOwed: 0};
  let before: number | undefined;
  do {
    const {forgotten, underWay, receiptsOwed, next} = await step(before);
    all.forgotten += forgotten;
    all.underWay += underWay;
    all.receiptsOwed += receiptsOwed;
    before = next;
  } while (before !== undefined && !isStopping());
  return all;
}
