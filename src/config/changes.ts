import {isDeepStrictEqual} from 'node:util';
import type {Config} from './derive.ts';

/** One thing that is another one in a newer configuration. Names of settings only, never values. */
export interface Change {
  what: 'channel' | 'carrier' | 'platform' | 'setting';
  /** `acme 16504661149`, `smsc-a`, `management.tokens`. */
  name: string;
  how: 'added' | 'removed' | 'changed';
  /** Of a changed party or channel: which of its settings. */
  settings: readonly string[];
  /** It can't be taken over while the gateway runs. */
  needsRestart?: true;
}

/** What provisioning alone reads, what is only told, and what is compared by its parts. */
const notServed: readonly string[] = ['nexusServices', 'warnings', 'channels', 'carriers', 'platforms'];
/** All other settings of the file's top are read once, at the start. */
const liveSettings: readonly string[] = ['management.tokens', 'listen.tls.cert', 'listen.tls.key'];

/** What of `after` is not as in `before`. What is leaving in `before` is no more in the file: there again, it is added. Pure. */
export function findChanges(before: Config, after: Config): Change[] {
  return [
    ...compare('platform', before.platforms, after.platforms),
    ...compare('carrier', before.carriers, after.carriers),
    ...compare('channel', toNamed(before.channels), toNamed(after.channels)),
    ...findSettings(before, after),
  ];
}

/** `carrier smsc-a changed (password)`. */
export function describeChange({what, name, how, settings}: Change): string {
  return `${what} ${name} ${how}${settings.length === 0 ? '' : ` (${settings.join(', ')})`}`;
}

type Named = ReadonlyMap<string, object & {leaving?: true}>;

function compare(what: Change['what'], before: Named, after: Named): Change[] {
  const removed = [...before].filter(([name, {leaving}]) => !leaving && !after.has(name));
  const present = [...after].flatMap(([name, next]): Change[] => {
    const own = before.get(name);
    if (own === undefined || own.leaving) return [{what, name, how: 'added', settings: []}];
    const settings = listDifferent(toSettings(own), toSettings(next));
    return settings.length === 0 ? [] : [{what, name, how: 'changed', settings}];
  });
  return [...removed.map(([name]) => ({what, name, how: 'removed' as const, settings: []})), ...present];
}

function toNamed(channels: Config['channels']): Named {
  return new Map(channels.map(channel => [`${channel.platform} ${channel.id}`, channel]));
}

/** A party's settings stand below its `options`; what a channel still has of the file before is none of the file's. */
function toSettings(thing: object): object {
  const {options, leavingCarriers: _, ...own}: {options?: unknown; leavingCarriers?: unknown} = {...thing};
  return typeof options === 'object' && options !== null ? {...own, ...options} : own;
}

function findSettings(before: Config, after: Config): Change[] {
  return listDifferent(before, after)
    .filter(name => !notServed.includes(name))
    .flatMap(name => findBelow(name, Reflect.get(before, name), Reflect.get(after, name)))
    .map(name => ({
      what: 'setting',
      name,
      how: 'changed',
      settings: [],
      ...(!liveSettings.includes(name) && {needsRestart: true as const}),
    }));
}

/** The deepest blocks that differ: `management.port`, not `management`. */
function findBelow(path: string, before: unknown, after: unknown): string[] {
  if (!isBlock(before) || !isBlock(after)) return [path];
  return listDifferent(before, after).flatMap(key =>
    findBelow(`${path}.${key}`, Reflect.get(before, key), Reflect.get(after, key)),
  );
}

function listDifferent(before: object, after: object): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter(key => !isDeepStrictEqual(Reflect.get(before, key), Reflect.get(after, key)));
}

function isBlock(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
