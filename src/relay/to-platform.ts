import {type BreakerRules, breakerRules} from '../core/breaker.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import {parseQueueName} from '../core/queue.ts';
import {StoreUnavailable} from '../core/store-unavailable.ts';
import type {Tracer} from '../core/tracer.ts';
import type {Platform} from '../platforms/platform.ts';
import type {Claim, Store} from '../store/store.ts';
import {type Claimed, claimFrom, isHeld, unlessHeld} from './claimed.ts';
import type {Destination} from './destination.ts';
import type {Gates} from './gates.ts';
import {createHealth, type Health} from './health.ts';
import {createHolders} from './holders.ts';
import {createPost} from './post.ts';
import {createParkedProbe} from './probe-parked.ts';
import {createPump} from './pump.ts';
import type {Routes} from './routes.ts';

/** Posts in flight to one platform, of each kind. */
const postsInFlight = 64;
/** With those whose answers are being written down. */
const claimsInFlight = 256;
/** A channel may have had a bad post only: no agent waits a minute for the others. */
const rules: BreakerRules = {...breakerRules, longestOpenMs: 30_000};

export interface ToPlatformOptions {
  kind: 'inbound' | 'receipt';
  store: Store;
  name: string;
  /** As it is at present. */
  platform(): Platform;
  routes: Routes;
  gates: Gates;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
  noise(): number;
}

/**
 * Inbound messages or receipts to one platform; each kind has a pump of its own, so receipts never hold up inbound messages. Each channel's URL is a
 * destination of its own: one that fails rests, and the others go on.
 */
export function createToPlatform(options: ToPlatformOptions): Destination {
  const {kind, store, name, routes, gates, log, now} = options;
  const healths = new Map<string, Health>();
  let stopped = false;
  const posting = createHolders(() => pump.wake());
  const {attempt, end, giveBack, putOff} = createPost({...options, healthOf, park: gates.park});

  function healthOf(queue: string): Health {
    const known = healths.get(queue);
    if (known !== undefined) return known;
    const {channel} = parseQueueName(queue);
    const health = createHealth({of: {kind, name, channel}, rules, log, now, noise: options.noise});
    healths.set(queue, health);
    return health;
  }

  /** One at a time of what is being tried again. */
  function isOpen(queue: string): boolean {
    const phase = healths.get(queue)?.phase() ?? 'closed';
    return gates.isOpen(queue) && (phase === 'closed' || (phase === 'half-open' && !pump.holds(queue)));
  }

  function takes(queue: string): boolean {
    return gates.isOpen(queue) && (healths.get(queue)?.phase() ?? 'closed') === 'closed';
  }

  const pump = createPump({
    queues: () => ({interactive: routes.ofPlatform(kind, name).filter(isOpen), bulk: []}),
    room: () => Math.min(postsInFlight - posting.count(), claimsInFlight - pump.inFlight()),
    waitMs: () => 0,
    claim,
    // What others may have taken over they post, or have posted.
    run: claimed => (isHeld(store, claimed) ? posting.hold(free => post(claimed, free)) : putOff(claimed)),
    giveBack,
    offers: {takes},
    log,
  });

  async function post(claimed: Claim, onTaken: () => void): Promise<void> {
    const tried = await attempt(claimed);
    if (tried.outcome.kind === 'taken') onTaken();
    await end(tried);
  }

  async function claim(queues: string[], limit: number): Promise<Claimed> {
    const tried = queues.filter(queue => (healths.get(queue)?.phase() ?? 'closed') !== 'closed').slice(0, limit);
    return tried.length === 0 ? claimFrom(store, queues, limit) : claimApart(store, queues, tried, limit);
  }

  /** For the probe, which posts by itself. */
  async function claimHeld(queues: string[], limit: number): Promise<Claim[]> {
    const claims = await store.claim(queues, limit);
    if (claims.every(claimed => isHeld(store, claimed))) return claims;
    await Promise.all(claims.map(putOff));
    throw new StoreUnavailable('this replica has been given up since it claimed');
  }

  return {
    kind,
    pump,
    probe: createParkedProbe({
      store: {claim: claimHeld},
      attempt,
      end,
      giveBack,
      isHeld: claimed => isHeld(store, claimed),
      mayGoOn: queue => !stopped && !gates.isPaused(queue),
      now,
    }),
    renew: pump.wakeAll,
    health() {
      const served = new Set(routes.ofPlatform(kind, name));
      // Nothing is posted any more that could tell of the others.
      for (const queue of healths.keys()) if (!served.has(queue)) healths.delete(queue);
      return [...healths.values()].map(health => health.status());
    },
    stop() {
      stopped = true;
      return pump.stop();
    },
  };
}

/** One each of those that are being tried again, and what there is room for of the others. */
export async function claimApart(
  store: Pick<Store, 'claim'>,
  queues: readonly string[],
  tried: readonly string[],
  limit: number,
): Promise<Claimed> {
  const single = await Promise.allSettled(tried.map(queue => claimFrom(store, [queue], 1)));
  const claims = single.flatMap(one => (one.status === 'fulfilled' ? one.value.claims : []));
  const failed = single.find(({status}) => status === 'rejected');
  if (failed?.status === 'rejected') unlessHeld(claims, tried)(failed.reason);
  const others = queues.filter(queue => !tried.includes(queue));
  const left = limit - claims.length;
  if (others.length === 0 || left < 1) return {claims, more: [...tried, ...others]};
  const rest = await claimFrom(store, others, left).catch(unlessHeld(claims, others));
  return {claims: [...claims, ...rest.claims], more: [...tried, ...rest.more]};
}
