import {type CommandIo, runCommand} from '../../src/cli/index.ts';
import {createConfigReader} from '../../src/config.ts';
import {operatorToken} from './management-port.ts';
import {partyTypes} from './party-types.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs a command as `main.ts` does, with an environment of the test's own. */
export async function run(argv: string[], env: Record<string, string> = {GATEWAY_TOKEN: operatorToken}): Promise<Ran> {
  const ran = {code: -1, out: '', err: ''};
  const io: CommandIo = {
    out: text => {
      ran.out += text;
    },
    err: text => {
      ran.err += text;
    },
    env,
    ...createConfigReader({env, ...partyTypes}),
  };
  ran.code = await runCommand(argv, io);
  return ran;
}
