import type {CarrierType} from './carriers/carrier.ts';
import {carrierTypes} from './carriers/index.ts';
import {checkAcross} from './config/across.ts';
import {type ReadChannel, readChannel} from './config/channels.ts';
import {check} from './config/check.ts';
import {type Config, toConfig} from './config/derive.ts';
import type {Document} from './config/document.ts';
import type {Surroundings} from './config/entries.ts';
import {type Documents, openDocuments} from './config/files.ts';
import {freeze} from './config/freeze.ts';
import type {Environment} from './config/interpolate.ts';
import {checkManagement} from './config/management.ts';
import {ConfigError, type Mistake} from './config/mistakes.ts';
import {checkNamedChannels} from './config/named-channels.ts';
import {type Party, toParties} from './config/parties.ts';
import {type GatewayFile, gatewaySchema} from './config/schema.ts';
import {listSettingsOf, type Setting, toMarkdown} from './config/settings.ts';
import {warnOf, warnOfManySecrets} from './config/warnings.ts';
import {platformTypes} from './platforms/index.ts';
import type {PlatformType} from './platforms/platform.ts';
import {dedupeMs} from './store/operations/prune.ts';

export type {Config, NexusServices} from './config/derive.ts';
export {ConfigError, formatMistake, type Mistake} from './config/mistakes.ts';
export type {Setting} from './config/settings.ts';
export {readSources} from './config/sources.ts';
export {watchSources} from './config/watch.ts';

export interface PartyTypes {
  carrierTypes: readonly CarrierType[];
  platformTypes: readonly PlatformType[];
}

/** All there are; tests may give others. */
const knownTypes: PartyTypes = {carrierTypes, platformTypes};

export interface ConfigOptions extends Partial<PartyTypes> {
  /** Of the YAML file; `channels.d/*.yaml` beside it hold more channels. */
  path: string;
  env: Environment;
}

/** Reads the file once. Throws `ConfigError` with all mistakes at once; opens nothing but files. */
export function loadConfig({path, env, ...given}: ConfigOptions): Config {
  const types = {...knownTypes, ...given};
  const mistakes: Mistake[] = [];
  const warnings: Mistake[] = [];
  const documents = openDocuments(path, env, mistakes);
  if (documents === undefined) throw new ConfigError(mistakes);
  const {main} = documents;
  const file = check(gatewaySchema, {document: main, path: [], value: main.value ?? {}}, mistakes);
  const parties = readParties(main, types, mistakes);
  const channels = readChannels(documents, parties, mistakes, warnings);
  checkNamedChannels(main, parties.platforms, {types: types.platformTypes, channels: documents.channels}, mistakes);
  if (file !== undefined) checkFile(file, main, {parties, channels}, types, mistakes);
  for (const document of documents.all) warnOf(document, warnings);
  if (file === undefined || mistakes.length > 0) throw new ConfigError(mistakes);
  return freeze(toConfig({file, parties, channels, warnings}));
}

/** What `check` needs, for `main.ts` to hand to the commands. */
export function createConfigReader({env, ...given}: {env: Environment} & Partial<PartyTypes>) {
  return {
    readConfig(path: string): {config: Config} | {mistakes: readonly Mistake[]} {
      try {
        return {config: loadConfig({path, env, ...given})};
      } catch (error) {
        if (error instanceof ConfigError) return {mistakes: error.mistakes};
        throw error;
      }
    },
    settingsMarkdown: () => toMarkdown(listSettings(given)),
  };
}

/** Every setting there is, from the schemas themselves. */
export function listSettings(given: Partial<PartyTypes> = {}): Setting[] {
  return listSettingsOf({...knownTypes, ...given});
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
  {parties: {carriers}, channels}: {parties: Surroundings; channels: readonly ReadChannel[]},
  {carrierTypes}: PartyTypes,
  mistakes: Mistake[],
): void {
  checkManagement(file, main, mistakes);
  const needy = new Set(carrierTypes.filter(({needsPublicUrl}) => needsPublicUrl).map(({type}) => type));
  const [name] = [...carriers.valid].find(([, {type}]) => needy.has(type)) ?? [];
  if (file.publicUrl === undefined) {
    for (const {channel, part} of channels) {
      if (channel.media !== 'link') continue;
      const message = 'needs publicUrl: that is where the links lead.';
      mistakes.push(part.document.mistake([...part.path, 'media'], message));
    }
  }
  if (name !== undefined && file.publicUrl === undefined) {
    const message = `must be given: the carrier ${name} calls the gateway there, and signs that address.`;
    mistakes.push(main.mistake(['publicUrl'], message));
  }
  checkLooksBack(file, main, carriers.valid, carrierTypes, mistakes);
  checkAddresses(
    [...carriers.valid].filter(([, {type}]) => needy.has(type)).map(([one, {type}]) => ({name: one, type})),
    main,
    mistakes,
  );
}

/** A text that is fetched again after it was forgotten would be posted again. */
function checkLooksBack(
  {retention}: GatewayFile,
  main: Document,
  carriers: ReadonlyMap<string, Party>,
  types: readonly CarrierType[],
  mistakes: Mistake[],
): void {
  for (const [name, {type, options}] of carriers) {
    const back = types.find(one => one.type === type)?.asksBack?.(options);
    if (back === undefined || back.ms <= Math.max(retention, dedupeMs)) continue;
    const message =
      'is longer than texts are remembered, retention or at least 7 days: older ones would be posted again.';
    mistakes.push(main.mistake(['carriers', name, ...back.setting], message));
  }
}

/** Capitals count for nothing in the address a carrier calls: what is meant for the one would come to the other. */
function checkAddresses(callers: ReadonlyArray<{name: string; type: string}>, main: Document, mistakes: Mistake[]) {
  const known = new Map<string, string>();
  for (const {name, type} of callers) {
    const address = `/${type}/${name}`.toLowerCase();
    const other = known.get(address);
    known.set(address, other ?? name);
    if (other === undefined) continue;
    const message = `differs from ${other} in capitals alone: both would be called at one address. Give it another name.`;
    mistakes.push(main.mistake(['carriers', name], message));
  }
}
