import Router from '@koa/router';
import type {Carrier} from './carriers/carrier.ts';
import {carrierTypes} from './carriers/index.ts';
import type {Config} from './config.ts';
import type {Log} from './core/log.ts';
import {platformTypes} from './platforms/index.ts';
import type {Platform} from './platforms/platform.ts';
import type {Intake} from './relay/intake.ts';

export interface PartiesOptions {
  config: Config;
  intake: Intake;
  log: Log;
  now(): number;
  noise(): number;
  newId(): string;
}

/** The configured carriers by name, and the routes on which they are called. */
export function createCarriers({config, intake, log, now, noise, newId}: PartiesOptions) {
  const carriers = new Map<string, Carrier>();
  const routers: Router[] = [];
  for (const [name, {type, options}] of config.carriers) {
    const found = carrierTypes.find(candidate => candidate.type === type);
    if (found === undefined) throw new Error(`carrier ${name} is of no known type: ${type}`);
    const events = intake.carrierEvents(name);
    const {publicUrl} = config;
    const carrier: Carrier = found.create(options, {name, log, events, publicUrl, now, noise, newId});
    carriers.set(name, carrier);
    if (carrier.router) routers.push(mount(`/${type}/${name}`, carrier.router));
  }
  return {carriers, routers};
}

/** The configured platforms by name, and the routes on which they are called. */
export function createPlatforms({config, intake, log, now, newId}: PartiesOptions) {
  const platforms = new Map<string, Platform>();
  const routers: Router[] = [];
  for (const {type, create} of platformTypes) {
    const own = [...config.platforms].filter(([, party]) => party.type === type);
    if (own.length === 0) continue;
    const named = new Map(own.map(([name, {options}]) => [name, options]));
    const channels = config.channels.filter(({platform}) => named.has(platform));
    const created = create(named, {log, events: intake.platformEvents, channels, now, newId});
    for (const platform of created.platforms) platforms.set(platform.name, platform);
    routers.push(created.router);
  }
  return {platforms, routers};
}

function mount(prefix: string, router: Router): Router {
  const outer = new Router();
  outer.use(prefix, router.routes(), router.allowedMethods());
  return outer;
}
