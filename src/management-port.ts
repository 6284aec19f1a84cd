import type {CarrierStatus} from './carriers/carrier.ts';
import type {Served} from './cast.ts';
import type {Config} from './config.ts';
import type {Actor} from './core/audit.ts';
import {listsOf} from './core/consent.ts';
import {derive, type Live} from './core/live.ts';
import type {Log} from './core/log.ts';
import {parseQueueName} from './core/queue.ts';
import {fitsQueue, type StopFilter} from './core/stop.ts';
import {createHttp, type HttpServer} from './http.ts';
import {
  type ConsentParts,
  createManagement,
  createMetrics,
  createReadiness,
  type KnownChannel,
  type Observation,
  type Operations,
  type Phase,
  type PrivacyParts,
  type RecordParts,
  withHealth,
} from './management/index.ts';
import type {Delivery} from './relay/deliver.ts';
import type {Reloading} from './reload.ts';
import type {Store} from './store/store.ts';

export interface ManagementPortOptions {
  live: Live<Served>;
  reloading: Reloading;
  store: Store;
  operations: Operations;
  delivery: Delivery;
  observation: Observation;
  recorder: RecordParts;
  onOptedOut: ConsentParts['onOptedOut'];
  forget: PrivacyParts['forget'];
  phase(): Phase;
  log: Log;
  now(): number;
}

/** Hands the running parts to the management port: health, metrics, API. */
export function createManagementPort(options: ManagementPortOptions): HttpServer {
  const {live, reloading, store, operations, delivery, observation, log, now} = options;
  const config = () => live.current().config;
  const known = derive(live.current, ({config: {channels}}) => channels.map(toKnown));
  const lists = derive(live.current, ({config: {channels}}) => toLists(channels));

  const health = () => delivery.health();
  const readiness = createReadiness({phase: options.phase, probe: store.probe, carriers});

  function carriers(): CarrierStatus[] {
    const parties = config().carriers;
    return [...live.current().carriers.values()].map(carrier => ({
      ...withHealth(carrier.status(), health()),
      ...(parties.get(carrier.name)?.leaving && {leaving: true}),
    }));
  }

  function queues(filter: StopFilter): string[] {
    return delivery
      .routes()
      .all()
      .filter(name => fitsQueue(filter, parseQueueName(name)));
  }

  function paceOf(name: string) {
    const pace = delivery.paceOf(name);
    return pace && {rate: pace.rate, limit: live.current().carriers.get(name)?.messagesPerSecond};
  }

  const reload = ({name}: Actor) => reloading.reload(name);
  const {state: reloadState, leaving} = reloading;
  const metrics = createMetrics({store, carriers, health, now, reloadState, leaving, counted: observation.registry});
  const {activity, events} = observation;
  const told = {carriers, health, queues, readiness, metrics, reload, reloadState, leaving, paceOf, activity, events};
  const parts = {
    ...told,
    store,
    operations,
    get channels() {
      return known();
    },
    now,
    log,
  };
  const {host, port, metricsOpen} = config().management;
  const tokens = () => config().management.tokens;
  const {recorder, forget} = options;
  const privacy = {store, forget, log};
  const router = createManagement({
    parts,
    tokens,
    metricsOpen,
    consent: {store, lists, onOptedOut: options.onOptedOut, now, log},
    recorder,
    privacy,
  });
  return createHttp({host, port, routers: () => [router], rawBody: false, log});
}

function toKnown(channel: Config['channels'][number]): KnownChannel {
  const {id, platform, description, address, priority, carriers, leaving} = channel;
  const names = carriers.map(({carrier}) => carrier);
  return {id, platform, description, address, priority, carriers: names, ...(leaving && {leaving})};
}

function toLists(channels: Config['channels']): string[] {
  return [
    ...new Set(channels.flatMap(({platform, id, keywords}) => (keywords ? listsOf(platform, id, keywords) : []))),
  ];
}
