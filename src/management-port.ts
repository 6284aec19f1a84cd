import type {Carrier} from './carriers/carrier.ts';
import type {Config} from './config.ts';
import {listsOf} from './core/consent.ts';
import type {Log} from './core/log.ts';
import {parseQueueName} from './core/queue.ts';
import {fitsQueue, type StopFilter} from './core/stop.ts';
import {createHttp, type HttpServer} from './http.ts';
import {
  createManagement,
  createMetrics,
  type KnownChannel,
  type Observation,
  type Operations,
  type PrivacyParts,
  type Readiness,
  type RecordParts,
} from './management/index.ts';
import type {Delivery} from './relay/deliver.ts';
import type {Store} from './store/store.ts';

export interface ManagementPortOptions {
  config: Config;
  store: Store;
  operations: Operations;
  delivery: Delivery;
  carriers: ReadonlyMap<string, Carrier>;
  observation: Observation;
  recorder: RecordParts;
  forget: PrivacyParts['forget'];
  isDraining(): boolean;
  checkConfig(): {mistakes: readonly string[]; warnings: readonly string[]};
  log: Log;
  now(): number;
}

const restart = 'Valid. Restart the gateway to take it over: this version applies no change while it runs.';

/** Hands the running parts to the management port: health, metrics, API. */
export function createManagementPort(options: ManagementPortOptions): HttpServer {
  const {config, store, operations, delivery, observation, log, now} = options;
  const carriers = () => [...options.carriers.values()].map(carrier => carrier.status());

  async function readiness(): Promise<Readiness> {
    const stopping = options.isDraining() ? 'yes' : 'no';
    const storeState = await store.probe().then(
      () => 'ok',
      error => String(error.message),
    );
    const told = Object.fromEntries(carriers().map(({name, state}) => [`carrier ${name}`, state]));
    return {ready: storeState === 'ok' && stopping === 'no', checks: {store: storeState, stopping, ...told}};
  }

  function queues(filter: StopFilter): string[] {
    return delivery
      .routes()
      .all()
      .filter(name => fitsQueue(filter, parseQueueName(name)));
  }

  function paceOf(name: string) {
    const pace = delivery.paceOf(name);
    return pace && {rate: pace.rate, limit: options.carriers.get(name)?.messagesPerSecond};
  }

  async function reload() {
    const {mistakes, warnings} = options.checkConfig();
    return {applied: false, mistakes, warnings: mistakes.length > 0 ? warnings : [restart, ...warnings]};
  }

  const metrics = createMetrics({store, carriers, now, counted: observation.registry});
  const {activity, events} = observation;
  const told = {carriers, queues, readiness, metrics, reload, paceOf, activity, events};
  const parts = {store, operations, channels: config.channels.map(toKnown), ...told, now, log};
  const {host, port, tokens, metricsOpen} = config.management;
  const lists = [
    ...new Set(
      config.channels.flatMap(({platform, id, keywords}) => (keywords ? listsOf(platform, id, keywords) : [])),
    ),
  ];
  const {recorder, forget} = options;
  const privacy = {store, forget, log};
  const router = createManagement({parts, tokens, metricsOpen, consent: {store, lists, log}, recorder, privacy});
  return createHttp({host, port, routers: [router], rawBody: false, log});
}

function toKnown({id, platform, description, address, priority, carriers}: Config['channels'][number]): KnownChannel {
  return {id, platform, description, address, priority, carriers: carriers.map(({carrier}) => carrier)};
}
