import {randomFillSync, randomUUID} from 'node:crypto';
import type Router from '@koa/router';
import {createCast, type Served} from './cast.ts';
import type {Config} from './config.ts';
import {createLive, derive} from './core/live.ts';
import type {Log} from './core/log.ts';
import {StoreUnavailable} from './core/store-unavailable.ts';
import {createHttp} from './http.ts';
import {createLife} from './life.ts';
import {toSafeFields} from './log.ts';
import {createObservation, type Phase, type Reloaded} from './management/index.ts';
import {createManagementPort} from './management-port.ts';
import {createCountriesOf} from './numbers.ts';
import {joinParts, openMedia} from './open-media.ts';
import {createExaminations, createPlatforms, toCarrierRouters} from './parties.ts';
import type {Platform} from './platforms/platform.ts';
import {openPrivacy} from './privacy.ts';
import {createDelivery, type Delivery} from './relay/deliver.ts';
import {createIntake} from './relay/intake.ts';
import {createOperations} from './relay/operations.ts';
import {createStoreClock} from './relay/store-clock.ts';
import {createReloading, type ReadConfig} from './reload.ts';
import {type Moved, moveStore, openStore, type SetAside, setStoreAside} from './store/index.ts';

export {StoreUnavailable} from './core/store-unavailable.ts';
export {createNumberAccounts} from './parties.ts';
export {StoreRefused} from './store/index.ts';

export interface GatewayOptions {
  config: Config;
  log: Log;
  /** The gateway can't go on (its store is gone): end the process. */
  onLost(error: Error): void;
  /** Reads the configuration again, as it stands in its files now. */
  readConfig: ReadConfig;
  /** Unix ms; a test may give its own. */
  now?(): number;
  /** 0 to 1. */
  noise?(): number;
}

export interface Gateway {
  publicPort: number;
  managementPort: number;
  /** Reads the configuration again and takes it over. `by`: who or what asked for it. */
  reload(by: string): Promise<Reloaded>;
  /** Not ready any more, still taking: balancers notice. */
  drain(): void;
  /** Stops taking, finishes what is in flight, closes. Never rejects. */
  stop(): Promise<void>;
}

/** The platforms of a configuration for commands that ask them something: what they hand in is refused. */
export function openPlatforms(config: Config, log: Log): ReadonlyMap<string, Platform> {
  const outbound = () => Promise.reject(new StoreUnavailable('a command takes no messages'));
  const intake = {platformEvents: {outbound}};
  return createPlatforms(config, {intake, log, now: Date.now, ...ids}, () => new Map()).platforms;
}

/** The parties of a configuration for `doctor` to look at; nothing is taken from them. */
export function openParties(config: Config, log: Log) {
  const opened = [...openPlatforms(config, log)];
  return {
    carriers: createExaminations(config),
    platforms: new Map(
      opened.flatMap(([name, {examine}]) => (examine === undefined ? [] : [[name, examine()] as const])),
    ),
    now: Date.now,
    close: async () => void (await Promise.all(opened.map(([, platform]) => platform.stop()))),
  };
}

/** For the command that moves a store to another engine. */
export function moveStoreTo(from: string, to: string, log: Log, tell: (line: string) => void): Promise<Moved> {
  return moveStore({from, to, now: Date.now(), log, tell});
}

/** For the command that says a stopped gateway's store is a backup. */
export function setRestoredAside({store: url, secrecy}: Config, log: Log): Promise<SetAside> {
  return setStoreAside({url, secrecy, log, now: Date.now});
}

const ids = {newId: randomUUID, newTraceId: createTraceIds()};

/** A receipt whose text never turns up is forgotten after this. */
const parkedReceiptMs = 3_600_000;

