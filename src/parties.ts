import Router from '@koa/router';
import type {Carrier, SentSegment} from './carriers/carrier.ts';
import {carrierTypes} from './carriers/index.ts';
import type {Party} from './config/parties.ts';
import type {Config} from './config.ts';
import {type CarrierEntry, type Channel, entriesOf} from './core/channel.ts';
import type {Examination} from './core/examination.ts';
import {derive} from './core/live.ts';
import type {Log} from './core/log.ts';
import type {MediaLoad} from './core/media.ts';
import type {Inbound, Media} from './core/message.ts';
import type {NumberAccount} from './core/number-account.ts';
import type {MediaService} from './media/index.ts';
import {platformTypes} from './platforms/index.ts';
import type {Platform} from './platforms/platform.ts';
import type {Intake} from './relay/intake.ts';
import {createLinkLeases} from './relay/link-leases.ts';
import type {Store} from './store/store.ts';

export interface PlatformsOptions {
  intake: Pick<Intake, 'platformEvents'>;
  log: Log;
  now(): number;
  newId(): string;
  newTraceId(): string;
}

export interface CarrierOptions {
  intake: Intake;
  /** Absent without `publicUrl`. */
  media: MediaService | undefined;
  /** Undefined where this process is the only one. */
  replicas: Store['replicas'];
  publicUrl: string | undefined;
  /** As they are at present. */
  channels(): readonly Channel[];
  log: Log;
  now(): number;
  noise(): number;
  newId(): string;
  newTraceId(): string;
}

/** A carrier as the configuration has it under this name. */
export function createCarrier(name: string, {type, options}: Party, own: CarrierOptions): Carrier {
  const {intake, media, replicas, publicUrl, channels, log, now, noise, newId} = own;
  const found = carrierTypes.find(candidate => candidate.type === type);
  if (found === undefined) throw new Error(`carrier ${name} is of no known type: ${type}`);
  const events = intake.carrierEvents(name);
  const addresses = derive(channels, all => toAddresses(all, name));
  const entries = derive(channels, all => toCurrentEntries(all, name));
  const toMediaLink = media?.toMediaLink;
  const links = replicas && createLinkLeases({replicas, account: name, log});
  const context = {name, log, events, addresses, entries, publicUrl, toMediaLink, links, now, noise, newId};
  const carrier: Carrier = found.create(options, context);
  return media === undefined ? carrier : withLinks(carrier, media);
}

/** Where a carrier is called, if it is. */
export function toCarrierRouters(carriers: ReadonlyMap<string, Carrier>, parties: Config['carriers']): Router[] {
  return [...carriers].flatMap(([name, {router}]) =>
    router === undefined ? [] : [mount(`/${parties.get(name)?.type}/${name}`, router)],
  );
}

/** The numbers of the configured carriers by name, for the commands that set up; none without `publicUrl`. */
export function createNumberAccounts({carriers, publicUrl}: Config): Map<string, NumberAccount> {
  const accounts = new Map<string, NumberAccount>();
  if (publicUrl === undefined) return accounts;
  for (const [name, {type, options}] of carriers) {
    const found = carrierTypes.find(candidate => candidate.type === type);
    const account = found?.numbers?.(options, {name, publicUrl});
    if (account !== undefined) accounts.set(name, account);
  }
  return accounts;
}

/** The configured carriers by name, to be looked at; those whose type can't be are left out. */
export function createExaminations({carriers, channels, publicUrl}: Config): Map<string, Examination> {
  const examinations = new Map<string, Examination>();
  for (const [name, {type, options}] of carriers) {
    const found = carrierTypes.find(candidate => candidate.type === type);
    const examination = found?.examine?.(options, {name, publicUrl, addresses: toAddresses(channels, name)});
    if (examination !== undefined) examinations.set(name, examination);
  }
  return examinations;
}

/** The configured platforms by name, and the routes on which they are called. */
export function createPlatforms(
  config: Pick<Config, 'platforms' | 'channels'>,
  {intake, log, now, newId, newTraceId}: PlatformsOptions,
  carriers: () => ReadonlyMap<string, Carrier>,
) {
  const platforms = new Map<string, Platform>();
  const routers: Router[] = [];
  for (const {type, create} of platformTypes) {
    const own = [...config.platforms].filter(([, party]) => party.type === type);
    if (own.length === 0) continue;
    const named = new Map(own.map(([name, {options}]) => [name, options]));
    const channels = config.channels.filter(({platform}) => named.has(platform));
    const loadMedia = createMediaLoader(carriers);
    const created = create(named, {log, events: intake.platformEvents, channels, loadMedia, now, newId, newTraceId});
    for (const platform of created.platforms) platforms.set(platform.name, stoppedWhenIdle(platform));
    routers.push(created.router);
  }
  return {platforms, routers};
}

/** Files that go as links are lines of the text for the carrier, at each try the same. */
function withLinks(carrier: Carrier, {toLinked}: MediaService): Carrier {
  return {
    ...carrier,
    get messagesPerSecond() {
      return carrier.messagesPerSecond;
    },
    get lookUp() {
      const {lookUp} = carrier;
      return lookUp && ((sent: SentSegment) => lookUp({...sent, outbound: toLinked(sent.outbound)}));
    },
    plan: (outbound, entry) => carrier.plan(toLinked(outbound), entry),
    send(submission) {
      const outbound = toLinked(submission.outbound);
      return carrier.send(outbound === submission.outbound ? submission : {...submission, outbound});
    },
  };
}

/** Another one may take its place while posts by it are under way: these have their answers first. */
function stoppedWhenIdle(platform: Platform): Platform {
  let busy = 0;
  const untilIdle: Array<() => void> = [];
  const {post, loadMedia} = platform;
  const done = () => {
    busy -= 1;
    if (busy === 0) for (const resolve of untilIdle.splice(0)) resolve();
  };
  const noted = <Result>(work: Promise<Result>): Promise<Result> => {
    busy += 1;
    work.then(done, done);
    return work;
  };
  return {
    ...platform,
    post: wanted => noted(post(wanted)),
    ...(loadMedia && {loadMedia: wanted => noted(loadMedia(wanted))}),
    async stop() {
      if (busy > 0) await new Promise<void>(resolve => untilIdle.push(resolve));
      await platform.stop();
    },
  };
}

/** The senders that channels use with this carrier. */
function toAddresses(channels: readonly Channel[], name: string): string[] {
  const entries = channels.flatMap(entriesOf).filter(({carrier}) => carrier === name);
  return [...new Set(entries.map(({address}) => address))];
}

function toCurrentEntries(channels: readonly Channel[], name: string): CarrierEntry[] {
  const current = channels.filter(({leaving}) => leaving !== true);
  return current.flatMap(({carriers}) => carriers).filter(({carrier}) => carrier === name);
}

/** A file of an inbound text is fetched by the carrier that has the account for it. */
function createMediaLoader(carriers: () => ReadonlyMap<string, Carrier>) {
  return async (inbound: Inbound, media: Media, maxBytes: number): Promise<MediaLoad> => {
    const carrier = carriers().get(inbound.carrier);
    if (carrier?.loadMedia !== undefined) return carrier.loadMedia({media, maxBytes});
    return {kind: 'refused', why: `carrier ${inbound.carrier} can fetch no files`};
  };
}

function mount(prefix: string, router: Router): Router {
  const outer = new Router();
  outer.use(prefix, router.routes(), router.allowedMethods());
  return outer;
}
