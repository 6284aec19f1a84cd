import {createSecureContext} from 'node:tls';
import type {Cast, Served} from './cast.ts';
import {describeChange, findChanges} from './config/changes.ts';
import {type Leaving, listLeaving, toServed, withoutLeft} from './config/leaving.ts';
import type {Config} from './config.ts';
import type {Live} from './core/live.ts';
import type {Log} from './core/log.ts';
import {createLeaving, describeLeaving, type LeavingStatus} from './leaving.ts';
import type {Reloaded, ReloadState} from './management/index.ts';
import type {Delivery} from './relay/deliver.ts';
import {createTurns} from './relay/in-turn.ts';
import type {Store} from './store/store.ts';

/** The file as it is now, or its mistakes as sentences. */
export type ReadConfig = () => {config: Config} | {mistakes: readonly string[]};

export interface ReloadingOptions {
  live: Live<Served>;
  cast: Cast;
  readConfig: ReadConfig;
  /** The certificate of the public port. */
  secure(tls: {cert: string; key: string}): void;
  store: Pick<Store, 'depths' | 'find' | 'underWay'>;
  delivery: Pick<Delivery, 'holds'>;
  log: Log;
  now(): number;
}

/** A configuration that changes while the gateway runs: read again when asked to, and what left it watched until it is empty. */
export interface Reloading {
  reload(by: string): Promise<Reloaded>;
  state(): ReloadState;
  leaving(): Promise<LeavingStatus[]>;
  /** Takes nothing over any more. */
  stop(): Promise<void>;
}

export function createReloading(options: ReloadingOptions): Reloading {
  const {live, store, delivery, log, now} = options;
  const {reload, drop, state, stop} = createReload({...options, onLeaving: () => leaving.watch()});
  const config = () => live.current().config;
  const leaving = createLeaving({store, delivery, config, onLeft: drop, log, now});
  return {
    reload,
    state,
    leaving: leaving.list,
    async stop() {
      await leaving.stop();
      await stop();
    },
  };
}

interface ReloadOptions extends Pick<ReloadingOptions, 'live' | 'cast' | 'readConfig' | 'secure' | 'log' | 'now'> {
  /** There may be something that is leaving now. */
  onLeaving(): void;
}

const noChannel =
  'There is no channel in it, as in a file that is still being written. To end the last one, drain it and stop the gateway when its queues are empty.';

/** Takes a changed configuration over while the gateway runs: all of it that can be, or, when it has a mistake, nothing. One at a time. */
function createReload({live, cast, readConfig, onLeaving, secure, log, now}: ReloadOptions) {
  const inTurn = createTurns();
  let stopped = false;
  let state: ReloadState = {successful: true, successAt: now(), at: now(), by: 'start', mistakes: [], needsRestart: []};

  async function reload(by: string): Promise<Reloaded> {
    if (stopped) return refuse(['The gateway is stopping: what it starts with next is read then.'], by);
    const read = readConfig();
    if ('mistakes' in read) return refuse(read.mistakes, by);
    const {config} = live.current();
    if (read.config.channels.length === 0 && config.channels.length > 0) return refuse([noChannel], by);
    const changes = findChanges(config, read.config);
    const served = withoutLeft(toServed(config, read.config), []);
    const prepared = prepare(served);
    if ('mistake' in prepared) return refuse([prepared.mistake], by);
    if (changes.length > 0) await prepared.apply();
    if (served.listen.tls !== undefined) secure(served.listen.tls);
    return tell(config, served, changes, by);
  }

  /** What the checks of a file can't know shows when a party is made; nothing has changed then. */
  function prepare(served: Config): ReturnType<Cast['prepare']> | {mistake: string} {
    try {
      if (served.listen.tls !== undefined) createSecureContext(served.listen.tls);
      return cast.prepare(served);
    } catch (error) {
      return {mistake: error instanceof Error ? error.message : 'a party can not be made of these settings.'};
    }
  }

  function refuse(mistakes: readonly string[], by: string): Reloaded {
    state = {...state, successful: false, at: now(), by, mistakes};
    log.error('config.reload_refused', {by, mistakes: mistakes.length, why: mistakes.join(' ')});
    return {applied: false, mistakes, warnings: [], changes: [], needsRestart: []};
  }

  function tell(before: Config, served: Config, changes: ReturnType<typeof findChanges>, by: string): Reloaded {
    const taken = changes.filter(({needsRestart}) => !needsRestart).map(describeChange);
    const needsRestart = changes.flatMap(change => (change.needsRestart ? [change.name] : []));
    state = {successful: true, successAt: now(), at: now(), by, mistakes: [], needsRestart};
    log.info('config.reloaded', {by, changes: taken.join('; ') || 'none'});
    if (needsRestart.length > 0) log.warn('config.needs_restart', {settings: needsRestart.join(', ')});
    const known = new Set(listLeaving(before).map(describeLeaving));
    const leaving = listLeaving(served).map(describeLeaving);
    for (const what of leaving.filter(name => !known.has(name))) log.warn('config.leaving', {what});
    if (leaving.length > 0) onLeaving();
    const told = needsRestart.map(name => `${name} needs a restart: it stays as it was until then.`);
    return {applied: true, mistakes: [], warnings: [...told, ...served.warnings], changes: taken, needsRestart};
  }

  async function drop(left: readonly Leaving[]): Promise<void> {
    const served = withoutLeft(live.current().config, left);
    await cast.prepare(served).apply();
    for (const item of left) log.info('config.left', {what: describeLeaving(item)});
  }

  return {
    reload: (by: string) => inTurn('config', () => reload(by)),
    /** These owe nothing any more: they are forgotten. */
    drop: (left: readonly Leaving[]) => inTurn('config', () => drop(left)),
    state: () => state,
    stop: () =>
      inTurn('config', async () => {
        stopped = true;
      }),
  };
}
