import {toCfg, toMutagen, toTransaction} from './sections.ts';
import {groupByTenant, type NexusPlatform} from './tenants.ts';

/**
 * The commands a person may run in place of `apply`: secrets are taken from the environment, named in the first lines.
 * Each command looks for all of them first: where a shell can't fill in a here-document it goes on with the next command.
 */
export function toCurl(platforms: readonly NexusPlatform[]): string {
  const words = toWords(platforms);
  const names = platforms.flatMap(({channels}) => toNames(channels, words));
  const guard = names.length === 0 ? '' : `: ${names.map(name => `"\${${name}:?}"`).join(' ')} && `;
  return groupByTenant(platforms)
    .map(group => toTenantCommands(group, words, guard))
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
function toTenantCommands(group: readonly NexusPlatform[], words: Words, guard: string): string {
  const channels = group.flatMap(platform => platform.channels);
  const name = group.map(platform => platform.name).join(', ');
  const {url = '', ccid = ''} = group[0] ?? {};
  const document = {
    data: {channels: channels.map(({channelId, url: webhook}) => ({channelId, webhook: {url: webhook}}))},
    secret: {
      channels: channels.map(channel => ({
        channelId: channel.channelId,
        webhook: {secret: `{{${toName('webhookSecret', channel, words)}}}`},
        api: {secret: `{{${toName('apiSecret', channel, words)}}}`},
      })),
    },
  };
  const root = `${url}/nexus/v3/provisioning/services/${encodeURIComponent(ccid)}`;
  return `# ${name}: the service Async holds all channels of the tenant; this replaces it whole.
# In the environment, as JSON writes them: ${toNames(channels, words).join(' ')}
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

type Channel = NexusPlatform['channels'][number];
/** What each channel is called in names of values: its id, as far as that is the only one. */
type Words = ReadonlyMap<Channel, string>;

function toWords(platforms: readonly NexusPlatform[]): Words {
  const all = platforms.flatMap(({name, channels}) => channels.map(channel => ({name, channel})));
  const toWord = (text: string) => text.replaceAll(/\W/g, '_');
  const ids = all.map(({channel}) => toWord(channel.channelId));
  const longer = all.map(({name, channel}) => toWord(`${name}_${channel.channelId}`));
  const isOnly = (words: readonly string[], word: string) => words.indexOf(word) === words.lastIndexOf(word);
  return new Map(
    all.map(({channel}, index) => {
      const [id = '', long = ''] = [ids[index], longer[index]];
      if (isOnly(ids, id)) return [channel, id];
      return [channel, isOnly(longer, long) ? long : `${long}_${index + 1}`];
    }),
  );
}

function toNames(channels: readonly Channel[], words: Words): string[] {
  return channels.flatMap(channel => [toName('webhookSecret', channel, words), toName('apiSecret', channel, words)]);
}

function toName(kind: string, channel: Channel, words: Words): string {
  return `${kind}_${words.get(channel)}`;
}
