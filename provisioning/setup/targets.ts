import {createAsyncTarget} from './async-target.ts';
import {createNexusAdmin, type NexusAdmin} from './nexus-admin.ts';
import {createSmsTarget} from './sms-target.ts';
import {ProvisionError, type Target} from './target.ts';
import {groupByTenant, type NexusPlatform} from './tenants.ts';

export interface TargetOptions {
  drop?: readonly string[];
  replace?: boolean;
  rewrite?: boolean;
  /** Channels are only taken out: all else stays untouched. */
  onlyDrop?: boolean;
}

export interface Targets {
  targets: Target[];
  stop(): Promise<void>;
}

/** What the platforms' tenants should hold: the channels first, then who serves SMS. */
export function createTargets(platforms: readonly NexusPlatform[], options: TargetOptions): Targets {
  const admins: NexusAdmin[] = [];
  const targets = groupByTenant(platforms).flatMap(group => {
    const [first] = group;
    if (first === undefined) return [];
    const admin = createNexusAdmin({...first, apiKey: toApiKey(group)});
    admins.push(admin);
    const channels = group.flatMap(platform => platform.channels);
    const {drop = [], rewrite = false, replace = false, onlyDrop = false} = options;
    const name = `${first.name}: service`;
    const asyncTarget = createAsyncTarget({name: `${name} Async`, admin, channels, drop, onlyDrop, rewrite});
    return onlyDrop ? [asyncTarget] : [asyncTarget, createSmsTarget(`${name} SMS`, admin, replace)];
  });
  return {
    targets,
    async stop() {
      for (const admin of admins) await admin.stop();
    },
  };
}

function toApiKey(group: readonly NexusPlatform[]): string {
  const key = group.find(({apiKey}) => apiKey !== undefined)?.apiKey;
  if (key !== undefined) return key;
  const names = group.map(({name}) => name).join(', ');
  throw new ProvisionError('forbidden', `${names}: no API key. Give provisioning.apiKey to the platform in the file.`);
}
