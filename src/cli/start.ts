import {type Command, UsageError} from './command.ts';

/** `main.ts` starts the gateway itself; here is what can be said of it, and what is wrong with anything that stands behind it. */
export const start: Command = {
  name: 'start',
  summary:
    'Starts the gateway (also without a command): with GATEWAY_CONFIG=gateway.yaml for real, without it the sandbox.',
  operands: '',
  options: {},
  run() {
    throw new UsageError('start takes nothing more: name the configuration file in GATEWAY_CONFIG.');
  },
};
