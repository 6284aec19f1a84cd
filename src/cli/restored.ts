import {formatMistakes} from './check.ts';
import {type Command, exit, UsageError} from './command.ts';
import {toJson} from './print.ts';

export const restored: Command = {
  name: 'restored',
  summary:
    'Says that the store of a stopped gateway is a backup: what it owes becomes dead letters, and nothing of it leaves by itself.',
  operands: '[file]',
  options: {json: {type: 'boolean', help: 'Print how much was set aside as JSON.'}},
  async run(input, io) {
    const [file, ...rest] = input.positionals;
    if (rest.length > 0) throw new UsageError('Name one configuration file.');
    const path = file ?? io.env.GATEWAY_CONFIG ?? 'gateway.yaml';
    const read = io.readConfig(path);
    if ('mistakes' in read) {
      io.err(`${path} has mistakes:\n${formatMistakes(read.mistakes)}Nothing was changed.\n`);
      return exit.config;
    }
    if (io.setStoreAside === undefined)
      throw new UsageError('This is done by the gateway itself: use its command line.');
    const result = await io.setStoreAside(path);
    if ('refused' in result) {
      io.err(`${result.refused}\n`);
      return exit.config;
    }
    const {count} = result;
    io.out(
      input.flag('json')
        ? toJson({setAside: count})
        : `${count} texts, posts and receipts were set aside. Start the gateway, then decide about the dead letters restored and restored_receipt.\n`,
    );
    return exit.ok;
  },
};
