import {type Config, ConfigError, formatMistake, loadConfig} from '../../src/config.ts';
import type {Examination, Finding} from '../../src/core/examination.ts';
import type {GaxLogin} from '../setup/gax-admin.ts';
import type {GwsLogin} from '../setup/gws-admin.ts';
import {type Progress, watch} from '../setup/progress.ts';
import {judgeFiles, lookAtFiles} from './file.ts';
import {problem} from './finding.ts';
import {isServing, judgeGateway} from './gateway.ts';
import {judgeKeywords} from './keywords.ts';
import {lookAtGateway, type ManagementPlace} from './management.ts';
import {lookAtParties, type Network} from './network.ts';
import {lookAtSections, lookAtServices} from './nexus.ts';
import {judgeAddress} from './public-url.ts';
import {judgeSecrets, listSecrets} from './secrets.ts';
import {judgeStore, lookAtStore} from './store.ts';
import {lookAtWebhooks} from './webhooks.ts';

export type {ManagementPlace} from './management.ts';
export {createRehearsal, type Rehearsal, type Step} from './send.ts';

/** The outside parties of a configuration, opened to be looked at: nothing they might hand in is taken. */
export interface Parties {
  carriers: ReadonlyMap<string, Examination>;
  platforms: ReadonlyMap<string, Examination>;
  /** Unix ms. */
  now(): number;
  close(): Promise<void>;
}

export type OpenParties = (config: Config) => Parties;

/** Where the options of `NexusServices` are read from. */
export type SectionsSource =
  | {kind: 'file'; path: string}
  | {kind: 'gax'; login: GaxLogin}
  | {kind: 'gws'; login: GwsLogin}
  | {kind: 'none'};

export interface DoctorOptions {
  config: Config;
  path: string;
  openParties: OpenParties;
  management: ManagementPlace;
  sections: SectionsSource;
  progress: Progress;
}

/** One line of the report. */
export interface Line extends Finding {
  subject: string;
}

/** The file, or its mistakes as lines. */
export function readFile(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): {config: Config} | {lines: Line[]} {
  try {
    return {config: loadConfig({path, env})};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.mistakes.map(mistake => problem('config_mistake', formatMistake(mistake)));
    return {lines: withSubject('file', lines)};
  }
}

/** Looks at everything from the file to the phones' side, in that order. Sends nothing and changes nothing. */
export async function examine(options: DoctorOptions): Promise<Line[]> {
  const {config, path, management, progress} = options;
  const parties = options.openParties(config);
  const lines: Line[] = [];
  const tell = async (subject: string, findings: Promise<readonly Finding[]>) => {
    lines.push(...withSubject(subject, await watch(`looking at ${subject}`, findings, progress)));
  };
  try {
    await tell('file', lookAtFile(path, config));
    await tell('store', lookAtStoreOf(config));
    const running = await watch('asking the gateway', lookAtGateway(management), progress);
    await tell('gateway', Promise.resolve(judgeGateway(management.url, running, config)));
    const network = await watch('connecting to all parties', lookAtParties(config, parties), progress);
    await tell('network', Promise.resolve(network.findings));
    await tell('public URL', lookAtPublicUrl(config, network, running.kind === 'up'));
    for (const [name, examination] of [...parties.platforms, ...parties.carriers]) {
      if (network.isOpen(examination)) await tell(name, examination.ask(isServing(running, name)));
    }
    const open = [...parties.platforms].filter(([, platform]) => network.isOpen(platform)).map(([name]) => name);
    await tell('services', lookAtServices(config, open));
    await tell('NexusServices', lookAtSections(config, options.sections));
    await tell('STOP and HELP', Promise.resolve(judgeKeywords(config)));
    return lines;
  } finally {
    await parties.close();
  }
}

async function lookAtFile(path: string, config: Config): Promise<Finding[]> {
  const secrets = listSecrets(config).map(({value}) => value);
  return [...judgeFiles(lookAtFiles(path, secrets), config), ...judgeSecrets(config)];
}

async function lookAtStoreOf({store}: Config): Promise<Finding[]> {
  return store.startsWith('sqlite:') ? judgeStore(lookAtStore(store.slice('sqlite:'.length))) : [];
}

async function lookAtPublicUrl(config: Config, network: Network, isUp: boolean): Promise<Finding[]> {
  const findings = judgeAddress(config.publicUrl, network.callers);
  return findings.length > 0 || !isUp ? findings : lookAtWebhooks(config);
}

function withSubject(subject: string, findings: readonly Finding[]): Line[] {
  return findings.map(finding => ({subject, ...finding}));
}
