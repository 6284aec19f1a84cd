import type {GaxLogin, GwsLogin, ProvisionError, Trouble} from '../../provisioning/setup/index.ts';
import {type CommandIo, type ExitCode, exit, type Input, type Option, UsageError} from './command.ts';

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

export const systemOptions = {
  gax: {
    type: 'boolean',
    help: 'NexusServices by Genesys Administrator Extension: GAX_URL, GAX_USER and GAX_PASSWORD in the environment. Genesys does not document these calls.',
  },
  gws: {
    type: 'boolean',
    help: 'The same by Web Services and Applications: GWS_URL, GWS_USER and GWS_PASSWORD.',
  },
} as const satisfies Record<string, Option>;

export interface Logins {
  gax: GaxLogin | undefined;
  gws: GwsLogin | undefined;
}

/** What `--gax` and `--gws` log in with: never on the command line, where others could see it. */
export function toLogins(input: Input, io: CommandIo): Logins {
  if (input.flag('gax') && input.flag('gws')) throw new UsageError('Say --gax or --gws: one of them is enough.');
  return {gax: toLogin('gax', input, io), gws: toLogin('gws', input, io)};
}

function toLogin(name: 'gax' | 'gws', input: Input, {env}: CommandIo): GaxLogin | undefined {
  if (!input.flag(name)) return undefined;
  const prefix = name.toUpperCase();
  const [url, user, password] = ['URL', 'USER', 'PASSWORD'].map(part => env[`${prefix}_${part}`]);
  if (!url || !user || !password) {
    const message = `--${name} needs ${prefix}_URL, ${prefix}_USER and ${prefix}_PASSWORD in the environment.`;
    throw new UsageError(message);
  }
  return {url: url.replace(/\/+$/, ''), user, password};
}
