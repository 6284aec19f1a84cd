import type {Carrier, SenderTrouble} from '../carriers/carrier.ts';
import type {HealthStatus} from '../core/breaker.ts';
import type {Channel} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {JobKind, Outbound} from '../core/message.ts';
import type {Meter} from '../core/meter.ts';
import {carrierDestination, platformDestination, toDestination} from '../core/queue.ts';
import type {Tracer} from '../core/tracer.ts';
import type {Platform} from '../platforms/platform.ts';
import type {Offer, Retention, Start, Store} from '../store/store.ts';
import {toOffer} from './all-offers.ts';
import type {Destination} from './destination.ts';
import {createRounds} from './every.ts';
import {createFailover} from './failover.ts';
import {createGates, type Gates} from './gates.ts';
import {createGuard} from './guard.ts';
import {createLookUp} from './look-up.ts';
import {createRoutes, type Routes} from './routes.ts';
import {createSenderTrouble} from './sender-trouble.ts';
import type {PartGroup} from './take-inbound.ts';
import {createToCarrier, type ToCarrier} from './to-carrier.ts';
import {createToPlatform} from './to-platform.ts';
import {startUpkeep} from './upkeep.ts';

const roundMs = 1000;

export interface DeliveryOptions {
  store: Store;
  channels(): readonly Channel[];
  carriers(): ReadonlyMap<string, Carrier>;
  platforms(): ReadonlyMap<string, Platform>;
  takeGroup(carrier: string, group: PartGroup): Promise<unknown>;
  /** ISO codes of the countries a number can belong to. */
  countriesOf(phone: string): readonly string[];
  retention: Omit<Retention, 'limit'>;
  log: Log;
  meter: Meter;
  /** None where nobody asked for traces. */
  tracer?: Tracer | undefined;
  now(): number;
  noise(): number;
}

export interface Delivery {
  start(): Promise<void>;
  /** These queues have a head to claim. */
  wake(queues: readonly string[]): void;
  /** Room of destinations for jobs of these kinds. */
  offer(kinds: ReadonlySet<JobKind>): Offer | undefined;
  /** How a text that is about to be stored would leave by this carrier; undefined: not before it was claimed. */
  firstStart(carrier: string, channel: Channel, text: Outbound): Start['plan'] | undefined;
  /** This carrier may have room. */
  wakeCarrier(carrier: string): void;
  /** Not of one text but of a sender: it is slowed, or its queues are parked. Never rejects. */
  troubled(carrier: string, trouble: SenderTrouble): Promise<void>;
  gates: Gates;
  /** Carriers, platforms, channels or rates are others: what came is served from now on, what went no longer. */
  renew(): Promise<void>;
  /** Whether one of this queue's jobs is under way. */
  holds(queue: string): boolean;
  /** Every queue there is; known once started. */
  routes(): Routes;
  /** For people: what a carrier may send a second at present, and how many texts are under way. */
  paceOf(carrier: string): {rate: number; inFlight: number} | undefined;
  /** How well each account and each URL that was tried is, as this replica found it. */
  health(): HealthStatus[];
  /** Claims nothing more, finishes what is in flight. */
  stop(): Promise<void>;
}

