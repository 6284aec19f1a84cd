import type {Log} from '../core/log.ts';
import type {Priority} from '../core/message.ts';
import type {Claim} from '../store/store.ts';
import type {Claimed} from './claimed.ts';
import {createOffers, type Offered, type OffersOptions} from './offers.ts';
import {rotate} from './rotate.ts';

/** Due times that no event announces (retries, other replicas' work) are looked for this often. */
const pollMs = 1000;
const storeDownMs = 1000;
/** Of ten texts one is a bulk one while any waits, however many interactive ones there are. */
export const bulkFloor = 0.1;

export interface PumpOptions {
  /** Every queue this destination serves, gated ones left out; asked at each pass. */
  queues(): {interactive: readonly string[]; bulk: readonly string[]};
  /** How many more claims of this class there is room for now. */
  room(priority: Priority): number;
  /** Ms until time alone makes room again; 0 when it does not. */
  waitMs(): number;
  claim(queues: string[], limit: number): Promise<Claimed>;
  /** One job's whole life after the claim. Never rejects. */
  run(claim: Claim): Promise<unknown>;
  /** A claim that came when the pump had been stopped: back to where it was. */
  giveBack(claim: Claim): Promise<unknown>;
  /** What is taken beside what was asked for; absent: nothing. */
  offers?: Pick<OffersOptions, 'takes' | 'keepsLast'>;
  log: Log;
}

export interface Pump {
  /** These queues have work, or there is room again. */
  wake(queues?: readonly string[]): void;
  /** Any of them may have work. */
  wakeAll(): void;
  /** Room for jobs that are about to come, while nothing waits that should go before them. */
  offer(): Offered | undefined;
  /** Whether a job that comes now is likely to find some: not all queues are looked through for it. */
  hasRoom(): boolean;
  inFlight(): number;
  /** Whether one of this queue's jobs is under way. */
  holds(queue: string): boolean;
  /** Claims no more and waits for what is in flight. */
  stop(): Promise<void>;
}

/**
 * Moves claims from the store to one destination: never more than there is room for, interactive first, a floor for bulk, and channels of one
 * class in turn. It asks the store only for queues that may have work.
 */
export function createPump({queues, room, waitMs, claim, run, giveBack, offers: own, log}: PumpOptions): Pump {
  const active = new Set<string>();
  /** Places of claims that are asked for, and of offers. */
  let promised = 0;
  /** How many of each queue are under way. */
  const running = new Map<string, number>();
  let inFlight = 0;
  const untilIdle: Array<() => void> = [];
  let [turn, bulkCredit] = [0, 0];
  let passing: Promise<void> | undefined;
  let [again, stopped] = [false, false];
  let timer: NodeJS.Timeout | undefined;
  const offers =
    own && createOffers({...own, takes: queue => !stopped && own.takes(queue), freePlaces, promise, begin});
  const poll = setInterval(() => wakeAll(), pollMs);

  function wakeAll(): void {
    offers?.reconsider();
    const {interactive, bulk} = queues();
    wake([...interactive, ...bulk]);
  }

  function wake(names: readonly string[] = []): void {
    for (const name of names) active.add(name);
    again = true;
    if (passing === undefined && !stopped && active.size > 0) passing = pass();
  }

  async function pass(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        await fill();
      } catch (error) {
        log.error('delivery.claim_failed', {why: String(error)});
        wakeIn(storeDownMs);
      }
    }
    passing = undefined;
  }

  async function fill(): Promise<void> {
    if (active.size === 0) return;
    const {interactive, bulk} = queues();
    turn += 1;
    const first = rotate(interactive.filter(isActive), turn);
    const second = rotate(bulk.filter(isActive), turn);
    const owed = second.length > 0 ? Math.floor(bulkCredit) : 0;
    // What is owed finds the places of agents' texts: they may fill all others.
    if (owed > 0) bulkCredit -= await take('interactive', second, owed);
    const urgent = await take('interactive', first, Number.POSITIVE_INFINITY);
    if (second.length > 0) bulkCredit = Math.min(50, bulkCredit + urgent * bulkFloor);
    const isUrgentDone = !first.some(isActive);
    if (isUrgentDone) await take('bulk', second, Number.POSITIVE_INFINITY);
    const soonMs = active.size > 0 ? waitMs() : 0;
    if (soonMs > 0) wakeIn(soonMs);
  }

  function isActive(queue: string): boolean {
    return active.has(queue);
  }

  /** @param priority whose places they take */
  async function take(priority: Priority, names: string[], most: number): Promise<number> {
    const limit = Math.min(Math.floor(room(priority)) - promised, most);
    if (names.length === 0 || limit <= 0 || stopped) return 0;
    for (const name of names) active.delete(name);
    promised += limit;
    const {claims, more} = await claim(names, limit)
      .catch(error => {
        for (const name of names) active.add(name);
        throw error;
      })
      .finally(() => {
        promised -= limit;
      });
    for (const name of more) active.add(name);
    if (stopped) await Promise.all(claims.map(giveBack));
    else for (const claimed of claims) void live(claimed);
    return claims.length;
  }

  /** None while something waits that should go before what is about to come. */
  function freePlaces(): number {
    return stopped || isAwaited() ? 0 : Math.floor(room('bulk')) - promised;
  }

  /** What is closed may wait as long as it is. */
  function isAwaited(): boolean {
    if (active.size === 0) return false;
    const {interactive, bulk} = queues();
    return interactive.some(isActive) || bulk.some(isActive);
  }

  function promise(places: number): void {
    promised += places;
    if (places > 0) return;
    wake();
    tellIdle();
  }

  function begin(claimed: Claim, isTaken: boolean): void {
    void live(claimed, isTaken ? run : giveBack);
  }

  async function live(claimed: Claim, end: (claim: Claim) => Promise<unknown> = run): Promise<void> {
    count(claimed, 1);
    try {
      await end(claimed);
    } finally {
      count(claimed, -1);
      wake();
      tellIdle();
    }
  }

  function tellIdle(): void {
    if (inFlight + promised === 0) for (const resolve of untilIdle.splice(0)) resolve();
  }

  function count({queue}: Claim, change: 1 | -1): void {
    inFlight += change;
    running.set(queue, (running.get(queue) ?? 0) + change);
  }

  function wakeIn(ms: number): void {
    if (timer === undefined && !stopped) timer = setTimeout(wakeInTime, Math.min(ms, pollMs));
  }

  function wakeInTime(): void {
    timer = undefined;
    wake();
  }

  return {
    wake,
    wakeAll,
    offer: () => offers?.offer(),
    hasRoom: () => (active.size === 0 ? freePlaces() > 0 : (offers?.hadRoom() ?? false)),
    inFlight: () => inFlight,
    holds: queue => (running.get(queue) ?? 0) > 0,
    async stop() {
      stopped = true;
      clearInterval(poll);
      clearTimeout(timer);
      await passing;
      if (inFlight + promised > 0) await new Promise<void>(resolve => untilIdle.push(resolve));
    },
  };
}
