import {type Client, ClientError, clientOptions, createClient} from './client.ts';
import {type Command, exit, UsageError} from './command.ts';
import {toJson} from './print.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'Sends or posts messages that ended badly once more.',
  operands: '<messageId>…',
  options: clientOptions,
  async run(input, io) {
    if (input.positionals.length === 0) throw new UsageError('Name at least one message.');
    const client = createClient(input, io);
    const results = [];
    for (const messageId of input.positionals) results.push(await replayOne(client, messageId));
    if (input.flag('json')) io.out(toJson(results));
    else for (const {messageId, result, message} of results) io.out(`${messageId}: ${message ?? result}\n`);
    return results.every(({message}) => message === undefined) ? exit.ok : exit.refused;
  },
};

export const settle: Command = {
  name: 'settle',
  summary: 'Decides a message that is unknown: it may have been sent, and no evidence came.',
  operands: '<messageId>',
  options: {
    as: {
      type: 'string',
      value: 'FATE',
      help: 'sent (it went out), failed (give it up), retry (send it again: a phone may get it twice).',
    },
    ...clientOptions,
  },
  async run(input, io) {
    const [messageId, ...rest] = input.positionals;
    const as = input.text('as');
    if (messageId === undefined || rest.length > 0) throw new UsageError('Name one message.');
    if (as === undefined) throw new UsageError('Say --as sent, failed or retry.');
    const answer = await createClient(input, io).post(`/api/messages/${encodeURIComponent(messageId)}/settle`, {as});
    io.out(input.flag('json') ? toJson(answer) : `${messageId}: settled as ${as}\n`);
    return exit.ok;
  },
};

interface Replayed {
  messageId: string;
  result: 'replayed' | 'refused';
  message?: string;
}

/** One that can't be replayed does not keep the others from it. */
async function replayOne(client: Client, messageId: string): Promise<Replayed> {
  try {
    await client.post(`/api/messages/${encodeURIComponent(messageId)}/replay`, {});
    return {messageId, result: 'replayed'};
  } catch (error) {
    if (!(error instanceof ClientError) || error.exitCode !== exit.refused) throw error;
    return {messageId, result: 'refused', message: error.message};
  }
}
