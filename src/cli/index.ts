import {parseArgs} from 'node:util';
import {ZodError} from 'zod';
import {audit} from './audit.ts';
import {check} from './check.ts';
import {ClientError} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';
import {consent} from './consent.ts';
import {deadLetters} from './dead-letters.ts';
import {replay, settle} from './decide.ts';
import {doctor} from './doctor.ts';
import {exportPhone, forget, reseal} from './forget.ts';
import {toHelp, toOverview} from './help.ts';
import {messages} from './messages.ts';
import {moveStore} from './move-store.ts';
import {probe} from './probe.ts';
import {provision} from './provision.ts';
import {drain, pause, purge, resume} from './queues.ts';
import {record} from './record.ts';
import {restored} from './restored.ts';
import {start} from './start.ts';

export {formatMistakes} from './check.ts';
export type {CheckedConfig, CommandIo, ConfigMistake, ExitCode} from './command.ts';

const commands: readonly Command[] = [
  start,
  check,
  messages,
  deadLetters,
  replay,
  settle,
  pause,
  resume,
  drain,
  purge,
  audit,
  provision,
  doctor,
  probe,
  record,
  consent,
  forget,
  exportPhone,
  reseal,
  moveStore,
  restored,
];

/** Runs one command; of `start`, which is `main.ts`'s own, it knows the help. Answers the process's exit code and never rejects for what a caller or the gateway says. */
export async function runCommand(argv: readonly string[], io: CommandIo): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    io.out(toOverview(commands));
    return exit.ok;
  }
  const command = commands.find(candidate => candidate.name === name);
  if (command === undefined) {
    io.err(`There is no command ${name}.\n\n${toOverview(commands)}`);
    return exit.usage;
  }
  try {
    const input = toInput(command, rest);
    if (!input.flag('help')) return await command.run(input, io);
    io.out(toHelp(command));
    return exit.ok;
  } catch (error) {
    return explain(command, error, io);
  }
}

function explain({name}: Command, error: unknown, io: CommandIo): ExitCode {
  if (error instanceof UsageError) {
    io.err(`${error.message}\nSee nexus-async-gateway ${name} --help.\n`);
    return exit.usage;
  }
  if (error instanceof ZodError) {
    io.err('The gateway answered what this version does not know: use the command of its own version, or --json.\n');
    return exit.unavailable;
  }
  if (!(error instanceof ClientError)) throw error;
  io.err(`${error.message}\n`);
  return error.exitCode;
}

function toInput({options}: Command, args: string[]): Input {
  const types = Object.entries(options).map(([name, {type}]) => [name, {type}] as const);
  const known = {...Object.fromEntries(types), help: {type: 'boolean', short: 'h'}} as const;
  const {values, positionals} = parse(args, known);
  return {
    positionals,
    text: name => (typeof values[name] === 'string' ? values[name] : undefined),
    flag: name => values[name] === true,
  };
}

type Known = Record<string, {type: 'string' | 'boolean'; short?: string}>;

function parse(args: string[], options: Known): {values: Record<string, unknown>; positionals: string[]} {
  try {
    return parseArgs({args, options, allowPositionals: true, strict: true});
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options are not right.');
  }
}
