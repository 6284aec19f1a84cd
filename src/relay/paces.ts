import {createPace, type Pace} from '../core/pace.ts';
import {createSharedPace, type SharedPace} from '../core/shared-pace.ts';
import type {Store} from '../store/store.ts';

/** The pace of an account or of one of its senders, by a key of its own: this process's, or one that all replicas have together. */
export type OpenPace = (key: string, ratePerSecond: number | undefined) => Pace;

export interface PacesOptions {
  store: Pick<Store, 'replicas'>;
  now(): number;
  /** There may be room. */
  onRoom(): void;
}

export function createPaces({store: {replicas}, now, onRoom}: PacesOptions): OpenPace {
  if (replicas === undefined) return (_, ratePerSecond) => createPace(ratePerSecond);
  return (key, ratePerSecond) => {
    const share = (rate: number) =>
      createSharedPace({ratePerSecond: rate, ask: wanted => replicas.paceBlock(key, wanted), now, onRoom});
    return createChanging(ratePerSecond, share, now);
  };
}

/** What has no limit needs no permission: a pace that gets a limit, or loses it, is another one, which takes over what is under way. */
function createChanging(
  first: number | undefined,
  share: (ratePerSecond: number) => SharedPace,
  now: () => number,
): Pace {
  let shared = first === undefined ? undefined : share(first);
  const free = createPace(undefined);
  const pace = () => shared ?? free;
  let taken = 0;

  return {
    room: (at, priority) => pace().room(at, priority),
    waitMs: at => pace().waitMs(at),
    take(at) {
      taken += 1;
      pace().take(at);
    },
    giveBack() {
      taken -= 1;
      pace().giveBack();
    },
    leaveMs: at => pace().leaveMs(at),
    leave(at) {
      taken -= 1;
      pace().leave(at);
    },
    throttled: (at, noise, retryAfterMs) => pace().throttled(at, noise, retryAfterMs),
    succeeded: () => pace().succeeded(),
    rate: at => pace().rate(at),
    change(next) {
      if (shared !== undefined && next !== undefined) return shared.change(next);
      if ((shared === undefined) === (next === undefined)) return;
      for (let left = taken; left > 0; left -= 1) pace().giveBack();
      shared = next === undefined ? undefined : share(next);
      for (let more = taken; more > 0; more -= 1) pace().take(now());
    },
  };
}
