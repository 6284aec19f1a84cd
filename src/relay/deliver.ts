import type {Carrier, SenderTrouble} from '../carriers/carrier.ts';
import type {Channel} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import type {Platform} from '../platforms/platform.ts';
import type {Retention, Store} from '../store/store.ts';
import {carrierKey, type Destination, platformKey, toDestinationKey} from './destination.ts';
import {createRounds} from './every.ts';
import {createFailover} from './failover.ts';
import {createGates, type Gates} from './gates.ts';
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
  channels: readonly Channel[];
  carriers: ReadonlyMap<string, Carrier>;
  platforms: ReadonlyMap<string, Platform>;
  takeGroup(carrier: string, group: PartGroup): Promise<unknown>;
  retention: Omit<Retention, 'limit'>;
  log: Log;
  meter: Meter;
  now(): number;
  noise(): number;
}

export interface Delivery {
  start(): Promise<void>;
  /** These queues have a head to claim. */
  wake(queues: readonly string[]): void;
  /** This carrier may have room. */
  wakeCarrier(carrier: string): void;
  /** Not of one text but of a sender: it is slowed, or its queues are parked. Never rejects. */
  troubled(carrier: string, trouble: SenderTrouble): Promise<void>;
  gates: Gates;
  /** Every queue there is; known once started. */
  routes(): Routes;
  /** For people: what a carrier may send a second at present, and how many texts are under way. */
  paceOf(carrier: string): {rate: number; inFlight: number} | undefined;
  /** Claims nothing more, finishes what is in flight. */
  stop(): Promise<void>;
}

/** The way out: a pump for each carrier, two for each platform, and what time alone brings about. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const {store, channels, carriers, platforms, log, meter, now, noise} = options;
  const destinations = new Map<string, Destination>();
  const outward = new Map<string, ToCarrier>();
  const rounds = createRounds(log);
  const gates = createGates({store, log, now, onOpened: wakeAll});
  const failover = createFailover({store, channels, carriers, gates, log, now});
  let routes = createRoutes(channels, []);

  async function start(): Promise<void> {
    const stored = (await store.depths()).map(({queue}) => queue);
    routes = createRoutes(channels, stored);
    await gates.start();
    const common = {store, routes, gates, log, meter, now, noise};
    for (const carrier of carriers.values()) {
      const destination = createToCarrier({...common, carrier, nextCarrier: failover.nextCarrier});
      destinations.set(carrierKey(carrier.name), destination);
      outward.set(carrier.name, destination);
    }
    for (const platform of platforms.values()) {
      for (const kind of ['inbound', 'receipt'] as const) {
        destinations.set(platformKey(kind, platform.name), createToPlatform({...common, kind, platform}));
      }
    }
    const lookUp = createLookUp({store, carriers, routes, log});
    startUpkeep({...options, routes, rounds, lookUp, lookUpAfterMs: name => carriers.get(name)?.lookUpAfterMs});
    rounds.every(roundMs, 'failover', failover.sweep);
    rounds.every(roundMs, 'probe', probeParked);
    wakeAll();
  }

  /** One job of each parked queue is tried now and then; when it passes, all of them do. */
  async function probeParked(): Promise<void> {
    for (const queue of gates.toProbe(now())) {
      const destination = destinations.get(toDestinationKey(queue));
      if (destination !== undefined && (await destination.probe(queue))) await gates.unpark(queue);
    }
  }

  function wakeAll(): void {
    for (const {pump} of destinations.values()) pump.wakeAll();
  }

  return {
    start,
    gates,
    routes: () => routes,
    wake(queues) {
      for (const [key, names] of Map.groupBy(queues, toDestinationKey)) destinations.get(key)?.pump.wake(names);
    },
    troubled: createSenderTrouble({
      channels,
      gates,
      slow: (carrier, queue, retryAfterMs) => outward.get(carrier)?.slow(queue, retryAfterMs),
    }),
    wakeCarrier: name => destinations.get(carrierKey(name))?.pump.wakeAll(),
    paceOf(name) {
      const rate = outward.get(name)?.rate();
      const inFlight = destinations.get(carrierKey(name))?.pump.inFlight();
      return rate === undefined || inFlight === undefined ? undefined : {rate, inFlight};
    },
    async stop() {
      gates.stop();
      await Promise.all([rounds.stop(), ...[...destinations.values()].map(destination => destination.stop())]);
    },
  };
}
