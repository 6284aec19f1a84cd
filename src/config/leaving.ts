import {type Channel, entriesOf} from '../core/channel.ts';
import type {Config} from './derive.ts';
import type {Party} from './parties.ts';

/** Something the file no longer has and that still owes something: a whole channel, or one channel's way by a carrier. */
export interface Leaving {
  platform: string;
  channel: string;
  /** Undefined: the channel as a whole. */
  carrier?: string;
}

/**
 * What is served once `after` replaces `before`: the parties, channels and secrets of `after`; settings that can't change while the gateway runs as
 * they were; and, marked, what left the file and is not empty yet. Pure.
 */
export function toServed(before: Config, after: Config): Config {
  const {listen, management} = before;
  const isServedSecurely = listen.tls !== undefined && after.listen.tls !== undefined;
  return {
    ...before,
    listen: isServedSecurely ? {...listen, tls: after.listen.tls} : listen,
    management: {...management, tokens: after.management.tokens},
    platforms: withLeaving(before.platforms, after.platforms),
    carriers: withLeaving(before.carriers, after.carriers),
    channels: withLeavingChannels(before.channels, after.channels),
    nexusServices: after.nexusServices,
    warnings: after.warnings,
  };
}

function withLeaving(before: ReadonlyMap<string, Party>, after: ReadonlyMap<string, Party>): Map<string, Party> {
  const left = [...before].filter(([name]) => !after.has(name));
  return new Map([...after, ...left.map(([name, party]) => [name, {...party, leaving: true as const}] as const)]);
}

function withLeavingChannels(before: readonly Channel[], after: readonly Channel[]): Channel[] {
  const known = new Map(before.map(channel => [toName(channel), channel]));
  const names = new Set(after.map(toName));
  const left = before.filter(channel => !names.has(toName(channel)));
  return [
    ...after.map(channel => withLeavingEntries(known.get(toName(channel)), channel)),
    ...left.map(channel => ({...channel, leaving: true as const})),
  ];
}

function withLeavingEntries(before: Channel | undefined, after: Channel): Channel {
  const entries = before === undefined ? [] : entriesOf(before);
  const leavingCarriers = entries.filter(({carrier}) => !after.carriers.some(entry => entry.carrier === carrier));
  return leavingCarriers.length === 0 ? after : {...after, leavingCarriers};
}

/** All that is leaving; carriers and platforms leave with the last channel that needs them. */
export function listLeaving({channels}: Pick<Config, 'channels'>): Leaving[] {
  return channels.flatMap(({platform, id, leaving, leavingCarriers = []}) =>
    leaving ? [{platform, channel: id}] : leavingCarriers.map(({carrier}) => ({platform, channel: id, carrier})),
  );
}

/** What is served once these are empty. The very same when nothing is to go. Pure. */
export function withoutLeft(config: Config, left: readonly Leaving[]): Config {
  const has = (channel: Channel, carrier?: string) =>
    left.some(gone => gone.platform === channel.platform && gone.channel === channel.id && gone.carrier === carrier);
  const channels =
    left.length === 0 ? config.channels : config.channels.flatMap(channel => withoutEntries(channel, has));
  const carriers = keepNeeded(config.carriers, new Set(channels.flatMap(entriesOf).map(({carrier}) => carrier)));
  const platforms = keepNeeded(config.platforms, new Set(channels.map(({platform}) => platform)));
  const isSame =
    left.length === 0 && carriers.size === config.carriers.size && platforms.size === config.platforms.size;
  return isSame ? config : {...config, channels, carriers, platforms};
}

function withoutEntries(channel: Channel, has: (channel: Channel, carrier?: string) => boolean): Channel[] {
  if (channel.leaving) return has(channel) ? [] : [channel];
  const {leavingCarriers = [], ...own} = channel;
  const kept = leavingCarriers.filter(({carrier}) => !has(channel, carrier));
  if (kept.length === leavingCarriers.length) return [channel];
  return [kept.length === 0 ? own : {...own, leavingCarriers: kept}];
}

function keepNeeded(parties: ReadonlyMap<string, Party>, needed: ReadonlySet<string>): Map<string, Party> {
  return new Map([...parties].filter(([name, {leaving}]) => !leaving || needed.has(name)));
}

function toName({platform, id}: Channel): string {
  return `${platform} ${id}`;
}
