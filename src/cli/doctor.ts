import {
  createRehearsal,
  examine,
  type Line,
  type ManagementPlace,
  readFile,
  type SectionsSource,
  type Step,
} from '../../provisioning/doctor/index.ts';
import {ProvisionError} from '../../provisioning/setup/index.ts';
import {formatDuration, parseDuration} from '../core/duration.ts';
import {toPrintable} from '../core/printable.ts';
import {ClientError} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {toJson, toTable} from './print.ts';
import {systemOptions, toExitCode, toLogins} from './systems.ts';

const marks = {ok: '✓', problem: '✗', warning: '?', unknown: '?'} as const satisfies Record<Line['level'], string>;

export const doctor: Command = {
  name: 'doctor',
  summary:
    'Looks at everything from the file to the phones: ✓ right, ✗ wrong and what to do, ? to be looked at by a person (exit code 1 with a ✗, 2 with a ? and no ✗). Changes nothing.',
  operands: '',
  options: {
    config: {type: 'string', value: 'FILE', help: 'The configuration file (GATEWAY_CONFIG, else gateway.yaml).'},
    'nexus-services': {
      type: 'string',
      value: 'FILE',
      help: 'The options of NexusServices as Platform Administration exports them (.cfg).',
    },
    ...systemOptions,
    send: {
      type: 'string',
      value: 'PHONE',
      help: 'Send one text to this phone by the running gateway instead, and follow it to its receipt. Nexus gets a receipt for a message it does not know.',
    },
    channel: {type: 'string', value: 'ID', help: 'The channel --send sends by (the first of the file).'},
    wait: {type: 'string', value: 'TIME', help: 'How long --send waits for the receipt (2m).'},
    url: {
      type: 'string',
      value: 'URL',
      help: 'Management port of the running gateway (GATEWAY_URL, else as in the file).',
    },
    json: {type: 'boolean', help: 'Print the findings as JSON.'},
  },
  async run(input, io) {
    if (input.positionals.length > 0) throw new UsageError('doctor takes options only.');
    try {
      return await (input.text('send') === undefined ? look(input, io) : send(input.text('send') ?? '', input, io));
    } catch (error) {
      if (error instanceof ProvisionError) throw new ClientError(error.message, toExitCode(error));
      throw error;
    }
  },
};

async function look(input: Input, io: CommandIo): Promise<ExitCode> {
  const path = toPath(input, io);
  const read = readFile(path, io.env);
  if ('lines' in read) return report(read.lines, input, io);
  if (io.openParties === undefined) throw new UsageError('doctor needs to be run from the command line.');
  const lines = await examine({
    path,
    config: read.config,
    openParties: io.openParties,
    management: toManagement(read.config.management, input, io),
    sections: toSections(input, io),
    progress: line => io.err(`${line}\n`),
  });
  return report(lines, input, io);
}

async function send(phone: string, input: Input, io: CommandIo): Promise<ExitCode> {
  if (!/^\+[1-9]\d{6,14}$/.test(phone)) {
    throw new UsageError('--send takes a phone of yours with plus and country code, such as +14155550123.');
  }
  const deadlineMs = parseDuration(input.text('wait') ?? '2m');
  if (deadlineMs === undefined) throw new UsageError('--wait takes a time such as 30s or 5m.');
  const path = toPath(input, io);
  const read = readFile(path, io.env);
  if ('lines' in read) return report(read.lines, input, io);
  const management = toManagement(read.config.management, input, io);
  const rehearsal = createRehearsal(read.config, management, input.text('channel'));
  const messageId = await rehearsal.send(phone);
  const steps: Step[] = [];
  if (!input.flag('json')) io.out(`message ${messageId}\n`);
  const state = await rehearsal.follow(messageId, deadlineMs, step => {
    steps.push(step);
    if (!input.flag('json')) io.out(toStep(step));
  });
  if (input.flag('json')) io.out(toJson({messageId, state, steps}));
  else io.out(toEnd(state, steps, deadlineMs));
  return state === 'delivered' ? exit.ok : exit.refused;
}

function report(lines: readonly Line[], input: Input, io: CommandIo): ExitCode {
  const count = (...levels: Line['level'][]) => lines.filter(({level}) => levels.includes(level)).length;
  const problems = count('problem');
  const doubts = count('warning', 'unknown');
  if (input.flag('json')) {
    io.out(toJson({problems, doubts, findings: lines}));
  } else {
    io.out(toTable(lines.map(({level, subject, message}) => [marks[level], subject, message])));
    io.out(`\n${problems} ✗, ${doubts} ?, ${count('ok')} ✓\n`);
  }
  if (lines.some(({code}) => code === 'config_mistake')) return exit.config;
  if (problems > 0) return exit.refused;
  return doubts > 0 ? exit.doubtful : exit.ok;
}

function toStep({event, sinceMs, detail}: Step): string {
  const words = Object.entries(detail).map(
    ([key, value]) => `${key} ${toPrintable(typeof value === 'object' ? JSON.stringify(value) : String(value))}`,
  );
  return `${formatDuration(sinceMs).padStart(10)}  ${event.padEnd(14)}  ${words.join(', ')}`.trimEnd().concat('\n');
}

function toEnd(state: string, steps: readonly Step[], waitedMs: number): string {
  const isPosted = steps.some(({event, detail}) => event === 'posted' && detail.of === 'receipt');
  if (isPosted) return `${marks[state === 'delivered' ? 'ok' : 'problem']} ${state}, and Nexus has the receipt.\n`;
  return `✗ ${state} after ${formatDuration(waitedMs)}: ${toReason(state)}\n`;
}

/** What it waits for in this state. */
function toReason(state: string): string {
  switch (state) {
    case 'delivered':
    case 'failed':
    case 'expired':
      return 'Nexus took no receipt within that time: see what doctor says of the platform.';
    case 'sent':
      return "the carrier's receipt is not there. It may still come: nexus-async-gateway messages tells.";
    case 'unknown':
      return 'the carrier did not answer, so that it may have left or not: nexus-async-gateway messages tells what comes of it.';
    default:
      return 'it has not left whole: see what doctor says of the gateway and the carrier.';
  }
}

function toPath(input: Input, {env}: CommandIo): string {
  return input.text('config') ?? env.GATEWAY_CONFIG ?? 'gateway.yaml';
}

interface FileManagement {
  host: string;
  port: number;
  tokens: readonly {role: string; token: string}[];
}

function toManagement({host, port, tokens}: FileManagement, input: Input, {env}: CommandIo): ManagementPlace {
  const own = /^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : host;
  const url = input.text('url') ?? env.GATEWAY_URL ?? `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
  return {url: url.replace(/\/+$/, ''), token: tokens[0]?.token ?? env.GATEWAY_TOKEN};
}

function toSections(input: Input, io: CommandIo): SectionsSource {
  const path = input.text('nexus-services');
  if (path !== undefined) return {kind: 'file', path};
  const {gax, gws} = toLogins(input, io);
  if (gax !== undefined) return {kind: 'gax', login: gax};
  return gws === undefined ? {kind: 'none'} : {kind: 'gws', login: gws};
}