/** Puts the parts together and starts them in order; resolves when everything that arrives is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const {config, onLost, readConfig, now: ownNow = Date.now, noise = Math.random} = options;
  const {eventWebhook} = config.management;
  const {publicUrl, limits, listen, traces} = config;
  const observation = createObservation({log: options.log, now: ownNow, toSafeFields, eventWebhook, traces});
  const {log, meter, tracer} = observation;
  const live = createLive<Served>({config, carriers: new Map(), platforms: new Map(), platformRouters: []});
  const served = {
    channels: () => live.current().config.channels,
    carriers: () => live.current().carriers,
    platforms: () => live.current().platforms,
  };
  let delivery: Delivery | undefined;
  let phase: Phase = 'starting';

  const store = await openStore({
    url: config.store,
    ...limits,
    secrecy: config.secrecy,
    now: ownNow,
    log,
    meter,
    offer: kinds => delivery?.offer(kinds),
    onReady: queues => delivery?.wake(queues),
    onLost,
  });
  const now = createStoreClock(ownNow, store.replicas);
  const intake = createIntake({
    store,
    channels: served.channels,
    refusing: text => delivery?.gates.refusing(text),
    firstStart: (carrier, channel, text) => delivery?.firstStart(carrier, channel, text),
    join: (carrier, parts) => joinParts(served.carriers().get(carrier), parts),
    onReady: carrier => delivery?.wakeCarrier(carrier),
    onTroubled: async (carrier, trouble) => delivery?.troubled(carrier, trouble),
    log,
    meter,
    tracer,
    now,
    ...ids,
  });
  const media = openMedia({...served, publicUrl, store, now});
  const rules = {retention: {...config.retention, parkedReceiptMs}, countriesOf: createCountriesOf()};
  const {takeGroup} = intake;
  const relay = createDelivery({...served, ...rules, store, takeGroup, log, meter, tracer, now, noise});
  delivery = relay;
  const parties = {...served, publicUrl, intake, media, replicas: store.replicas, log, now, noise, ...ids};
  const cast = createCast({live, parties, delivery: relay});
  await cast.prepare(config).apply();
  const operations = createOperations({...served, store, gates: relay.gates, onOptedOut: intake.optedOut, log, now});
  const {recorder, forget} = openPrivacy({...served, config, store, log, now});
  const routers = derive(live.current, toRouters);
  const http = createHttp({...listen, routers, rawBody: true, before: recorder.middleware, log, meter});
  const {secure} = http;
  const reloading = createReloading({live, cast, readConfig, secure, store, delivery: relay, log, now});
  const own = {live, reloading, operations, delivery, observation, recorder, forget};
  const management = createManagementPort({...own, phase: () => phase, onOptedOut: intake.optedOut, store, log, now});

  const life = createLife(log);
  life.started(observation.stop);
  life.started(() => store.close());
  try {
    const managementPort = await life.start(management.start, management.stop);
    life.started(intake.stop);
    life.started(cast.stopPlatforms);
    await life.start(startSending, stopSending);
    await life.start(forget.start, forget.stop);
    const publicPort = await life.start(http.start, http.stop);
    phase = 'serving';
    life.started(reloading.stop);
    const channels = config.channels.length;
    log.info('gateway.started', {host: listen.host, port: publicPort, managementPort, channels});
    return {publicPort, managementPort, reload: reloading.reload, drain, stop: life.stop};
  } catch (error) {
    await life.stop();
    throw error;
  }

  function toRouters({config: {carriers: named}, carriers, platformRouters}: Served): Router[] {
    const mediaRouters = media === undefined ? [] : [media.router];
    return [...toCarrierRouters(carriers, named), ...platformRouters, ...mediaRouters];
  }

  async function startSending(): Promise<void> {
    await cast.startCarriers();
    await relay.start();
  }

  /** Together: the relay waits for the carriers, and they know how long; what it still holds they hand back. */
  async function stopSending(): Promise<void> {
    const carriersStopped = cast.stopCarriers();
    await relay.stop().finally(() => carriersStopped);
  }

  function drain(): void {
    phase = 'stopping';
  }
}

/** 32 hex digits each, of random bytes drawn for many at once: by themselves they would cost a call into OpenSSL each. */
function createTraceIds(): () => string {
  const bytes = Buffer.alloc(4096);
  let at = bytes.length;
  return () => {
    if (at === bytes.length) {
      randomFillSync(bytes);
      at = 0;
    }
    at += 16;
    return bytes.toString('hex', at - 16, at);
  };
}
