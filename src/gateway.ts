import {randomBytes, randomUUID} from 'node:crypto';
import type {Carrier} from './carriers/carrier.ts';
import type {Config} from './config.ts';
import type {HeldPart} from './core/event.ts';
import type {Log} from './core/log.ts';
import {StoreUnavailable} from './core/store-unavailable.ts';
import {createHttp} from './http.ts';
import {createLife} from './life.ts';
import {toSafeFields} from './log.ts';
import {createObservation} from './management/index.ts';
import {createManagementPort} from './management-port.ts';
import {createMediaService, type MediaService} from './media/index.ts';
import {createCountriesOf} from './numbers.ts';
import {createCarriers, createExaminations, createPlatforms} from './parties.ts';
import type {Platform} from './platforms/platform.ts';
import {openPrivacy} from './privacy.ts';
import {createDelivery, type Delivery} from './relay/deliver.ts';
import {createIntake} from './relay/intake.ts';
import {createOperations} from './relay/operations.ts';
import {type Moved, moveStore, openStore, type SetAside, setStoreAside} from './store/index.ts';
import type {Store} from './store/store.ts';

export {StoreUnavailable} from './core/store-unavailable.ts';
export {createNumberAccounts} from './parties.ts';
export {StoreRefused} from './store/index.ts';

export interface GatewayOptions {
  config: Config;
  log: Log;
  /** The gateway can't go on (its store is gone): end the process. */
  onLost(error: Error): void;
  /** Reads the configuration file again: its mistakes, as sentences. */
  checkConfig(): {mistakes: readonly string[]; warnings: readonly string[]};
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

/** The platforms of a configuration for commands that ask them something: what they hand in is refused. */
export function openPlatforms(config: Config, log: Log): ReadonlyMap<string, Platform> {
  const outbound = () => Promise.reject(new StoreUnavailable('a command takes no messages'));
  const intake = {platformEvents: {outbound}};
  return createPlatforms({config, intake, log, now: Date.now, newId: randomUUID}, new Map()).platforms;
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

/** A receipt whose text never turns up is forgotten after this. */
const parkedReceiptMs = 3_600_000;

/** Puts the parts together and starts them in order; resolves when everything that arrives is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const {config, onLost, checkConfig, now = Date.now, noise = Math.random} = options;
  const {eventWebhook} = config.management;
  const observation = createObservation({log: options.log, now, toSafeFields, eventWebhook});
  const {log, meter} = observation;
  const {channels, limits, listen} = config;
  let delivery: Delivery | undefined;
  let carriers: ReadonlyMap<string, Carrier> = new Map();
  let draining = false;

  const store = await openStore({
    url: config.store,
    maxOutbound: limits.maxOutbound,
    secrecy: config.secrecy,
    now,
    log,
    meter,
    onReady: queues => delivery?.wake(queues),
    onLost,
  });
  const intake = createIntake({
    store,
    channels: () => channels,
    refusing: text => delivery?.gates.refusing(text),
    join: (carrier, parts) => joinParts(carriers.get(carrier), parts),
    onReady: carrier => delivery?.wakeCarrier(carrier),
    onTroubled: async (carrier, trouble) => delivery?.troubled(carrier, trouble),
    log,
    meter,
    now,
    newId: randomUUID,
    newTraceId: () => randomBytes(16).toString('hex'),
  });
  let platforms: ReadonlyMap<string, Platform> = new Map();
  const media = openMedia(config, store, name => platforms.get(name), now);
  const {replicas} = store;
  const parties = {config, intake, media, replicas, log, now, noise, newId: randomUUID};
  const outward = createCarriers(parties);
  const inward = createPlatforms(parties, outward.carriers);
  platforms = inward.platforms;
  carriers = outward.carriers;
  const rules = {retention: {...config.retention, parkedReceiptMs}, countriesOf: createCountriesOf()};
  const {takeGroup} = intake;
  const served = {channels: () => channels, carriers: () => carriers, platforms: () => platforms};
  const relay = createDelivery({...served, ...rules, store, takeGroup, log, meter, now, noise});
  delivery = relay;
  const operations = createOperations({...served, store, gates: relay.gates, log, now});
  const isDraining = () => draining;
  const {recorder, forget} = openPrivacy({config, store, platforms, log, now});
  const management = createManagementPort({
    config,
    store,
    operations,
    delivery,
    carriers,
    observation,
    recorder,
    forget,
    isDraining,
    checkConfig,
    log,
    now,
  });
  const mediaRouters = media === undefined ? [] : [media.router];
  const routers = [recorder.router, ...outward.routers, ...inward.routers, ...mediaRouters];
  const http = createHttp({...listen, routers, rawBody: true, log, meter});

  const life = createLife(log);
  life.started(observation.stop);
  life.started(() => store.close());
  try {
    const managementPort = await life.start(management.start, management.stop);
    life.started(intake.stop);
    for (const platform of platforms.values()) life.started(platform.stop);
    for (const carrier of carriers.values()) await life.start(carrier.start, carrier.stop);
    await life.start(relay.start, relay.stop);
    await life.start(forget.start, forget.stop);
    const publicPort = await life.start(http.start, http.stop);
    log.info('gateway.started', {host: listen.host, port: publicPort, managementPort, channels: channels.length});
    return {publicPort, managementPort, drain, stop: life.stop};
  } catch (error) {
    await life.stop();
    throw error;
  }

  function drain(): void {
    draining = true;
  }
}

/** Files of texts, where there is an address under which they can be fetched. */
function openMedia(
  {publicUrl, channels}: Config,
  store: Pick<Store, 'get'>,
  findPlatform: (name: string) => Platform | undefined,
  now: () => number,
): MediaService | undefined {
  if (publicUrl === undefined) return undefined;
  return createMediaService({
    publicUrl,
    channels,
    async find(messageId) {
      const record = await store.get(messageId, true);
      return record?.direction === 'outbound' ? record : undefined;
    },
    async load(platform, wanted) {
      const loaded = findPlatform(platform)?.loadMedia?.(wanted);
      return loaded ?? {kind: 'refused', why: `platform ${platform} gives no files`};
    },
    now,
  });
}

/** Of a carrier that left the configuration nobody can read the parts any more: their bytes are shown instead, none is lost. */
function joinParts(carrier: Carrier | undefined, parts: readonly HeldPart[]): {text: string; missing: number} {
  const asBytes = {text: parts.map(({body}) => body).join(' '), missing: (parts[0]?.total ?? 0) - parts.length};
  return carrier?.join?.(parts) ?? asBytes;
}
