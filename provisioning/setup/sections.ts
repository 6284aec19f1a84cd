import type {NexusServices} from '../../src/config.ts';

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
