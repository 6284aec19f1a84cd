import {z} from 'zod';
import type {Config} from '../../src/config.ts';

/** How Nexus calls a channel's webhook: how it writes signatures, and the headers its options add. */
export interface Manner {
  encoding: 'hex' | 'base64';
  headers: Record<string, string>;
}

const rules = z.object({
  require: z.array(z.object({name: z.string(), value: z.union([z.string(), z.array(z.string())])})),
});
const options = z.object({
  contract: z.object({signatureEncoding: z.enum(['hex', 'base64'])}),
  headers: z.object({...rules.shape, channels: z.record(z.string(), rules)}),
});

export function toManner(
  {platforms}: Pick<Config, 'platforms'>,
  {platform, id}: {platform: string; id: string},
): Manner {
  const read = options.safeParse(platforms.get(platform)?.options).data;
  if (read === undefined) return {encoding: 'hex', headers: {}};
  const {contract, headers} = read;
  const required = [...headers.require, ...(headers.channels[id]?.require ?? [])];
  return {
    encoding: contract.signatureEncoding,
    headers: Object.fromEntries(required.map(({name}) => [name, toValue(required, name)])),
  };
}

/** The one that all rules for the header take. */
function toValue(required: z.infer<typeof rules>['require'], name: string): string {
  const values = required.filter(rule => rule.name === name).map(({value}) => [value].flat());
  return values[0]?.find(value => values.every(others => others.includes(value))) ?? '';
}
