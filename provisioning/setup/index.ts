import {type Config, ConfigError, formatMistake, loadConfig} from '../../src/config.ts';
import type {NumberAccount} from '../../src/core/number-account.ts';
import {type ApiKeyWanted, createApiKey} from './api-key.ts';
import {type Applied, type ApplyOptions, apply, type Keeping, makePlan, restore, toText} from './apply.ts';
import {toCfgFile, toChecklist, toCurl, toJsonFile} from './export.ts';
import type {Progress} from './progress.ts';
import {ProvisionError} from './target.ts';
import {createTargets, type TargetOptions, type Targets} from './targets.ts';
import {groupByTenant, type NexusPlatform, toNexusPlatforms} from './tenants.ts';

export type {Applied} from './apply.ts';
export type {GaxLogin} from './gax-admin.ts';
export type {GwsLogin} from './gws-admin.ts';
export {toNewSecrets} from './new-secrets.ts';
export {ProvisionError, type Trouble} from './target.ts';

export interface ProvisionOptions {
  /** The configuration file. */
  path: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The numbers at the file's carriers; without it their webhooks are left alone. */
  openNumbers?: OpenNumbers | undefined;
  /** One platform; without it, all of type nexus. */
  platform?: string | undefined;
}

/** Accounts by their carriers' names. */
export type OpenNumbers = (config: Config) => ReadonlyMap<string, NumberAccount>;

export const exportKinds = ['curl', 'cfg', 'json', 'checklist'] as const;
export type ExportKind = (typeof exportKinds)[number];

export interface Provision {
  /** `pending`: there is something `apply` would do, or what holds it back. */
  plan(options: TargetOptions, progress?: Progress): Promise<{text: string; pending: boolean}>;
  apply(options: TargetOptions, asking: ApplyOptions): Promise<Applied>;
  /** Takes one channel out of the systems; the file stays as it is. */
  remove(channel: string, options: TargetOptions, asking: ApplyOptions): Promise<Applied>;
  restore(backup: string, options: TargetOptions, asking: Keeping): Promise<void>;
  export(kind: ExportKind, tenant: string): string;
  /** Creates an API key at the one Nexus of the file (or of `platform`); answers it. */
  createKey(wanted: ApiKeyWanted): Promise<string>;
}

/** The outside systems as one configuration file wants them. Every failure is a `ProvisionError`. */
export function createProvision({path, env, platform, openNumbers}: ProvisionOptions): Provision {
  const config = readConfig(path, env);
  const platforms = toNexusPlatforms(config, platform);
  const all = toNexusPlatforms(config, undefined);

  async function withTargets<Result>(
    chosen: readonly NexusPlatform[],
    options: TargetOptions,
    use: (targets: Targets['targets']) => Promise<Result>,
  ): Promise<Result> {
    const accounts = openNumbers?.(config) ?? new Map();
    const {targets, stop} = createTargets(chosen, {...options, accounts}, all);
    try {
      return await use(targets);
    } finally {
      for (const account of accounts.values()) account.close();
      await stop();
    }
  }

  return {
    plan: (options, progress = () => {}) =>
      withTargets(platforms, options, async targets => {
        const plan = await makePlan(targets, progress);
        const pending = plan.some(({look}) => look.changes.length > 0 || look.rewrite || look.objections.length > 0);
        return {text: toText(plan), pending};
      }),
    apply: (options, asking) => withTargets(platforms, options, targets => apply(targets, asking)),
    remove(channel, options, asking) {
      const own = platforms.filter(({channels}) => channels.some(({channelId}) => channelId === channel));
      if (own.length === 0)
        throw new ProvisionError('held back', `The file has no channel ${channel} of these platforms.`);
      const [tenant = [], ...others] = groupByTenant(platforms).filter(group => group.some(one => own.includes(one)));
      if (others.length > 0) {
        throw new ProvisionError(
          'held back',
          `Several tenants have the channel ${channel}: say which, with --platform.`,
        );
      }
      return withTargets(tenant, {...options, drop: [channel], onlyDrop: true}, targets => apply(targets, asking));
    },
    restore: (backup, options, asking) => withTargets(platforms, options, targets => restore(targets, backup, asking)),
    export: (kind, tenant) => toExport(platforms, kind, tenant),
    async createKey(wanted) {
      const [first, other] = [...new Map(platforms.map(one => [one.url, one])).values()];
      if (first !== undefined && other === undefined) return createApiKey(first, wanted);
      throw new ProvisionError('held back', 'The file has several Nexus: say which, with --platform.');
    },
  };
}

function toExport(platforms: readonly NexusPlatform[], kind: ExportKind, tenant: string): string {
  switch (kind) {
    case 'curl':
      return toCurl(platforms);
    case 'cfg':
      return toCfgFile(platforms);
    case 'json':
      return toJsonFile(platforms, tenant);
    case 'checklist':
      return toChecklist(platforms);
  }
}

function readConfig(path: string, env: ProvisionOptions['env']): Config {
  try {
    return loadConfig({path, env});
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ProvisionError('config', error.mistakes.map(formatMistake).join('\n'));
  }
}
