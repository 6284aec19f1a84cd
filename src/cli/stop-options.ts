import {type Input, type Option, UsageError} from './command.ts';

export const queueOptions = {
  platform: {type: 'string', value: 'NAME', help: 'Only of this platform.'},
  channel: {type: 'string', value: 'ID', help: 'Only of this channel.'},
  carrier: {type: 'string', value: 'NAME', help: 'Only by this carrier.'},
  priority: {type: 'string', value: 'CLASS', help: 'Only interactive or bulk.'},
  phone: {type: 'string', value: 'NUMBER', help: 'Only to this phone, with country code.'},
} as const satisfies Record<string, Option>;

export const textOptions = {
  'accepted-after': {type: 'string', value: 'TIME', help: 'Only accepted at this time or later: 2026-11-20T22:10:00Z.'},
  'accepted-before': {type: 'string', value: 'TIME', help: 'Only accepted before this time.'},
} as const satisfies Record<string, Option>;

export const kindOption = {
  kind: {type: 'string', value: 'KIND', help: 'outbound (default), or the posts to a platform: inbound, receipt.'},
} as const satisfies Record<string, Option>;

export const reasonOption = {
  reason: {type: 'string', value: 'WORDS', help: 'Why; stands beside it for the others.'},
} as const satisfies Record<string, Option>;

export const filterNames = [...Object.keys(queueOptions), ...Object.keys(textOptions)];

/** Options that were given, as fields of the API: `--accepted-after` is `acceptedAfter`. */
export function toBody(input: Input, names: readonly string[]): Record<string, string> {
  const given = names.map(name => [toField(name), input.text(name)] as const);
  return Object.fromEntries(given.flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])));
}

/** `pause 16504661149` would pause everything. */
export function refuseOperands({positionals}: Input): void {
  if (positionals.length > 0)
    throw new UsageError(`Say what ${positionals[0]} is: --channel, --carrier, --platform, --priority or --phone.`);
}

export function count(amount: number, thing: string): string {
  return `${amount} ${thing}${amount === 1 ? '' : 's'}`;
}

function toField(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