/** The way out: a pump for each carrier, two for each platform, and what time alone brings about. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const {store, channels, carriers, platforms, log, now} = options;
  const destinations = new Map<string, Destination>();
  const outward = new Map<string, ToCarrier>();
  const rounds = createRounds(log);
  const gates = createGates({store, log, now, onOpened: wakeAll});
  const rests = (name: string) =>
    destinations
      .get(carrierDestination(name))
      ?.health()
      .some(({breaker}) => breaker !== 'closed') ?? false;
  const {isStopping} = rounds;
  const failover = createFailover({store, channels, carriers, rests, gates, isStopping, log, now});
  const guard = createGuard(options);
  let routes = createRoutes(channels, []);

  async function start(): Promise<void> {
    const stored = (await store.depths()).map(({queue}) => queue);
    routes = createRoutes(channels, stored);
    await gates.start();
    open();
    const lookUp = createLookUp({store, carriers, routes, log});
    startUpkeep({...options, routes, rounds, lookUp, lookUpAfterMs: name => carriers().get(name)?.lookUpAfterMs});
    rounds.every(roundMs, 'failover', failover.sweep);
    rounds.every(roundMs, 'probe', probeParked);
    wakeAll();
  }

  /** A destination for each that has none yet. */
  function open(): void {
    const {meter, tracer, noise} = options;
    const {afterRefusal} = failover;
    const common = {store, routes, gates, guard, log, meter, tracer, now, noise, afterRefusal};
    for (const [name, first] of carriers()) {
      if (outward.has(name)) continue;
      const destination = createToCarrier({...common, name, carrier: toLatest(first, () => carriers().get(name))});
      destinations.set(carrierDestination(name), destination);
      outward.set(name, destination);
    }
    for (const [name, first] of platforms()) {
      for (const kind of ['inbound', 'receipt'] as const) {
        if (destinations.has(platformDestination(kind, name))) continue;
        const platform = toLatest(first, () => platforms().get(name));
        destinations.set(platformDestination(kind, name), createToPlatform({...common, kind, name, platform}));
      }
    }
  }

  /** Those nothing is behind any more: nothing waited for them when they went. */
  async function close(): Promise<void> {
    const wanted = new Set([
      ...[...carriers().keys()].map(carrierDestination),
      ...[...platforms().keys()].flatMap(name => [
        platformDestination('inbound', name),
        platformDestination('receipt', name),
      ]),
    ]);
    const gone = [...destinations].filter(([key]) => !wanted.has(key));
    for (const [key] of gone) destinations.delete(key);
    for (const name of [...outward.keys()].filter(key => !carriers().has(key))) outward.delete(name);
    await Promise.all(gone.map(([, destination]) => destination.stop()));
  }

  /** One job of each parked queue is tried now and then; when it passes, all of them do. */
  async function probeParked(): Promise<void> {
    for (const queue of gates.toProbe(now())) {
      if (isStopping()) return;
      const destination = destinations.get(toDestination(queue));
      const passes = destination === undefined ? isEmpty(queue) : destination.probe(queue);
      if (await passes) await gates.unpark(queue);
    }
  }

  /** Its carrier or platform has left: nobody could mend it. */
  async function isEmpty(queue: string): Promise<boolean> {
    return (await store.depths()).every(depth => depth.queue !== queue);
  }

  function wakeAll(): void {
    for (const {pump} of destinations.values()) pump.wakeAll();
  }

  return {
    start,
    async renew() {
      open();
      const closed = close();
      for (const destination of destinations.values()) destination.renew();
      await closed;
    },
    holds: queue => destinations.get(toDestination(queue))?.pump.holds(queue) ?? false,
    gates,
    routes: () => routes,
    wake(queues) {
      for (const [key, names] of Map.groupBy(queues, toDestination)) destinations.get(key)?.pump.wake(names);
    },
    offer: kinds => toOffer(kinds, destinations),
    firstStart: (carrier, channel, text) => outward.get(carrier)?.firstStart(channel, text),
    troubled: createSenderTrouble({
      channels,
      gates,
      slow: (carrier, queue, retryAfterMs) => outward.get(carrier)?.slow(queue, retryAfterMs),
    }),
    wakeCarrier: name => destinations.get(carrierDestination(name))?.pump.wakeAll(),
    paceOf(name) {
      const rate = outward.get(name)?.rate();
      const inFlight = destinations.get(carrierDestination(name))?.pump.inFlight();
      return rate === undefined || inFlight === undefined ? undefined : {rate, inFlight};
    },
    health: () => [...destinations.values()].flatMap(destination => destination.health()),
    async stop() {
      gates.stop();
      await Promise.all([rounds.stop(), ...[...destinations.values()].map(destination => destination.stop())]);
    },
  };
}

/** What is there under a name, or was last: whoever is being stopped still asks. */
function toLatest<Party>(first: Party, find: () => Party | undefined): () => Party {
  let known = first;
  return () => {
    known = find() ?? known;
    return known;
  };
}
