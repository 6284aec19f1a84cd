import type {CarrierType} from './carriers/carrier.ts';
import {checkAcross} from './config/across.ts';
import {type ReadChannel, readChannel} from './config/channels.ts';
import {check} from './config/check.ts';
import type {Document} from './config/document.ts';
import type {Surroundings} from './config/entries.ts';
import {type Documents, openDocuments} from './config/files.ts';
import {freeze} from './config/freeze.ts';
import type {Environment} from './config/interpolate.ts';
import {checkManagement, type Listen, toListen} from './config/listen.ts';
import {ConfigError, formatMistake, type Mistake} from './config/mistakes.ts';
import {type Party, toParties} from './config/parties.ts';
import {type GatewayFile, gatewaySchema} from './config/schema.ts';
import {warnOf, warnOfManySecrets} from './config/warnings.ts';
import type {Channel} from './core/channel.ts';
import type {PlatformType} from './platforms/platform.ts';

export {ConfigError, formatMistake, type Mistake} from './config/mistakes.ts';
export {listSettings, type Setting, toMarkdown} from './config/settings.ts';

/** Everything the gateway was told: checked, derived, frozen. Times in ms. */
export interface Config {
  listen: Listen;
  /** No slash at the end. */
  publicUrl: string | undefined;
  management: GatewayFile['management'];
  /** `sqlite:path` or `postgres://…`. */
  store: string;
  limits: GatewayFile['limits'];
  retention: {textMs: number; allMs: number};
  stopDelayMs: number;
  log: GatewayFile['log'];
  platforms: ReadonlyMap<string, Party>;
  carriers: ReadonlyMap<string, Party>;
  channels: readonly Channel[];
  /** What provisioning writes into the Configuration Server, for the channels that say so. */
  nexusServices: readonly NexusServices[];
  /** Sentences on what is allowed and probably not meant. */
  warnings: readonly string[];
}

export interface NexusServices {
  platform: string;
  channel: string;
  section: string;
  endpoint: string;
  cxcOnly: boolean;
}

export interface PartyTypes {
  carrierTypes: readonly CarrierType[];
  platformTypes: readonly PlatformType[];
}

export interface ConfigOptions extends PartyTypes {
  /** Of the YAML file; `channels.d/*.yaml` beside it hold more channels. */
  path: string;
  env: Environment;
}

/** Reads the file once. Throws `ConfigError` with all mistakes at once; opens nothing but files. */
export function loadConfig({path, env, ...types}: ConfigOptions): Config {
  const mistakes: Mistake[] = [];
  const warnings: Mistake[] = [];
  const documents = openDocuments(path, env, mistakes);
  if (documents === undefined) throw new ConfigError(mistakes);
  const {main} = documents;
  const file = check(gatewaySchema, {document: main, path: [], value: main.value ?? {}}, mistakes);
  const parties = readParties(main, types, mistakes);
  const channels = readChannels(documents, parties, mistakes, warnings);
  const listen = file && checkFile(file, main, parties, types, mistakes);
  for (const document of documents.all) warnOf(document, warnings);
  if (file === undefined || listen === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  return freeze(toConfig(file, listen, parties, channels, warnings));
}

function readParties(main: Document, {platformTypes, carrierTypes}: PartyTypes, mistakes: Mistake[]): Surroundings {
  return {
    platforms: toParties('platforms', platformTypes, main, mistakes),
    carriers: toParties('carriers', carrierTypes, main, mistakes),
    entrySchemas: new Map(carrierTypes.map(({type, entry}) => [type, entry])),
  };
}

function readChannels(
  {main, channels: parts}: Documents,
  parties: Surroundings,
  mistakes: Mistake[],
  warnings: Mistake[],
): ReadChannel[] {
  const channels = parts.flatMap(part => readChannel(part, parties, mistakes, warnings) ?? []);
  checkAcross(channels, mistakes);
  warnOfManySecrets(
    channels.flatMap(({channel}) => channel.webhookSecrets),
    main,
    warnings,
  );
  if (parts.length === 0) warnings.push(main.mistake(['channels'], 'hold no channel: every webhook is answered 404.'));
  return channels;
}

/** What needs the whole file to be judged. */
function checkFile(
  file: GatewayFile,
  main: Document,
  {carriers}: Surroundings,
  {carrierTypes}: PartyTypes,
  mistakes: Mistake[],
): Listen {
  checkManagement(file.management, main, mistakes);
  const needy = new Set(carrierTypes.filter(({needsPublicUrl}) => needsPublicUrl).map(({type}) => type));
  const [name] = [...carriers.valid].find(([, {type}]) => needy.has(type)) ?? [];
  if (name !== undefined && file.publicUrl === undefined) {
    const message = `must be given: the carrier ${name} calls the gateway there, and signs that address.`;
    mistakes.push(main.mistake(['publicUrl'], message));
  }
  return toListen(file.listen, main, mistakes);
}

function toConfig(
  file: GatewayFile,
  listen: Listen,
  {platforms, carriers}: Surroundings,
  channels: readonly ReadChannel[],
  warnings: readonly Mistake[],
): Config {
  return {
    listen,
    publicUrl: file.publicUrl,
    management: file.management,
    store: file.store,
    limits: file.limits,
    retention: {textMs: file.textRetention, allMs: file.retention},
    stopDelayMs: file.stopDelay,
    log: file.log,
    platforms: platforms.valid,
    carriers: carriers.valid,
    channels: channels.map(({channel}) => channel),
    nexusServices: channels.flatMap(({channel, nexusServices}) =>
      nexusServices === undefined ? [] : [{platform: channel.platform, channel: channel.id, ...nexusServices}],
    ),
    warnings: warnings.map(formatMistake),
  };
}
