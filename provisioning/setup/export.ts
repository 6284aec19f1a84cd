import {toCfg, toMutagen, toTransaction} from './sections.ts';
import {groupByTenant, type NexusPlatform} from './tenants.ts';

/**
 * The commands a person may run in place of `apply`: secrets are taken from the environment, named in the first lines.
 * Each command looks for all of them first: where a shell can't fill in a here-document it goes on with the next command.
 */
export function toCurl(platforms: readonly NexusPlatform[]): string {
  const names = platforms.flatMap(({channels}) => toNames(channels));
  const guard = names.length === 0 ? '' : `: ${names.map(name => `"\${${name}:?}"`).join(' ')} && `;
  return groupByTenant(platforms)
    .map(group => toTenantCommands(group, guard))
    .join('\n');
}

export function toCfgFile(platforms: readonly NexusPlatform[]): string {
  return toCfg(toTransaction(platforms.flatMap(({sections}) => sections)));
}

export function toJsonFile(platforms: readonly NexusPlatform[], tenant: string): string {
  return toMutagen(toTransaction(platforms.flatMap(({sections}) => sections)), tenant);
}

/** What only a person can do, in its order. */
export function toChecklist(platforms: readonly NexusPlatform[]): string {
  return platforms
    .map(({name, channels, sections}) => {
      const without = channels.filter(({channelId}) => sections.every(({channel}) => channel !== channelId));
      const steps = [
        ...sections.map(
          ({channel, endpoint}) =>
            `Designer: the application for ${channel} has a chat endpoint named ${endpoint.replace(/^chat\./, '')}, assigned and published.`,
        ),
        'Platform Administration: you may change Environment > Transactions > NexusServices > Options.',
        ...sections.map(
          ({channel, section}) =>
            `Platform Administration: the section ${section} for ${channel} is imported (export cfg).`,
        ),
        ...without.map(
          ({channelId}) => `The file: ${channelId} has no nexusServices block, so that no section is exported for it.`,
        ),
        ...sections
          .filter(({cxcOnly}) => cxcOnly)
          .map(({channel}) => `CX Contact: a dialing profile sends by ${channel}; texts to it reach no agent.`),
        'Genesys: the retry time-out and the number of attempts of the webhook are asked for.',
      ];
      return `${name}\n${steps.map(step => `  [ ] ${step}\n`).join('')}`;
    })
    .join('\n');
}

/** One document for a tenant, whatever number of platforms it is here. */
function toTenantCommands(group: readonly NexusPlatform[], guard: string): string {
  const channels = group.flatMap(platform => platform.channels);
  const name = group.map(platform => platform.name).join(', ');
  const {url = '', ccid = ''} = group[0] ?? {};
  const document = {
    data: {channels: channels.map(({channelId, url: webhook}) => ({channelId, webhook: {url: webhook}}))},
    secret: {
      channels: channels.map(({channelId}) => ({
        channelId,
        webhook: {secret: toReference('webhookSecret', channelId)},
        api: {secret: toReference('apiSecret', channelId)},
      })),
    },
  };
  const root = `${url}/nexus/v3/provisioning/services/${encodeURIComponent(ccid)}`;
  return `# ${name}: the service Async holds all channels of the tenant; this replaces it whole.
# In the environment, as JSON writes them: ${toNames(channels).join(' ')}
# In the file nexus-headers (chmod 600): a line "x-api-key: …" and a line "x-ccid: ${ccid}"
${guard}${toCommand(`${root}/Async`, document)}
# ${name}: the service SMS is one for the tenant.
${guard}${toCommand(`${root}/SMS`, {url: 'N/A', data: {provider: 'Async'}, secret: {}})}`;
}

/**
 * The body goes in by a here-document, so that no secret is an argument `ps` would show. curl of 2017 and later knows all options.
 */
function toCommand(url: string, document: unknown): string {
  const body = JSON.stringify(document)
    .replaceAll(/[\\`$]/g, '\\$&')
    .replaceAll(/\{\{(\w+)\}\}/g, '$${$1}');
  return `curl --fail -X POST '${url.replaceAll("'", '%27')}' -H 'Content-Type: application/json' -H @nexus-headers --data-binary @- <<END
${body}
END
`;
}

function toNames(channels: NexusPlatform['channels']): string[] {
  return channels.flatMap(({channelId}) => [toName('webhookSecret', channelId), toName('apiSecret', channelId)]);
}

function toName(kind: string, channelId: string): string {
  return `${kind}_${channelId.replaceAll(/\W/g, '_')}`;
}

function toReference(kind: string, channelId: string): string {
  return `{{${toName(kind, channelId)}}}`;
}
