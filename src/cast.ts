import {isDeepStrictEqual} from 'node:util';
import type Router from '@koa/router';
import type {Carrier} from './carriers/carrier.ts';
import type {Party} from './config/parties.ts';
import type {Config} from './config.ts';
import type {Live} from './core/live.ts';
import {type CarrierOptions, createCarrier, createPlatforms} from './parties.ts';
import type {Platform} from './platforms/platform.ts';
import type {Delivery} from './relay/deliver.ts';

/** What the gateway serves at present; replaced as a whole. */
export interface Served {
  config: Config;
  carriers: ReadonlyMap<string, Carrier>;
  platforms: ReadonlyMap<string, Platform>;
  platformRouters: readonly Router[];
}

export interface CastOptions {
  live: Live<Served>;
  parties: CarrierOptions;
  delivery: Pick<Delivery, 'renew'>;
}

/** Carriers and platforms come, change and go with the configuration; those it does not touch are left as they are. */
export interface Cast {
  /** Makes what is new. Throws when it can't be made, and nothing has changed then; else `apply` hands everything out at once. Never rejects. */
  prepare(config: Config): {apply(): Promise<void>};
  startCarriers(): Promise<void>;
  stopCarriers(): Promise<void>;
  stopPlatforms(): Promise<void>;
}

export function createCast({live, parties, delivery}: CastOptions): Cast {
  const going = new Set<Promise<unknown>>();
  let isStarted = false;

  function prepare(config: Config) {
    const before = live.current();
    const plans = [...config.carriers].map(([name, party]) => planCarrier(name, party, before));
    const inward = toPlatforms(config, before);
    const carriers = new Map(plans.map(({name, carrier}) => [name, carrier]));
    const left = [...before.carriers.values()].filter(carrier => carriers.get(carrier.name) !== carrier);
    const leftPlatforms = inward.platforms === before.platforms ? [] : [...before.platforms.values()];

    return {
      async apply(): Promise<void> {
        live.swap({config, carriers, ...inward});
        if (!isStarted) return;
        for (const {begin} of plans) await begin?.();
        await delivery.renew();
        for (const party of [...left, ...leftPlatforms]) letGo(party.stop());
      },
    };
  }

  function planCarrier(name: string, party: Party, before: Served) {
    const own = before.carriers.get(name);
    const former = before.config.carriers.get(name);
    if (own === undefined || former?.type !== party.type) return makeCarrier(name, party);
    if (isDeepStrictEqual(former.options, party.options)) return {name, carrier: own};
    if (own.change === undefined) return makeCarrier(name, party);
    return {name, carrier: own, begin: async () => own.change?.(party.options)};
  }

  function makeCarrier(name: string, party: Party) {
    const carrier = createCarrier(name, party, parties);
    return {name, carrier, begin: carrier.start};
  }

  function toPlatforms(config: Config, {config: former, platforms, platformRouters}: Served) {
    const isSame =
      platforms.size > 0 &&
      isDeepStrictEqual(config.platforms, former.platforms) &&
      isDeepStrictEqual(config.channels, former.channels);
    if (isSame) return {platforms, platformRouters};
    const made = createPlatforms(config, parties, () => live.current().carriers);
    return {platforms: made.platforms, platformRouters: made.routers};
  }

  function letGo(stopping: Promise<void>): void {
    const gone = stopping.finally(() => going.delete(gone));
    going.add(gone);
  }

  return {
    prepare,
    async startCarriers() {
      isStarted = true;
      for (const carrier of live.current().carriers.values()) await carrier.start();
    },
    async stopCarriers() {
      await Promise.all([...live.current().carriers.values()].reverse().map(carrier => carrier.stop()));
      await Promise.all(going);
    },
    async stopPlatforms() {
      await Promise.all([...live.current().platforms.values()].map(platform => platform.stop()));
    },
  };
}
