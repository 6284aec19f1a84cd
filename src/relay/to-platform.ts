import type {Log} from '../core/log.ts';
import type {Meter} from '../core/meter.ts';
import type {Platform} from '../platforms/platform.ts';
import type {Store} from '../store/store.ts';
import type {Destination} from './destination.ts';
import type {Gates} from './gates.ts';
import {createPost} from './post.ts';
import {claimFrom, createPump} from './pump.ts';
import type {Routes} from './routes.ts';

/** Posts in flight to one platform, of each kind. */
const postsInFlight = 64;

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
  now(): number;
  noise(): number;
}

/** Inbound messages or receipts to one platform; each kind has a pump of its own, so receipts never hold up inbound messages. */
export function createToPlatform(options: ToPlatformOptions): Destination {
  const {kind, store, name, platform, routes, gates, log, meter, now, noise} = options;
  const {post, giveBack} = createPost({store, name, platform, park: gates.park, log, meter, now, noise});

  const pump = createPump({
    queues: () => ({interactive: routes.ofPlatform(kind, name).filter(gates.isOpen), bulk: []}),
    room: () => postsInFlight - pump.inFlight(),
    waitMs: () => 0,
    claim: (queues, limit) => claimFrom(store, queues, limit),
    async run(claim) {
      await post(claim);
    },
    giveBack,
    log,
  });

  return {
    pump,
    async probe(queue) {
      const [claim] = await store.claim([queue], 1);
      return claim === undefined || post(claim);
    },
    renew: pump.wakeAll,
    stop: pump.stop,
  };
}
