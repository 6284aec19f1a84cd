import type {NumberAccount} from '../../src/core/number-account.ts';
import {createAsyncTarget} from './async-target.ts';
import {createGaxAdmin, type GaxLogin} from './gax-admin.ts';
import {createGwsAdmin, type GwsLogin} from './gws-admin.ts';
import {createNexusAdmin} from './nexus-admin.ts';
import {createNumberTarget} from './number-target.ts';
import {toTransaction} from './sections.ts';
import {createSectionsTarget, type SectionsAdmin} from './sections-target.ts';
import {createSmsTarget} from './sms-target.ts';
import {ProvisionError, type Target} from './target.ts';
import {groupByTenant, type NexusPlatform} from './tenants.ts';

export interface TargetOptions {
  /** Channels to leave out, whosever they are. */
  drop?: readonly string[];
  replace?: boolean;
  rewrite?: boolean;
  /** Channels are only taken out: all else stays untouched. */
  onlyDrop?: boolean;
  /** `NexusServices` too, by Genesys Administrator Extension. */
  gax?: GaxLogin | undefined;
  /** The same by Web Services and Applications. */
  gws?: GwsLogin | undefined;
  /** Accounts at carriers, by the carriers' names: their numbers are pointed here. */
  accounts?: ReadonlyMap<string, NumberAccount>;
}

export interface Targets {
  targets: Target[];
  stop(): Promise<void>;
}

interface Stoppable {
  stop(): Promise<void>;
}

/** What the systems should hold: the channels first, then who serves SMS, then where the texts go. */
export function createTargets(
  platforms: readonly NexusPlatform[],
  options: TargetOptions,
  all: readonly NexusPlatform[],
): Targets {
  const admins: Stoppable[] = [];
  // Documents are a tenant's: its other platforms have their channels in them too.
  const isMeant = ({name}: NexusPlatform) => platforms.some(one => one.name === name);
  const tenants = groupByTenant(all).filter(group => group.some(isMeant));
  const targets = tenants.flatMap(group => {
    const [meant, others] = [group.filter(isMeant), group.filter(one => !isMeant(one))];
    return createTenantTargets({group, meant, others}, options, admins);
  });
  targets.push(...createNumberTargets(platforms, options));
  const admin = toSectionsAdmin(options);
  if (admin !== undefined && tenants.length > 1) throw severalTenants();
  if (admin !== undefined) {
    admins.push(admin);
    targets.push(createSectionTarget(platforms, admin, options));
  }
  return {
    targets,
    async stop() {
      for (const admin of admins) await admin.stop();
    },
  };
}

interface Documents {
  group: readonly NexusPlatform[];
  meant: readonly NexusPlatform[];
  others: readonly NexusPlatform[];
}

function createTenantTargets({group, meant, others}: Documents, options: TargetOptions, admins: Stoppable[]): Target[] {
  const [first] = group;
  const [caller] = meant;
  if (first === undefined || caller === undefined) return [];
  const admin = createNexusAdmin({...caller, apiKey: toApiKey([...meant, ...others])});
  admins.push(admin);
  const {drop = [], rewrite = false, replace = false, onlyDrop = false} = options;
  // Of the whole tenant, so that a backup is found whichever platform it was made for.
  const name = `${first.name}: service`;
  const asyncTarget = createAsyncTarget({
    name: `${name} Async`,
    admin,
    channels: meant.flatMap(({channels}) => channels),
    others: others.flatMap(({channels}) => channels),
    drop,
    onlyDrop,
    rewrite,
  });
  return onlyDrop ? [asyncTarget] : [asyncTarget, createSmsTarget(`${name} SMS`, admin, replace)];
}

/** Taking a channel out takes its numbers out of service. */
function createNumberTargets(platforms: readonly NexusPlatform[], options: TargetOptions): Target[] {
  const {accounts = new Map(), replace = false, onlyDrop = false, drop = []} = options;
  const numbers = platforms.flatMap(platform => platform.numbers);
  const meant = onlyDrop ? numbers.filter(({channelId}) => drop.includes(channelId)) : numbers;
  return meant.flatMap(({carrier, address}) => {
    const account = accounts.get(carrier);
    if (account === undefined) return [];
    return [createNumberTarget({account, carrier, address, replace, release: onlyDrop})];
  });
}

function toSectionsAdmin({gax, gws}: TargetOptions): SectionsAdmin | undefined {
  if (gax !== undefined) return createGaxAdmin(gax);
  return gws === undefined ? undefined : createGwsAdmin(gws);
}

function createSectionTarget(
  platforms: readonly NexusPlatform[],
  admin: SectionsAdmin,
  {drop = [], onlyDrop = false, replace = false}: TargetOptions,
): Target {
  const sections = platforms.flatMap(platform => platform.sections).filter(({channel}) => !drop.includes(channel));
  if (onlyDrop) return createSectionsTarget(admin, [], {drop});
  return createSectionsTarget(admin, toTransaction(sections), {replace, gone: drop});
}

/** A transaction is of one tenant, and which it is does not stand in it. */
function severalTenants(): ProvisionError {
  const message = 'NexusServices is one for each tenant, and the file has several: say which, with --platform.';
  return new ProvisionError('held back', message);
}

function toApiKey(group: readonly NexusPlatform[]): string {
  const key = group.find(({apiKey}) => apiKey !== undefined)?.apiKey;
  if (key !== undefined) return key;
  const names = group.map(({name}) => name).join(', ');
  throw new ProvisionError('forbidden', `${names}: no API key. Give provisioning.apiKey to the platform in the file.`);
}
