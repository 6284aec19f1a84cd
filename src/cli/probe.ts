import type {ProbeReport} from '../platforms/platform.ts';
import {formatMistakes} from './check.ts';
import {ClientError} from './client.ts';
import {type Command, type CommandIo, exit, type Input, UsageError} from './command.ts';
import {toJson, toTable} from './print.ts';

const warning =
  'Every call that follows is wrongly signed on purpose, so nothing is created there; it may raise an alert on the other side.\n';

export const probe: Command = {
  name: 'probe',
  summary: 'Finds out at a real contact centre which contract settings fit it. Needs the file, not a running gateway.',
  operands: '<channel>',
  options: {
    config: {type: 'string', value: 'FILE', help: 'The configuration file (GATEWAY_CONFIG, else gateway.yaml).'},
    platform: {type: 'string', value: 'NAME', help: 'Of this platform, where two have a channel of that id.'},
    live: {
      type: 'string',
      value: 'PHONE',
      help: 'Rightly signed calls too, on this test channel: one text from this phone opens an interaction there.',
    },
    json: {type: 'boolean', help: 'Print the report as JSON.'},
  },
  async run(input, io) {
    const [channel, ...rest] = input.positionals;
    if (channel === undefined || rest.length > 0) throw new UsageError('Name one channel that may be tried on.');
    const phone = input.text('live');
    if (phone !== undefined && !/^\+[1-9]\d{6,14}$/.test(phone)) {
      throw new UsageError('--live takes a phone of yours with plus and country code, such as +14155550123.');
    }
    const report = await ask({channel, platform: input.text('platform'), phone}, input, io);
    io.out(input.flag('json') ? toJson(report) : toText(report));
    return report.findings.some(({differs, sure}) => differs && sure !== 'unknown') ? exit.refused : exit.ok;
  },
};

interface Wanted {
  channel: string;
  platform: string | undefined;
  phone: string | undefined;
}

async function ask({channel, platform, phone}: Wanted, input: Input, io: CommandIo): Promise<ProbeReport> {
  const path = input.text('config') ?? io.env.GATEWAY_CONFIG ?? 'gateway.yaml';
  const name = toPlatform(path, channel, platform, io);
  const platforms = io.openPlatforms?.(path);
  const asked = platforms?.get(name);
  try {
    if (asked?.probe === undefined) {
      throw new ClientError(`The platform ${name} is of a type that has nothing to find out.`, exit.refused);
    }
    io.err(warning);
    return await asked.probe({channel, ...(phone === undefined ? {} : {live: {phone}})});
  } finally {
    await Promise.all([...(platforms?.values() ?? [])].map(opened => opened.stop()));
  }
}

/** The platform of the one channel meant. */
function toPlatform(path: string, id: string, platform: string | undefined, io: CommandIo): string {
  const read = io.readConfig(path);
  if ('mistakes' in read) {
    throw new ClientError(`${path} has mistakes:\n${formatMistakes(read.mistakes).trimEnd()}`, exit.config);
  }
  const {channels} = read.config;
  const fitting = channels.filter(channel => channel.id === id && (platform ?? channel.platform) === channel.platform);
  const [channel] = fitting;
  if (channel === undefined) {
    const known = channels.map(other => other.id).join(', ');
    throw new UsageError(`${path} has no channel ${id}${platform ? ` of ${platform}` : ''}; it has ${known}.`);
  }
  if (fitting.length > 1) {
    throw new UsageError(`Several platforms have a channel ${id}: name one of them by --platform.`);
  }
  return channel.platform;
}

const answers = {yes: 'fits', no: 'does not', unclear: 'unclear'} as const;

function toText({lines, findings, warnings}: ProbeReport): string {
  const rows = lines.map(({question, candidate, answered, fits}) => [question, candidate, answered, answers[fits]]);
  const settings = findings.map(({setting, value, sure, differs}) => [
    setting,
    value,
    sure,
    differs ? 'the file says otherwise' : 'as in the file',
  ]);
  return [
    toTable([['question', 'candidate', 'answered', ''], ...rows]),
    settings.length === 0 ? '' : `\n${toTable([['setting', 'value', 'sure', ''], ...settings])}`,
    warnings.length === 0 ? '' : `\n${warnings.map(sentence => `${sentence}\n`).join('')}`,
  ].join('');
}
