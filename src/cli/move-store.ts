import {type Command, exit, UsageError} from './command.ts';
import {toJson} from './print.ts';

export const moveStore: Command = {
  name: 'move-store',
  summary: 'Moves everything of a stopped gateway from its SQLite file to an empty PostgreSQL schema.',
  operands: 'sqlite:FILE postgres://…',
  options: {json: {type: 'boolean', help: 'Print what was moved as JSON.'}},
  async run(input, io) {
    const [from, to, ...rest] = input.positionals;
    if (from === undefined || to === undefined || rest.length > 0) {
      throw new UsageError(
        'Name the two stores as in store: of the configuration: sqlite:data/gateway.db postgres://user@host/db.',
      );
    }
    if (io.moveStore === undefined)
      throw new UsageError('Stores are moved by the gateway itself: use its command line.');
    const tell = input.flag('json') ? () => {} : (line: string) => io.err(`${line}\n`);
    const result = await io.moveStore(from, to, tell);
    if ('refused' in result) {
      io.err(`${result.refused}\n`);
      return exit.config;
    }
    const moved = Object.fromEntries(result.moved);
    if (input.flag('json')) io.out(toJson({moved}));
    else
      io.out(
        `Moved ${moved.message ?? 0} messages and all that belongs to them. Now set store: in the configuration and start.\n`,
      );
    return exit.ok;
  },
};
