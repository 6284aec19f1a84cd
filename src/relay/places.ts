import type {Priority} from '../core/message.ts';
import type {Unavailable} from '../core/outcome.ts';
import type {Pace} from '../core/pace.ts';
import {createDepartures} from './departures.ts';
import type {Senders} from './senders.ts';

/** Hands out the places one account's pace, and each sender's, have: to new claims at once or not at all, to the next segment of a text as soon as there is one. */
export interface Places {
  /** Places of the account for new claims; agents' texts have some that no campaign takes. */
  room(priority: Priority): number;
  /** Places this queue's sender has beside the account's. */
  roomOf(queue: string): number;
  waitMs(): number;
  /** For a claim of this queue that `room` promised. */
  take(queue: string): void;
  giveBack(queue: string): void;
  /** Waits its turn; false when the relay is stopping. */
  takeNext(queue: string): Promise<boolean>;
  /** The moment before the bytes leave, as `weight` SMS on air: resolves when the sliding second allows it. What is more than one leaves as one, and the pace makes up for it. Undefined: it may leave at once. */
  leave(queue: string, priority: Priority, weight: number): Promise<void> | undefined;
  /** The far side said "slower": to this queue's sender, or to the account. */
  throttled(queue: string, said: Pick<Unavailable, 'of' | 'retryAfterMs'>, noise: number): void;
  succeeded(queue: string): void;
  /** Nobody waits any more, neither for a place nor for a turn: the carrier is stopping too. */
  stop(): void;
}

export function createPlaces(account: Pace, senders: Senders, now: () => number): Places {
  const departures = createDepartures(account, now);
  const waiting: Array<{queue: string; grant(granted: boolean): void}> = [];
  const pausing = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function take(queue: string): void {
    account.take(now());
    senders.take(queue, now());
  }

  function grantWaiting(): void {
    timer = undefined;
    // What has begun to leave is not held up by new texts, of whatever class.
    while (waiting.length > 0 && account.room(now(), 'interactive') >= 1) {
      const next = waiting.shift();
      if (next === undefined) break;
      take(next.queue);
      next.grant(true);
    }
    if (waiting.length > 0) timer = setTimeout(grantWaiting, Math.max(1, account.waitMs(now())));
  }

  async function leaveInTurn(turn: Promise<void> | undefined, queue: string, weight: number): Promise<void> {
    if (turn !== undefined) await turn;
    // The pace may be another one each time.
    for (let ms = senderMs(queue); ms > 0 && !stopped; ms = senderMs(queue)) await pause(ms);
    leaveSender(queue, weight);
  }

  function senderMs(queue: string): number {
    return senders.ofQueue(queue)?.leaveMs(now()) ?? 0;
  }

  function pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const end = () => {
        clearTimeout(waking);
        pausing.delete(end);
        resolve();
      };
      const waking = setTimeout(end, ms);
      pausing.add(end);
    });
  }

  function leaveSender(queue: string, weight: number): void {
    senders.leave(queue, now());
    for (let more = 1; more < weight; more += 1) {
      senders.take(queue, now());
      senders.leave(queue, now());
    }
  }

  return {
    take,
    room: priority => Math.max(0, account.room(now(), priority) - waiting.length),
    roomOf: queue => senders.ofQueue(queue)?.room(now()) ?? Number.POSITIVE_INFINITY,
    waitMs: () => account.waitMs(now()) || senders.waitMs(now()),
    giveBack(queue) {
      account.giveBack();
      senders.giveBack(queue);
    },
    takeNext(queue) {
      if (stopped) return Promise.resolve(false);
      return new Promise(grant => {
        waiting.push({queue, grant});
        if (timer === undefined) grantWaiting();
      });
    },
    leave(queue, priority, weight) {
      const turn = departures.leave(priority);
      if (!stopped && (turn !== undefined || senderMs(queue) > 0)) return leaveInTurn(turn, queue, weight);
      leaveSender(queue, weight);
      return undefined;
    },
    throttled(queue, {of, retryAfterMs}, noise) {
      const pace = of === 'sender' ? senders.toThrottle(queue) : account;
      pace.throttled(now(), noise, retryAfterMs);
    },
    succeeded(queue) {
      account.succeeded();
      senders.ofQueue(queue)?.succeeded();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      for (const {grant} of waiting.splice(0)) grant(false);
      departures.stop();
      for (const end of pausing) end();
    },
  };
}
