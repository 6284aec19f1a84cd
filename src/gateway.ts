import {randomBytes, randomUUID} from 'node:crypto';
import type {Carrier} from './carriers/carrier.ts';
import type {Config} from './config.ts';
import type {HeldPart} from './core/event.ts';
import type {Log} from './core/log.ts';
import {createHttp} from './http.ts';
import {createCarriers, createPlatforms} from './parties.ts';
import {createDelivery, type Delivery} from './relay/deliver.ts';
import {createIntake} from './relay/intake.ts';
import {openStore} from './store/index.ts';

export interface GatewayOptions {
  config: Config;
  log: Log;
  /** The gateway can't go on (its store is gone): end the process. */
  onLost(error: Error): void;
  /** Unix ms; a test may give its own. */
  now?(): number;
  /** 0 to 1. */
  noise?(): number;
}

export interface Gateway {
  publicPort: number;
  managementPort: number;
  /** Not ready any more, still taking: balancers notice. */
  drain(): void;
  /** Stops taking, finishes what is in flight, closes. Never rejects. */
  stop(): Promise<void>;
}

/** A receipt whose text never turns up is forgotten after this. */
const parkedReceiptMs = 3_600_000;

/** Puts the parts together and starts them in order; resolves when everything that arrives is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const {config, log, onLost, now = Date.now, noise = Math.random} = options;
  const {channels, limits, listen} = config;
  const ready = {draining: false};
  let delivery: Delivery | undefined;
  let carriers: ReadonlyMap<string, Carrier> = new Map();

  const store = await openStore({
    url: config.store,
    maxOutbound: limits.maxOutbound,
    now,
    log,
    onReady: queues => delivery?.wake(queues),
    onLost,
  });
  const intake = createIntake({
    store,
    channels,
    join: (carrier, parts) => joinParts(carriers.get(carrier), parts),
    onReady: carrier => delivery?.wakeCarrier(carrier),
    log,
    now,
    newId: randomUUID,
    newTraceId: () => randomBytes(16).toString('hex'),
  });
  const parties = {config, intake, log, now, noise, newId: randomUUID};
  const outward = createCarriers(parties);
  const inward = createPlatforms(parties);
  carriers = outward.carriers;
  const {platforms} = inward;
  const retention = {...config.retention, parkedReceiptMs};
  const {takeGroup} = intake;
  delivery = createDelivery({store, channels, carriers, platforms, takeGroup, retention, log, now, noise});
  const routers = [...outward.routers, ...inward.routers];
  const http = createHttp({...listen, routers, rawBody: true, log});

  await delivery.start();
  await Promise.all([...carriers.values()].map(carrier => carrier.start()));
  const publicPort = await http.start();
  log.info('gateway.started', {host: listen.host, port: publicPort, channels: channels.length});
  const relay = delivery;

  return {
    publicPort,
    managementPort: 0,
    drain: () => {
      ready.draining = true;
    },
    async stop() {
      await http.stop();
      await relay.stop();
      await Promise.all([...carriers.values()].map(carrier => carrier.stop()));
      await Promise.all([...platforms.values()].map(platform => platform.stop()));
      await intake.stop();
      await store.close();
      log.info('gateway.stopped');
    },
  };
}

/** Of a carrier that left the configuration nobody can read the parts any more: their bytes are shown instead, none is lost. */
function joinParts(carrier: Carrier | undefined, parts: readonly HeldPart[]): {text: string; missing: number} {
  const asBytes = {text: parts.map(({body}) => body).join(' '), missing: (parts[0]?.total ?? 0) - parts.length};
  return carrier?.join?.(parts) ?? asBytes;
}
