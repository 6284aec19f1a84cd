import type {ZodType} from 'zod';
import {channelSchema, entryBlock} from './channel-schema.ts';
import {gatewaySchema} from './schema.ts';
import {listBelow} from './settings-walk.ts';

/** One setting of the file, for people. */
export interface Setting {
  /** Which table it stands in: `gateway`, `platforms of type nexus`, `channels`, … */
  group: string;
  /** `management.tokens[].role`, `carriers.<name>.host`. */
  path: string;
  type: string;
  /** As written in YAML; empty when there is none; `required`. */
  default: string;
  description: string;
}

interface Types {
  carrierTypes: readonly {type: string; options: ZodType; entry: ZodType}[];
  platformTypes: readonly {type: string; options: ZodType}[];
}

/** Every setting there is, from the schemas themselves. */
export function listSettingsOf({carrierTypes, platformTypes}: Types): Setting[] {
  const parties = ['platforms', 'carriers', 'channels'];
  return [
    ...list('gateway', '', gatewaySchema).filter(({path}) => !parties.includes(path)),
    ...platformTypes.flatMap(type => listParty('platforms', type)),
    ...carrierTypes.flatMap(type => listParty('carriers', type)),
    ...list('channels', 'channels[]', channelSchema).filter(({path}) => !path.startsWith('channels[].carriers[].')),
    ...list('carriers of a channel', 'channels[].carriers[]', entryBlock),
    ...carrierTypes.flatMap(({type, entry}) =>
      list(`carriers of a channel, type ${type}`, 'channels[].carriers[]', entry),
    ),
  ];
}

function listParty(block: 'platforms' | 'carriers', {type, options}: {type: string; options: ZodType}): Setting[] {
  const group = `${block} of type ${type}`;
  const path = `${block}.<name>`;
  const own = {
    group,
    path: `${path}.type`,
    type: `\`${type}\``,
    default: 'required',
    description: `Kind of ${block.slice(0, -1)}.`,
  };
  return [own, ...list(group, path, options)];
}

function list(group: string, base: string, schema: ZodType): Setting[] {
  return listBelow(schema, base).map(found => ({group, ...found}));
}

/** One table a group, as it stands in the README. */
export function toMarkdown(settings: readonly Setting[]): string {
  const groups = Map.groupBy(settings, ({group}) => group);
  return [...groups]
    .map(([group, rows]) => [`#### Settings: ${group}`, '', ...toTable(rows), ''].join('\n'))
    .join('\n');
}

function toTable(rows: readonly Setting[]): string[] {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [
    '| setting | type | default | what it says |',
    '| --- | --- | --- | --- |',
    ...rows.map(row => {
      const fallback = row.default === '' ? '' : row.default === 'required' ? 'required' : `\`${row.default}\``;
      return `| \`${row.path}\` | ${cell(row.type)} | ${cell(fallback)} | ${cell(row.description)} |`;
    }),
  ];
}
