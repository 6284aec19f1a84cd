import type {GaxLogin, ProvisionError, Trouble} from '../../provisioning/setup/index.ts';
import {type CommandIo, type ExitCode, exit, type Input, UsageError} from './command.ts';

const exitCodes = {
  'held back': exit.refused,
  refused: exit.refused,
  forbidden: exit.forbidden,
  unavailable: exit.unavailable,
  config: exit.config,
} as const satisfies Record<Trouble, ExitCode>;

export function toExitCode({trouble}: ProvisionError): ExitCode {
  return exitCodes[trouble];
}

/** The log-in of `--gax`: never on the command line, where others could see it. */
export function toGax(input: Input, {env}: CommandIo): GaxLogin | undefined {
  if (!input.flag('gax')) return undefined;
  const {GAX_URL: url, GAX_USER: user, GAX_PASSWORD: password} = env;
  if (!url || !user || !password)
    throw new UsageError('--gax needs GAX_URL, GAX_USER and GAX_PASSWORD in the environment.');
  return {url: url.replace(/\/+$/, ''), user, password};
}
