import {setTimeout} from 'node:timers/promises';
import {drainingAnswer, gatesAnswer} from './answers.ts';
import {type Client, ClientError, clientOptions, createClient} from './client.ts';
import {type Command, type CommandIo, type ExitCode, exit, UsageError} from './command.ts';
import {toJson} from './print.ts';
import {count, queueOptions, reasonOption, refuseOperands, toBody} from './stop-options.ts';

const askEveryMs = 1000;

export const drain: Command = {
  name: 'drain',
  summary: 'Refuses the platform’s webhooks with 503 and sends what waits; with --carrier, lets nothing more go by it.',
  operands: '',
  options: {
    ...queueOptions,
    ...reasonOption,
    wait: {type: 'boolean', help: 'Wait until nothing is left, and tell how far it is.'},
    patience: {type: 'string', value: 'SECONDS', help: 'Wait no longer than this; then the exit code is 1 (3600).'},
    ...clientOptions,
  },
  async run(input, io) {
    refuseOperands(input);
    const patienceMs = toPatience(input.text('patience') ?? '3600');
    const client = createClient(input, io);
    const answer = await client.post('/api/drain', toBody(input, [...Object.keys(queueOptions), 'reason']));
    const {draining, queues, waiting, underWay} = drainingAnswer.parse(answer);
    const told = `Draining ${count(queues, 'queue')}; ${waiting} waiting, ${underWay} being sent.\n`;
    io.out(input.flag('json') ? toJson(answer) : told);
    return input.flag('wait') ? waitUntilDrained(client, toKey(draining), patienceMs, io) : exit.ok;
  },
};

function toPatience(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw new UsageError('--patience is a number of seconds, such as 600.');
  return seconds * 1000;
}

async function waitUntilDrained(client: Client, key: string, patienceMs: number, io: CommandIo): Promise<ExitCode> {
  let last = '';
  for (const until = performance.now() + patienceMs; performance.now() < until; await setTimeout(askEveryMs)) {
    const {gates} = gatesAnswer.parse(await client.get('/api/gates'));
    const own = gates.find(({kind, filter}) => kind === 'draining' && toKey(filter) === key);
    if (own === undefined)
      throw new ClientError('The drain was ended by somebody: nothing is waited for.', exit.refused);
    const line = own.drained ? 'Drained.\n' : `${own.waiting} waiting, ${own.underWay} being sent.\n`;
    if (line !== last) io.err(line);
    if (own.drained) return exit.ok;
    last = line;
  }
  io.err('Not drained yet: nothing more is taken all the same. Ask again with --wait, or resume.\n');
  return exit.refused;
}

function toKey(filter: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(filter).sort(([one], [other]) => (one < other ? -1 : 1)));
}
