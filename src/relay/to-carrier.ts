import type {Carrier} from '../carriers/carrier.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import type {Outcome} from '../core/outcome.ts';
import {createSteadyClock} from '../core/steady-clock.ts';
import type {Tracer} from '../core/tracer.ts';
import type {Claim, Store} from '../store/store.ts';
import {type Claimed, claimFrom, unlessHeld} from './claimed.ts';
import type {Destination} from './destination.ts';
import type {Moving} from './failover.ts';
import {createFirstStart, type FirstStart} from './first-start.ts';
import type {Gates} from './gates.ts';
import type {Guard} from './guard.ts';
import {createHealth} from './health.ts';
import {createHolders} from './holders.ts';
import {createPaces} from './paces.ts';
import {createPlaces} from './places.ts';
import {createPump} from './pump.ts';
import type {Routes} from './routes.ts';
import {createSend} from './send.ts';
import {createSenders} from './senders.ts';

/** With those whose answers are being written down, so many times what the window holds may be claimed. */
const unsettledWindows = 2;
/** Of a parked queue, at one probe. */
const mostUntried = 10;

export interface ToCarrierOptions {
  store: Store;
  name: string;
  /** As it is at present. */
  carrier(): Carrier;
  routes: Routes;
  gates: Gates;
  guard: Guard;
  afterRefusal(text: Moving, carrier: string, isFirstTry: boolean): string | undefined;
  log: Log;
  meter: Meter;
  tracer?: Tracer | undefined;
  now(): number;
  noise(): number;
}

export interface ToCarrier extends Destination {
  firstStart: FirstStart;
  /** Segments a second at present. */
  rate(): number;
  /** The carrier told of its own accord that this queue's sender is too fast. */
  slow(queue: string, retryAfterMs?: number): void;
}

/** Everything outbound that goes by one carrier: as much at once as its window and its pace allow. */
export function createToCarrier(options: ToCarrierOptions): ToCarrier {
  const {store, name, carrier, routes, gates, guard, afterRefusal, log, meter, tracer, now, noise} = options;
  const steady = createSteadyClock(now);
  const openPace = createPaces({store, now: steady, onRoom: () => pump.wake()});
  const pace = openPace(name, carrier().messagesPerSecond);
  const senders = createSenders(carrier, routes, openPace);
  const places = createPlaces(pace, senders, steady);
  const health = createHealth({of: {kind: 'carrier', name}, log, now, noise});
  let hadLink = true;
  /** Claims that are in the window, or on their way to it. */
  const inWindow = createHolders(() => pump.wake());
  const common = {
    store,
    name,
    carrier,
    places,
    findChannel: routes.find,
    gates,
    guard,
    health,
    afterRefusal,
    log,
    meter,
    tracer,
    now,
    noise,
  };
  const {send, giveBack} = createSend({...common, park: gates.park});
  const isOpen = (queue: string) => gates.isOpen(queue) && places.roomOf(queue) >= 1;

  const pump = createPump({
    queues() {
      const {interactive, bulk} = routes.ofCarrier(name);
      return {interactive: interactive.filter(isOpen), bulk: bulk.filter(isOpen)};
    },
    room(priority) {
      const window = watchedWindow();
      const unsettled = unsettledWindows * window - pump.inFlight();
      return Math.min(health.room(window, inWindow.count()), unsettled, places.room(priority));
    },
    waitMs: () => Math.max(places.waitMs(), health.waitMs()),
    claim: (queues, limit) => claimInTurn(store, queues, limit, places.roomOf),
    run(claimed) {
      places.take(claimed.queue);
      return inWindow.hold(free => send(claimed, free));
    },
    giveBack,
    offers: {
      // Of a sender with a limit of its own is asked for what it has room for.
      takes: queue => gates.isOpen(queue) && places.roomOf(queue) === Number.POSITIVE_INFINITY,
      keepsLast: store.replicas !== undefined,
    },
    log,
  });

  /** A link that stands again speaks for the account. */
  function watchedWindow(): number {
    const window = carrier().window();
    if (window > 0 && !hadLink) health.reconsider();
    hadLink = window > 0;
    return window;
  }

  /** What is not sent at all (held back, forbidden, over) shows nothing: then another is tried. */
  async function probe(queue: string): Promise<boolean> {
    const outcomes: Outcome[] = [];
    const trial = createSend({
      ...common,
      health: {
        ...health,
        learn(outcome) {
          outcomes.push(outcome);
          return health.learn(outcome);
        },
      },
      park: async (parked, reason, retryAfterMs) => {
        if (retryAfterMs !== undefined) await gates.park(parked, reason, retryAfterMs);
      },
    });
    for (let untried = 0; untried < mostUntried; untried += 1) {
      if (carrier().window() - pump.inFlight() < 1 || places.room('interactive') < 1) return false;
      const [claimed] = gates.isPaused(queue) ? [] : await store.claim([queue], 1);
      if (claimed === undefined) return untried === 0 && !gates.isPaused(queue);
      places.take(queue);
      await trial.send(claimed);
      const [outcome] = outcomes;
      if (outcome !== undefined) return isPassing(outcome);
    }
    return false;
  }

  return {
    kind: 'outbound',
    pump,
    probe,
    firstStart: createFirstStart({carrier, guard, hasRoom: pump.hasRoom}),
    rate: () => pace.rate(steady()),
    health: () => [health.status()],
    slow: (queue, retryAfterMs) => places.throttled(queue, {of: 'sender', retryAfterMs}, noise()),
    renew() {
      pace.change(carrier().messagesPerSecond);
      senders.renew(steady());
      pump.wakeAll();
    },
    async stop() {
      places.stop();
      await pump.stop();
    },
  };
}

/** No answer, or one about something else, is no sign that what parked the queue is mended. */
function isPassing(outcome: Outcome): boolean {
  if (outcome.kind !== 'unavailable') return outcome.kind !== 'unknown';
  return outcome.scope === 'throttled' || outcome.isWell === true;
}

/**
 * A queue whose sender has a limit of its own is asked for no more than that. Those without one come together, in the turn of the first; and what finds
 * no place left may hold more.
 */
export async function claimInTurn(
  store: Pick<Store, 'claim'>,
  queues: string[],
  limit: number,
  roomOf: (queue: string) => number,
): Promise<Claimed> {
  const isLimited = new Set(queues.filter(queue => roomOf(queue) < limit));
  const turns = [...Map.groupBy(queues, queue => (isLimited.has(queue) ? queue : '')).values()];
  const claims: Claim[] = [];
  const all: string[] = [];
  for (const names of turns) {
    const most = Math.min(limit - claims.length, ...names.map(roomOf));
    const none: Claimed = {claims: [], more: names};
    const found = most < 1 ? none : await claimFrom(store, names, most).catch(unlessHeld(claims, names));
    claims.push(...found.claims);
    all.push(...found.more);
  }
  return {claims, more: all};
}
