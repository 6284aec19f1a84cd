import type {Carrier} from '../carriers/carrier.ts';
import type {Channel} from '../core/channel.ts';
import type {Log} from '../core/log.ts';
import {createPace} from '../core/pace.ts';
import type {Store} from '../store/store.ts';
import type {Destination} from './destination.ts';
import type {Gates} from './gates.ts';
import {createPlaces} from './places.ts';
import {createPump} from './pump.ts';
import type {Routes} from './routes.ts';
import {createSend} from './send.ts';

export interface ToCarrierOptions {
  store: Store;
  carrier: Carrier;
  routes: Routes;
  gates: Gates;
  nextCarrier(channel: Channel, carrier: string): string | undefined;
  log: Log;
  now(): number;
  noise(): number;
}

/** Everything outbound that goes by one carrier: as much at once as its window and its pace allow. */
export function createToCarrier(options: ToCarrierOptions): Destination & {rate(): number} {
  const {store, carrier, routes, gates, nextCarrier, log, now, noise} = options;
  const pace = createPace(carrier.messagesPerSecond);
  const places = createPlaces(pace, now);
  const common = {store, carrier, pace, places, findChannel: routes.find, nextCarrier, log, now, noise};
  const {send} = createSend({...common, park: gates.park});
  const all = routes.ofCarrier(carrier.name);

  const pump = createPump({
    queues: () => ({interactive: all.interactive.filter(gates.isOpen), bulk: all.bulk.filter(gates.isOpen)}),
    room: () => Math.min(carrier.window() - pump.inFlight(), places.room()),
    waitMs: places.waitMs,
    claim: store.claim,
    run(claim) {
      places.take();
      return send(claim);
    },
    log,
  });

  async function probe(queue: string): Promise<boolean> {
    if (carrier.window() - pump.inFlight() < 1 || places.room() < 1) return false;
    const [claim] = await store.claim([queue], 1);
    if (claim === undefined) return true;
    let passed = true;
    const trial = createSend({
      ...common,
      park: async () => {
        passed = false;
      },
    });
    places.take();
    await trial.send(claim);
    return passed;
  }

  return {
    pump,
    probe,
    rate: () => pace.rate(now()),
    async stop() {
      places.stop();
      await pump.stop();
    },
  };
}
