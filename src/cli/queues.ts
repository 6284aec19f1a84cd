import {pausedAnswer, purgedAnswer} from './answers.ts';
import {clientOptions, createClient} from './client.ts';
import {type Command, exit, type Input, type Option, UsageError} from './command.ts';
import {toJson} from './print.ts';

const filterOptions = {
  platform: {type: 'string', value: 'NAME', help: 'Only of this platform.'},
  channel: {type: 'string', value: 'ID', help: 'Only of this channel.'},
  carrier: {type: 'string', value: 'NAME', help: 'Only by this carrier.'},
  priority: {type: 'string', value: 'CLASS', help: 'Only interactive or bulk.'},
} as const satisfies Record<string, Option>;

const kindOption = {
  kind: {type: 'string', value: 'KIND', help: 'outbound (default), or the posts to a platform: inbound, receipt.'},
} as const satisfies Record<string, Option>;

const reasonOption = {
  reason: {type: 'string', value: 'WORDS', help: 'Why; stands beside it for the others.'},
} as const satisfies Record<string, Option>;

export const pause: Command = {
  name: 'pause',
  summary: 'Stops sending, on all replicas within a second. What waits is kept; webhooks are taken on.',
  operands: '',
  options: {...filterOptions, ...kindOption, ...reasonOption, ...clientOptions},
  async run(input, io) {
    refuseOperands(input);
    const body = toBody(input, ['platform', 'channel', 'carrier', 'priority', 'kind', 'reason']);
    const answer = await createClient(input, io).post('/api/pause', body);
    const {queues, waiting} = pausedAnswer.parse(answer);
    io.out(input.flag('json') ? toJson(answer) : `Paused ${count(queues, 'queue')}; ${waiting} waiting.\n`);
    return exit.ok;
  },
};

export const resume: Command = {
  name: 'resume',
  summary: 'Takes a pause back. The filter must be the one it was paused with.',
  operands: '',
  options: {...filterOptions, ...kindOption, ...clientOptions},
  async run(input, io) {
    refuseOperands(input);
    const body = toBody(input, ['platform', 'channel', 'carrier', 'priority', 'kind']);
    const answer = await createClient(input, io).post('/api/resume', body);
    io.out(input.flag('json') ? toJson(answer) : 'Resumed.\n');
    return exit.ok;
  },
};

export const purge: Command = {
  name: 'purge',
  summary: 'Ends waiting outbound texts as failed, with receipts. Counts them first; --yes does it.',
  operands: '',
  options: {
    ...filterOptions,
    all: {type: 'boolean', help: 'Everything that waits, without a filter.'},
    yes: {type: 'boolean', help: 'Purge. Without it nothing is purged, and the exit code is 1 while something waits.'},
    ...reasonOption,
    ...clientOptions,
  },
  async run(input, io) {
    refuseOperands(input);
    const named = toBody(input, ['platform', 'channel', 'carrier', 'priority', 'reason']);
    const body = {...named, confirm: input.flag('yes'), ...(input.flag('all') && {all: true})};
    const answer = await createClient(input, io).post('/api/purge', body);
    const {waiting, purged, confirmed, left} = purgedAnswer.parse(answer);
    if (input.flag('json')) io.out(toJson(answer));
    else if (confirmed) io.out(`Purged ${purged} of ${count(waiting, 'waiting text')}; ${left ?? 0} left.\n`);
    else io.out(`${count(waiting, 'text')} waiting. Nothing was purged: add --yes to purge.\n`);
    return confirmed || waiting === 0 ? exit.ok : exit.refused;
  },
};

function toBody(input: Input, names: readonly string[]): Record<string, string> {
  const body: Record<string, string> = {};
  for (const name of names) {
    const value = input.text(name);
    if (value !== undefined) body[name] = value;
  }
  return body;
}

/** `pause 16504661149` would pause everything. */
function refuseOperands({positionals}: Input): void {
  if (positionals.length > 0)
    throw new UsageError(`Say what ${positionals[0]} is: --channel, --carrier, --platform or --priority.`);
}

function count(amount: number, thing: string): string {
  return `${amount} ${thing}${amount === 1 ? '' : 's'}`;
}
