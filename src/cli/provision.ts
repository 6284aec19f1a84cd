import {
  type Applied,
  createProvision,
  type ExportKind,
  exportKinds,
  ProvisionError,
  toNewSecrets,
} from '../../provisioning/setup/index.ts';
import {askYes} from './ask.ts';
import {ClientError} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {toJson} from './print.ts';
import {systemOptions, toExitCode, toLogins} from './systems.ts';

/** What it can do, and whether that is about something; undefined: it may be. */
const operands = new Map([
  ['plan', false],
  ['apply', false],
  ['remove', true],
  ['restore', true],
  ['export', true],
  ['apikey', false],
  ['secrets', undefined],
]);

export const provision: Command = {
  name: 'provision',
  summary: 'Makes Digital Channels fit the file, or shows the difference (plan: exit code 1 while there is one).',
  operands: `plan | apply | remove <channel> | restore <backup> | export ${exportKinds.join('|')} | secrets [channel] | apikey`,
  options: {
    config: {type: 'string', value: 'FILE', help: 'The configuration file (GATEWAY_CONFIG, else gateway.yaml).'},
    platform: {
      type: 'string',
      value: 'NAME',
      help: "Only this platform; in Async the channels of its tenant's others stay as they are.",
    },
    yes: {type: 'boolean', help: 'Do it without asking.'},
    replace: {
      type: 'boolean',
      help: "Take the tenant's SMS, a number, or a section of NexusServices over from others.",
    },
    rewrite: {type: 'boolean', help: 'Write also what shows no difference: secrets the system does not show.'},
    drop: {type: 'string', value: 'IDS', help: 'Channels to leave out of Async, commas between, whosever they are.'},
    ...systemOptions,
    backup: {type: 'string', value: 'FILE', help: 'Where what is replaced is kept (./provision-backup-<n>.json).'},
    tenant: {type: 'string', value: 'NAME', help: 'Name of the tenant in the Configuration Server, for export json.'},
    name: {type: 'string', value: 'NAME', help: 'What the new API key is called (SMS gateway).'},
    json: {type: 'boolean', help: 'Print the plan as JSON.'},
  },
  async run(input, io) {
    try {
      return await runProvision(input, io);
    } catch (error) {
      if (error instanceof ProvisionError) throw new ClientError(error.message, toExitCode(error));
      throw error;
    }
  },
};

async function runProvision(input: Input, io: CommandIo): Promise<ExitCode> {
  const [action, operand, ...rest] = input.positionals;
  const takes = operands.get(action ?? '');
  const isWrong = takes !== undefined && takes !== (operand !== undefined);
  if (!operands.has(action ?? '') || rest.length > 0 || isWrong) {
    throw new UsageError(`Say what: ${provision.operands}.`);
  }
  if (action === 'secrets') return showSecrets(operand, io);
  const path = input.text('config') ?? io.env.GATEWAY_CONFIG ?? 'gateway.yaml';
  const systems = createProvision({
    path,
    env: io.env,
    platform: input.text('platform'),
    openNumbers: io.openNumbers,
  });
  const tell = (line: string) => io.out(`${line}\n`);
  const progress = (line: string) => io.err(`${line}\n`);
  const asking = {confirm: toConfirm(input, io), tell, progress, backup: input.text('backup')};
  const drop =
    input
      .text('drop')
      ?.split(',')
      .filter(id => id !== '') ?? [];
  const logins = toLogins(input, io);
  const options = {drop, replace: input.flag('replace'), rewrite: input.flag('rewrite'), ...logins};

  switch (action) {
    case 'plan':
      return showPlan(await systems.plan(options, progress), input, io);
    case 'apply':
      return toExit(await systems.apply(options, asking), io);
    case 'remove':
      return remove(operand ?? '', await systems.remove(operand ?? '', logins, asking), io);
    case 'restore':
      await systems.restore(operand ?? '', logins, asking);
      return exit.ok;
    case 'export':
      io.out(systems.export(toKind(operand), input.text('tenant') ?? 'Environment'));
      return exit.ok;
    case 'apikey':
      return showKey(await systems.createKey({name: input.text('name') ?? 'SMS gateway', token: toToken(io)}), io);
    default:
      throw new UsageError(`There is no ${action}.`);
  }
}

function showPlan(plan: {text: string; pending: boolean}, input: Input, io: CommandIo): ExitCode {
  io.out(input.flag('json') ? toJson({pending: plan.pending, lines: plan.text.trimEnd().split('\n')}) : plan.text);
  return plan.pending ? exit.refused : exit.ok;
}

function toExit(applied: Applied, io: CommandIo): ExitCode {
  if (applied === 'nothing to do') io.out('All is as it should be.\n');
  if (applied === 'declined') io.out('Nothing was changed.\n');
  return applied === 'declined' ? exit.refused : exit.ok;
}

function remove(channel: string, applied: Applied, io: CommandIo): ExitCode {
  if (applied === 'applied') {
    io.out(`The file still has ${channel}: take it out, or the next apply brings it back.\n`);
  }
  return toExit(applied, io);
}

/** To be caught in a file by the caller: nothing keeps them. */
function showSecrets(channel: string | undefined, io: CommandIo): ExitCode {
  io.out(toNewSecrets(channel === undefined ? [] : [channel]));
  io.err('These are shown this once and kept nowhere: append them to a file only you can read.\n');
  return exit.ok;
}

function showKey(key: string, io: CommandIo): ExitCode {
  io.out(`NEXUS_API_KEY=${key}\n`);
  io.err('The key is shown this once: append it to a file only you can read, for provisioning.apiKey.\n');
  return exit.ok;
}

function toToken({env}: CommandIo): string {
  if (env.GWS_TOKEN) return env.GWS_TOKEN;
  throw new UsageError(
    'apikey needs GWS_TOKEN in the environment, a token of the authentication service (provisioning/gws-token.sh).',
  );
}

function toConfirm(input: Input, io: CommandIo) {
  return async (plan: string): Promise<boolean> => {
    io.out(plan);
    if (input.flag('yes')) return true;
    if (!process.stdin.isTTY) throw new UsageError('There is nobody to ask here: look at the plan, then say --yes.');
    return askYes('Do this? (yes/no) ', process.stdin, process.stderr);
  };
}

function toKind(word: string | undefined): ExportKind {
  const kind = exportKinds.find(candidate => candidate === word);
  if (kind === undefined) throw new UsageError(`Export what: ${exportKinds.join(', ')}?`);
  return kind;
}
