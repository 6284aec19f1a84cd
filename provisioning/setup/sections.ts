import type {NexusServices} from '../../src/config.ts';
import {ProvisionError} from './target.ts';

export interface Section {
  name: string;
  options: ReadonlyArray<readonly [key: string, value: string]>;
}

/** The section of one channel in the transaction `NexusServices`. The provider is always written: without it Nexus takes Portico. */
export function toSection({channel, section, endpoint, cxcOnly}: NexusServices): Section {
  return {
    name: section,
    options: [
      ['channelId', channel],
      ['channelType', 'sms'],
      ['endpoint', endpoint],
      ['interactionSubtype', 'SMS'],
      ['interactionType', 'Inbound'],
      ['media', 'chat'],
      ['cxcOnly', String(cxcOnly)],
      ['provider', 'Async'],
    ],
  };
}

/** The sections of one transaction: two of one name would be one, that of the channel written last. */
export function toTransaction(services: readonly NexusServices[]): Section[] {
  for (const [section, own] of Map.groupBy(services, one => one.section)) {
    if (own.length < 2) continue;
    const channels = own.map(({platform, channel}) => `${channel} (${platform})`).join(' and ');
    const message = `The file has the section ${section} for ${channels}: give each one of its own. Of several tenants say which, with --platform.`;
    throw new ProvisionError('held back', message);
  }
  return services.map(toSection);
}

/** For import in Platform Administration, as it exports them itself: `CfgTransaction_annex_<DBID>.cfg`. */
export function toCfg(sections: readonly Section[]): string {
  return sections
    .map(({name, options}) => `[${name}]\n${options.map(([key, value]) => `${key}=${value}\n`).join('')}`)
    .join('\n');
}

/** For the command line tool mutagen. */
export function toMutagen(sections: readonly Section[], tenant: string): string {
  const userProperties = Object.fromEntries(sections.map(({name, options}) => [name, Object.fromEntries(options)]));
  const transaction = {tenant, name: 'NexusServices', type: 'list', alias: 'NexusServices', userProperties};
  const metadata = {formatName: 'JSON', formatVersion: '1.0.0'};
  return `${JSON.stringify({__metadata__: metadata, transactions: [transaction]}, null, 2)}\n`;
}
